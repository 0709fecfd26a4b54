/* A list of names from the store, which stays valid while rooms change. */
#ifndef COVEN_STRING_LIST_H
#define COVEN_STRING_LIST_H

#include "coven/span.h"

struct string_list {
    char **list;
    unsigned count;
};

/* Appends a copy of the name; a callback for the store, where `user` is a struct string_list. */
void string_list_take(void *user, struct span name);
void string_list_free(struct string_list *names);

#endif
