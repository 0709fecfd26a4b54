/* What the command line asks for. */
#ifndef SCENARIO_OPTIONS_H
#define SCENARIO_OPTIONS_H

#include <stdbool.h>

struct options_server {
    char *host, *port;
};

struct options {
    struct options_server server; /* where clients connect */
    struct options_server remote; /* where those of remote domains do; no host: there is none */
    const char *domain;
    const char *service; /* what is tested, for "not on:" lines; NULL: none of them counts */
    const char *junit;   /* a file; NULL: none */
    int jobs;
    int timeout_ms; /* for everything that is expected */
    int quiet_ms;   /* how long "receives nothing" listens */
    bool verbose;
    char **paths; /* inside argv */
    int path_count;
};

enum options_result { OPTIONS_PLAY, OPTIONS_DONE, OPTIONS_WRONG };

/*
 * DONE: --help or --version was answered on stdout. WRONG: one line about it stands on stderr.
 * options_free() in any case.
 */
enum options_result options_read(struct options *options, int argc, char **argv);
void options_free(struct options *options);

#endif
