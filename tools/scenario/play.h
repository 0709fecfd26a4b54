/* A script that is being played: what its steps share. */
#ifndef SCENARIO_PLAY_H
#define SCENARIO_PLAY_H

#include "stage.h"
#include "sweep.h"
#include "variables.h"

struct play {
    struct stage *stage;
    struct variables *variables;
    struct sweep sweep;
    struct buf notes;   /* what is odd, and no failure */
    struct buf failure; /* the step that failed, in lines */
};

void play_free(struct play *play);

struct client *play_client(const struct play *play, const struct script_step *step);

/* The timeout, in seconds. */
double play_timeout(const struct play *play);

/* Sets the variable CLIENTsuffix. */
void play_set(struct play *play, const struct client *client, const char *suffix,
              const char *value);

/* The step's data block with the variables put in; false, and the failure, for an unknown one. */
bool play_text(struct play *play, const struct script_step *step, struct buf *out);

/* Notes that the step failed: file, that line (the step's, or one below), action, words. Returns
 * false. */
bool play_fail(struct play *play, const struct script_step *step, int line, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
