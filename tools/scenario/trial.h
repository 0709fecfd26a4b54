/* The scripts to play, each with its verdict. */
#ifndef SCENARIO_TRIAL_H
#define SCENARIO_TRIAL_H

#include <stdint.h>

#include "coven/buf.h"
#include "options.h"
#include "script.h"

enum verdict { VERDICT_OPEN, VERDICT_PASSED, VERDICT_FAILED, VERDICT_SKIPPED };

struct trial {
    char *path;
    struct script *script; /* NULL: it cannot be read or parsed */
    enum verdict verdict;
    const char *skip_reason; /* borrowed; NULL unless skipped */
    struct buf text;         /* the report, in lines */
    int64_t ms;
};

struct trials {
    struct trial *all;
    int count;
};

/*
 * Reads the scripts at the paths: files under any name, and all *.scs below folders, in the order
 * of their names. A script that cannot be parsed has failed; one that is not for the service, or
 * needs a remote server that is missing, is skipped. False, and one line on stderr: a path cannot
 * be read.
 */
bool trials_read(struct trials *trials, const struct options *options);
void trials_free(struct trials *trials);

/* For reports: the title, or the path of a script that cannot be parsed. */
const char *trial_title(const struct trial *trial);

#endif
