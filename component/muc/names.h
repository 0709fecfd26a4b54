/* A list of names that the store gave out, kept while rooms change under it. */
#ifndef MUC_NAMES_H
#define MUC_NAMES_H

#include "coven/span.h"

struct names {
    char **list;
    unsigned count;
};

/* For the store's readers of texts: `user` is a struct names. */
void names_take(void *user, struct span name);
void names_free(struct names *names);

#endif
