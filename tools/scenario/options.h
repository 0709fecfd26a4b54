/* The options on the command line. */
#ifndef SCENARIO_OPTIONS_H
#define SCENARIO_OPTIONS_H

#include <stdbool.h>

struct options_server {
    char *host, *port;
};

struct options {
    struct options_server server; /* where clients connect */
    struct options_server remote; /* the server of remote clients; host NULL: none */
    const char *domain;
    const char *service; /* compared with "not on:" lines; NULL: these do not count */
    const char *junit;   /* a file; NULL: none */
    int jobs;
    int timeout_ms; /* for each expected stanza or answer */
    int quiet_ms;   /* how long "receives nothing" listens */
    bool verbose;
    char **paths; /* points into argv */
    int path_count;
};

enum options_result { OPTIONS_PLAY, OPTIONS_DONE, OPTIONS_WRONG };

/*
 * DONE: --help or --version was answered on stdout. WRONG: one line on stderr says why.
 * The caller calls options_free() in each case.
 */
enum options_result options_read(struct options *options, int argc, char **argv);
void options_free(struct options *options);

#endif
