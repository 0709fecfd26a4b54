/* The accounts and their passwords. */
#ifndef SHIM_ACCOUNTS_H
#define SHIM_ACCOUNTS_H

#include <stdbool.h>

#include "coven/hash.h"
#include "coven/span.h"
#include "wire/scram.h"

struct account;
struct secret;

struct accounts {
    struct hash_seed seed;
    struct account *all;
    struct secret *secrets;
    bool anybody; /* accept every name with every password */
    /* Keys for unknown names, one set for each hash. All accounts share their salt: equal passwords
     * have equal keys, so that the keys of thousands of test users are computed once, and the salt
     * does not reveal which names exist. */
    struct scram_keys decoys[2];
};

void accounts_open(struct accounts *accounts, bool anybody);
void accounts_close(struct accounts *accounts);

/* Adds an account; `domain` empty: on every domain. Both names are prepared. False: it exists. */
bool accounts_add(struct accounts *accounts, struct span node, struct span domain,
                  const char *password);

bool accounts_exists(const struct accounts *accounts, struct span node, struct span domain);

/* Takes the same time for every wrong password. */
bool accounts_check(const struct accounts *accounts, struct span node, struct span domain,
                    struct span password);

/* Never NULL: an unknown name gets keys that fit no password. */
const struct scram_keys *accounts_keys(struct accounts *accounts, struct span node,
                                       struct span domain, enum scram_hash hash);

#endif
