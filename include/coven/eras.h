/*
 * The times in message keys. A key is milliseconds and a sequence number. Keys only rise, but a
 * clock may jump back; then an offset is added to its time, so that new keys stay above the old
 * ones. An era is a range of keys with the same offset. The stamp of a key is its time without the
 * offset of its era. As long as the clock never jumps back there is one era.
 */
#ifndef COVEN_ERAS_H
#define COVEN_ERAS_H

#include <stdbool.h>
#include <stdint.h>

#define KEY_SEQUENCE_BITS 16

/* Maximum number of eras. For one more, two are merged: those whose stamps change least. */
#define ERAS_MAX 16

struct era {
    int64_t from; /* the first key */
    int64_t offset_ms;
};

/* All eras at one moment. A copy in another thread is valid for the keys up to its `last_key`. */
struct eras {
    struct era list[ERAS_MAX]; /* in order; the first begins at key 0 and has no offset */
    unsigned count;
    int64_t last_key; /* the last key that was assigned */
};

struct key_range {
    int64_t after, before; /* both exclusive */
};

/* The intersection. */
static inline struct key_range key_range_both(struct key_range a, struct key_range b)
{
    return (struct key_range){a.after > b.after ? a.after : b.after,
                              a.before < b.before ? a.before : b.before};
}

/* Is there no key in the range? */
static inline bool key_range_is_empty(struct key_range range)
{
    return range.before <= range.after + 1;
}

/* The time in a key: milliseconds since 1970, with the offset. */
static inline int64_t key_time(int64_t key)
{
    return key >> KEY_SEQUENCE_BITS;
}

/* The lowest key with this time. A time that does not fit into a key is clamped. */
int64_t key_at(int64_t ms);

/* Returns the first era alone. */
struct eras eras_begin(int64_t last_key);

/* The offset of new keys. */
static inline int64_t eras_offset(const struct eras *eras)
{
    return eras->list[eras->count - 1].offset_ms;
}

/* Adds an era. If there are ERAS_MAX already, merges one into its predecessor and returns the first
 * key of the era that is gone; otherwise returns 0. */
int64_t eras_add(struct eras *eras, struct era era);

/* When the message with this key was sent, by the clock of that time; milliseconds since 1970. */
int64_t eras_stamp(const struct eras *eras, int64_t key);

/*
 * The best guess at when a message was sent, if the time is `now_ms`. A stamp in the future becomes
 * the beginning of the next era, or now. A stamp earlier than the end of the previous era becomes
 * that end.
 */
int64_t eras_guess(const struct eras *eras, int64_t key, int64_t now_ms);

/* Writes the ranges of keys with stamps from `first_ms` to `last_ms`, both included, in order, and
 * returns their number. */
unsigned eras_ranges(const struct eras *eras, int64_t first_ms, int64_t last_ms,
                     struct key_range ranges[ERAS_MAX]);

#endif
