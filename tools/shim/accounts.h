/* Who may log in, and with which password. */
#ifndef SHIM_ACCOUNTS_H
#define SHIM_ACCOUNTS_H

#include <stdbool.h>

#include "coven/hash.h"
#include "coven/span.h"
#include "wire/scram.h"

struct account;

struct accounts {
    struct hash_seed seed;
    struct account *all;
    bool anybody;                /* every name with every password */
    struct scram_keys decoys[2]; /* for names that nobody has; one for each hash */
};

void accounts_open(struct accounts *accounts, bool anybody);
void accounts_close(struct accounts *accounts);

/* `domain` empty: on every domain. Both are prepared. False when that account was there before. */
bool accounts_add(struct accounts *accounts, struct span node, struct span domain,
                  const char *password);

bool accounts_exists(const struct accounts *accounts, struct span node, struct span domain);

/* In constant time for what does not match. */
bool accounts_check(const struct accounts *accounts, struct span node, struct span domain,
                    struct span password);

/* Never NULL: a name that nobody has gets keys that fit no password. */
const struct scram_keys *accounts_keys(struct accounts *accounts, struct span node,
                                       struct span domain, enum scram_hash hash);

#endif
