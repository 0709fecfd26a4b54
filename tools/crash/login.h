/* A client's login that goes on beside everything else, as those of many people do. */
#ifndef CRASH_LOGIN_H
#define CRASH_LOGIN_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "wire/talk.h"

struct login {
    struct talk_settings talk;
    char user[32], resource[32];
    /* private */
    pthread_t thread;
    bool runs;
    atomic_bool done;
    int fd;
};

/* Begins with what `talk` and `user` say, as that resource. False: there is no thread for it. */
bool login_begin(struct login *login);
bool login_runs(const struct login *login);

/* Is it over? Then `*fd_r` is a socket on which stanzas may be sent, or -1. */
bool login_ends(struct login *login, int *fd_r);

/* Is there a server to log in to? */
bool login_is_open(const struct talk_settings *talk);

#endif
