/*
 * An errand: work of the rooms that may take long, so that another thread does it, with a second
 * connection to the store. A turn sends it out when it was committed, and a later turn gets it
 * back.
 */
#ifndef COVEN_ERRAND_H
#define COVEN_ERRAND_H

#include <stdbool.h>

struct service;
struct store;

/* The first member of a struct that holds all that the work needs and what comes of it. */
struct errand {
    /* In another thread: knows neither the service nor anything else that the rooms change. */
    void (*run)(struct errand *errand, struct store *store);
    /* In a turn. It stages what came of it; if the turn is dropped, it is called again, when what
     * can only be staged (`dropped`) is to be staged. */
    void (*finish)(struct errand *errand, struct service *service, bool dropped);
    void (*free)(struct errand *errand);
    unsigned owner;             /* whose it is, among all errands that are out */
    struct errand *prev, *next; /* in a list of whoever has it */
};

#endif
