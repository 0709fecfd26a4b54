/*
 * Errands of users that wait for a thread, and whose turn it is.
 *
 * Each user has a clock of its own, which goes on by the time that its errands took; whoever's is
 * behind comes next. The queue's clock goes on by what one share of that time is, and who has
 * nothing to wait for is not behind it: time that nobody asked for cannot be saved up. Who asked
 * for much is remembered until the queue's clock has reached his.
 */
#ifndef MUC_ASKER_H
#define MUC_ASKER_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/errand.h"
#include "coven/hash.h"
#include "coven/span.h"
#include "coven/table.h"

struct asker;
struct outbox;

struct asker_queue {
    struct table by_bare;
    struct asker *askers; /* the one who was served last at the end */
    unsigned busy;        /* of them have errands */
    unsigned count;       /* of errands that were not freed yet */
    int64_t clock_us;
};

/* Is there a place for one more of that user's (place.h)? `all` places are there, and `own` of them
 * for a user. */
bool asker_is_admitted(const struct asker_queue *queue, const struct hash_seed *seed,
                       struct span bare, unsigned all, unsigned own);

/* The errand is that user's, and takes a place until asker_free_place(). */
void asker_take_place(struct asker_queue *queue, const struct hash_seed *seed, struct span bare,
                      struct errand *errand);

/* It may be run now. */
void asker_wait(struct errand *errand);

/* The next one to be run; NULL: none may be now. Nobody is read more while much of what he was read
 * waits in his lane of the outbox; with NULL that is not asked. */
struct errand *asker_next(struct asker_queue *queue, const struct outbox *outbox);

/* It is about to be freed, run (`taken`) or not, and does not wait. */
void asker_free_place(struct asker_queue *queue, struct errand *errand);

/* With nothing in it. */
void asker_free_all(struct asker_queue *queue);

#endif
