/* All clients of a script together: waiting for one of them fills the queues of all. */
#ifndef SCENARIO_STAGE_H
#define SCENARIO_STAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "client.h"
#include "options.h"

struct stage {
    const struct options *options;
    const struct script *script;
    struct client *clients; /* in the order of the script's clients */
    int count;
};

struct stage *stage_new(const struct options *options, const struct script *script,
                        struct buf *traffic);
/* Cuts all open connections. */
void stage_free(struct stage *stage);

/* The time (clock_mono_ms()) at which a wait that starts now fails. */
int64_t stage_deadline(const struct stage *stage);

/* Waits for an event on any connection. False: the deadline has passed. */
bool stage_wait(struct stage *stage, int64_t deadline);

/* Waits for the next element of a client's queue. NULL: the deadline has passed, or the connection
 * has ended. */
struct received *stage_next(struct stage *stage, struct client *client,
                            const struct script_step *taker, int64_t deadline);

/* Waits for the answer. False: the deadline has passed, or the connection has ended. */
bool stage_answer(struct stage *stage, struct client *client, const struct ask *ask,
                  int64_t deadline);

/*
 * Close the stream of one client, or of all, and wait up to a second for the server to end the
 * connection: it has sent the unavailable presences by then.
 */
void stage_close(struct stage *stage, struct client *client);
void stage_close_all(struct stage *stage);

#endif
