/* A list of names that the store gave out, kept while rooms change under it. */
#ifndef COVEN_STRING_LIST_H
#define COVEN_STRING_LIST_H

#include "coven/span.h"

struct string_list {
    char **list;
    unsigned count;
};

/* For the store's readers of texts: `user` is a struct string_list. */
void string_list_take(void *user, struct span name);
void string_list_free(struct string_list *names);

#endif
