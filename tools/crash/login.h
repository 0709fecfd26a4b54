/* A client's login on a thread of its own, so that many people can log in at once. */
#ifndef CRASH_LOGIN_H
#define CRASH_LOGIN_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "wire/handshake.h"

struct login {
    struct handshake_settings settings;
    char user[32], resource[32];
    /* private */
    pthread_t thread;
    bool runs;
    atomic_bool done;
    int fd;
};

/* Begins to log in as `user` with `resource`. False: no thread can be started. */
bool login_begin(struct login *login);
bool login_runs(const struct login *login);

/* Has the login ended? Then `*fd_r` is a socket on which stanzas may be sent, or -1. */
bool login_ends(struct login *login, int *fd_r);

/* Does the server accept connections? */
bool login_is_open(const struct handshake_settings *settings);

#endif
