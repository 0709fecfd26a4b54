/* What the command line asks for. */
#ifndef ATTACK_OPTIONS_H
#define ATTACK_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/arguments.h"

struct options {
    char *host, *port;           /* of the server, for clients */
    char *echo_host, *echo_port; /* of the server, for a component */
    const char *echo;            /* the domain of that component */
    const char *secret;          /* and its secret */
    const char *domain;          /* of the users */
    const char *service;         /* the domain of the rooms */
    const char *accounts;        /* what the names of the users begin with */
    const char *password;
    const char *log;  /* of covend; NULL: connects are not counted */
    uint32_t watch;   /* the pid of covend; 0: unknown */
    uint32_t people;  /* number of accounts */
    uint32_t seconds; /* duration of an attack; 0: its own */
    bool quick, list, no_heading;
    char **names; /* of attacks; none: all */
    int name_count;
};

/* options_free() in any case. */
enum arguments_result options_read(struct options *options, int argc, char **argv);
void options_free(struct options *options);

#endif
