/*
 * The times in message keys. A key is milliseconds and a sequence, and keys never go back; clocks
 * do, and jump. So the time in a key is that of the clock and, while that lies behind what was
 * given out before, an offset. An era is the keys of one offset: a stamp is the time in the key
 * without the offset of its era. A clock that never went back makes no more than one era.
 */
#ifndef COVEN_ERAS_H
#define COVEN_ERAS_H

#include <stdbool.h>
#include <stdint.h>

#define KEY_SEQUENCE_BITS 16

/* What is kept of them; beyond that two become one, where least is wrong with the stamps then. */
#define ERAS_MAX 16

struct era {
    int64_t from; /* its first key */
    int64_t offset_ms;
};

/* As they were at some moment. What another thread does with them holds for the keys of then. */
struct eras {
    struct era list[ERAS_MAX]; /* in order; the first is that of key 0, and has no offset */
    unsigned count;
    int64_t last_key; /* that was given out */
};

/* Keys of a part of the time. */
struct key_range {
    int64_t after, before; /* neither of them in it */
};

/* What is in both. */
static inline struct key_range key_range_both(struct key_range a, struct key_range b)
{
    return (struct key_range){a.after > b.after ? a.after : b.after,
                              a.before < b.before ? a.before : b.before};
}

/* May there be any key in it? */
static inline bool key_range_is_empty(struct key_range range)
{
    return range.before <= range.after + 1;
}

/* The time in a key: milliseconds, with the offset. */
static inline int64_t key_time(int64_t key)
{
    return key >> KEY_SEQUENCE_BITS;
}

/* The lowest key with that time; with one outside of all that keys can tell, the nearest. */
int64_t key_at(int64_t ms);

/* The first era alone. */
struct eras eras_begin(int64_t last_key);

/* The offset of the keys that are given out now. */
static inline int64_t eras_offset(const struct eras *eras)
{
    return eras->list[eras->count - 1].offset_ms;
}

/* Another one begins. The first key of the era that ends for it, which becomes a part of the one
 * before; 0: none has to. */
int64_t eras_add(struct eras *eras, struct era era);

/* When the message with that key was sent, by the clock of then; milliseconds since 1970. */
int64_t eras_stamp(const struct eras *eras, int64_t key);

/*
 * When it was sent, as far as can be told when it is `now_ms`: nothing was sent in the future, but
 * before the next era began; and nothing before the era before it had ended.
 */
int64_t eras_guess(const struct eras *eras, int64_t key, int64_t now_ms);

/* The keys with stamps from `first_ms` to `last_ms`, both included, in order; how many ranges. */
unsigned eras_ranges(const struct eras *eras, int64_t first_ms, int64_t last_ms,
                     struct key_range ranges[ERAS_MAX]);

#endif
