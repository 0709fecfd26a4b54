/* Commands from a file, one a line, with quotes as in a shell; # begins a comment. */
#ifndef COVENCTL_BATCH_H
#define COVENCTL_BATCH_H

#include "ctl.h"

struct batch_tally {
    unsigned done, failed;
};

/* Runs them, and tells on stderr how many worked. Returns the exit status: that of the first that
 * failed. */
int batch_run(const struct ctl *ctl, struct batch_tally *tally);

/* Splits a line into words, in place. Returns their number; -1: a quote is not closed, or there are
 * more than `most`. */
int batch_split(char *line, char **words, int most);

#endif
