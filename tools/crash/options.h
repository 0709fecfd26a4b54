/* What the command line asks for. */
#ifndef CRASH_OPTIONS_H
#define CRASH_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/arguments.h"

enum mode { MODE_MESSAGES, MODE_CHANGES, MODE_CUT, MODE_PEOPLE, MODES };
#define HOSTS_MAX 8

extern const char *const mode_words[MODES];

struct options {
    const char *covend;
    const char *clients, *remote, *outage; /* for outage.h and rush.h */
    const char *hosts[HOSTS_MAX];          /* for people.h: each DOMAIN=HOST:PORT of --clients, */
    uint32_t host_count;
    const char *server; /* the address that covend connects to, */
    double minutes;     /* and how long the run takes */
    enum mode mode;
    uint64_t seed;
    uint32_t people, kills, rooms, seats, rate, stanzas;
    bool frozen, multi, no_views, rush, verbose;
};

enum arguments_result options_read(struct options *options, int argc, char **argv);

#endif
