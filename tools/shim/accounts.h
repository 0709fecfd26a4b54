/* Who may log in, and with which password. */
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
    bool anybody; /* every name with every password */
    /* For names that nobody has; one for each hash. All keys have the salt of these: so whoever has
     * the same password has the same keys, thousands of test users log in at the price of one, and
     * a salt does not tell which names there are. */
    struct scram_keys decoys[2];
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
