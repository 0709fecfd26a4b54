/*
 * Who causes most: the busiest rooms and users of the last minutes. Of each kind some hundred names
 * are counted at a time, in sets chosen by a keyed hash; a new name takes the place of the one in
 * its set that was counted least, and goes on from its number. So whoever floods is among them, and
 * a count may be too high by what the one before had. After many stanzas in a window
 * only a random one of some is counted, and counts for all of them.
 */
#ifndef MUC_TOP_H
#define MUC_TOP_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"

struct request;
struct service;

enum top_kind { TOP_ROOM, TOP_USER, TOP_KINDS };

#define TOP_SETS    64
#define TOP_WAYS    4
#define TOP_ENTRIES (TOP_SETS * TOP_WAYS)

struct top_entry {
    char *name; /* NULL: free */
    unsigned hash;
    uint32_t stanzas, refusals;
};

/* This window and the one before. */
struct top {
    struct top_entry entries[2][TOP_KINDS][TOP_ENTRIES];
    int64_t since_ms[2]; /* monotonic */
    unsigned now;        /* which of the two is this one */
    uint32_t seen;       /* stanzas of this window */
    uint32_t random;     /* state of the choice; never 0 */
};

struct top *top_new(void);
void top_free(struct top *top);

/* Counts a stanza for its sender and for the room it went to. */
void top_count(const struct request *request, bool refused);

/* Begins another window when this one is over. Called once a second. */
void top_tick(struct service *service);

/* Writes the busiest ones, at most TOP_ENTRIES, into `list`, the busiest first, and returns how
 * many. The names live until the next call of top_count() or top_tick(). */
unsigned top_read(const struct service *service, enum top_kind kind, struct top_entry *list);

/* Returns the seconds for which the counts are. */
int64_t top_seconds(const struct service *service);

#endif
