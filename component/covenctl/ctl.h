/* What the files of covenctl share. */
#ifndef COVENCTL_CTL_H
#define COVENCTL_CTL_H

#include <stdbool.h>

/* Exit statuses. */
enum {
    CTL_DONE,
    CTL_FAILED, /* covend refused the command, or it failed */
    CTL_USAGE,  /* the command line is wrong */
    CTL_NOBODY, /* covend cannot be reached */
};

struct ctl {
    const char *socket; /* NULL: the usual one */
    bool json;
    const char *batch; /* file of commands; NULL: the command is on the command line */
    bool keep_going;
};

/* Runs one command. Returns the exit status. */
int ctl_run(const struct ctl *ctl, int argc, char *const *argv);

#endif
