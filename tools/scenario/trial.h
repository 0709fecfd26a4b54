/* The scripts to be played, each with what became of it. */
#ifndef SCENARIO_TRIAL_H
#define SCENARIO_TRIAL_H

#include <stdint.h>

#include "coven/buf.h"
#include "options.h"
#include "script.h"

enum verdict { VERDICT_OPEN, VERDICT_PASSED, VERDICT_FAILED, VERDICT_SKIPPED };

struct trial {
    char *path;
    struct script *script; /* NULL: it could not be read */
    enum verdict verdict;
    const char *skip_reason; /* where skipped; not the trial's */
    struct buf text;         /* what is to be said about it, in lines */
    int64_t ms;
};

struct trials {
    struct trial *all;
    int count;
};

/*
 * The scripts at the paths: files as they are, folders with all *.scs below them, in the order of
 * their names. What cannot be parsed has failed already, what is not on the service, or
 * wants a remote server that is not there, is skipped.
 * False: a path could not be read; the line about it stands on stderr.
 */
bool trials_read(struct trials *trials, const struct options *options);
void trials_free(struct trials *trials);

/* What stands in reports: the title, or the path where there is none. */
const char *trial_title(const struct trial *trial);

#endif
