/* A script in play: the state that its steps share. */
#ifndef SCENARIO_PLAY_H
#define SCENARIO_PLAY_H

#include "stage.h"
#include "sweep.h"
#include "variables.h"

struct play {
    struct stage *stage;
    struct variables *variables;
    struct sweep sweep;
    struct buf notes;   /* lines about oddities that are no failure */
    struct buf failure; /* lines about the step that failed */
};

void play_free(struct play *play);

struct client *play_client(const struct play *play, const struct script_step *step);

/* The timeout, in seconds. */
double play_timeout(const struct play *play);

/* Sets the variable named by the client's name and the suffix. */
void play_set(struct play *play, const struct client *client, const char *suffix,
              const char *value);

/* Adds the step's data block with its variables replaced. False, and the failure: one is unknown.
 */
bool play_text(struct play *play, const struct script_step *step, struct buf *out);

/* Notes the failure of the step, with its file, the line (the step's, or one of its data block) and
 * the words. Returns false. */
bool play_fail(struct play *play, const struct script_step *step, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
