/* All clients of a script together: whoever is waited for, everybody's queue is filled. */
#ifndef SCENARIO_STAGE_H
#define SCENARIO_STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "client.h"
#include "options.h"

struct stage {
    const struct options *options;
    const struct script *script;
    struct client *clients; /* one for each of the script's, in its order */
    int count;
};

struct stage *stage_new(const struct options *options, const struct script *script,
                        struct buf *traffic);
/* Cuts whoever is still connected. */
void stage_free(struct stage *stage);

/* When something that begins now is too late. */
int64_t stage_deadline(const struct stage *stage);

/* Waits until something happens on any connection. False: the deadline has passed. */
bool stage_wait(struct stage *stage, int64_t deadline);

/* Waits for the next element of a client's queue; NULL: deadline, or the connection ended. */
struct received *stage_next(struct stage *stage, struct client *client,
                            const struct script_step *taker, int64_t deadline);

/* Waits until the question is answered. False: it is not, or the connection ended. */
bool stage_answer(struct stage *stage, struct client *client, const struct ask *ask,
                  int64_t deadline);

/*
 * Closes streams (one client's; everybody's) and waits, a short time, for the server to end the
 * connection: its unavailable presences are out by then.
 */
void stage_close(struct stage *stage, struct client *client);
void stage_close_all(struct stage *stage);

#endif
