#include "accounts.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "coven/bug.h"
#include "coven/id.h"
#include "coven/mem.h"

#define ITERATIONS 4096
#define DIGEST_LEN 32

/* A password and its keys. */
struct secret {
    char *password;
    struct scram_keys keys[2]; /* computed on first use; 0 iterations: not yet */
    UT_hash_handle hh;
};

struct account {
    char *name; /* node, or node@domain */
    struct secret *secret;
    UT_hash_handle hh;
};

void accounts_open(struct accounts *accounts, bool anybody)
{
    char nobody[ID_TEXT_SIZE];
    *accounts = (struct accounts){.seed = hash_seed_new(), .anybody = anybody};
    id_random_text(nobody);
    for (int hash = SCRAM_SHA_1; hash <= SCRAM_SHA_256; hash++)
        scram_keys_make(&accounts->decoys[hash], (enum scram_hash)hash, nobody, ITERATIONS);
}

void accounts_close(struct accounts *accounts)
{
    struct account *account, *next;
    struct secret *secret, *next_secret;
    HASH_ITER (hh, accounts->all, account, next) {
        HASH_DEL(accounts->all, account);
        free(account->name);
        free(account);
    }
    HASH_ITER (hh, accounts->secrets, secret, next_secret) {
        HASH_DEL(accounts->secrets, secret);
        OPENSSL_cleanse(secret->password, strlen(secret->password));
        free(secret->password);
        OPENSSL_cleanse(secret, sizeof *secret);
        free(secret);
    }
}

static struct account *find(const struct accounts *accounts, struct span name)
{
    struct account *account;
    HASH_FIND_BYHASHVALUE(hh, accounts->all, name.at, (unsigned)name.len,
                          hash_span(&accounts->seed, name), account);
    return account;
}

static struct buf name_of(struct span node, struct span domain)
{
    struct buf name = BUF_INIT;
    buf_add_span(&name, node);
    if (domain.len) {
        buf_add_char(&name, '@');
        buf_add_span(&name, domain);
    }
    return name;
}

/* The account on this domain, else the one on every domain. */
static struct account *account_of(const struct accounts *accounts, struct span node,
                                  struct span domain)
{
    struct buf name = name_of(node, domain);
    struct account *account = find(accounts, buf_span(&name));
    buf_free(&name);
    return account ? account : find(accounts, node);
}

static struct secret *secret_of(struct accounts *accounts, const char *password)
{
    struct span text = span_of(password);
    struct secret *secret;
    unsigned hash = hash_span(&accounts->seed, text);
    HASH_FIND_BYHASHVALUE(hh, accounts->secrets, text.at, (unsigned)text.len, hash, secret);
    if (secret)
        return secret;
    secret = mem_new(sizeof *secret);
    secret->password = mem_string(password);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, accounts->secrets, secret->password, (unsigned)text.len, hash,
                                secret);
    return secret;
}

bool accounts_add(struct accounts *accounts, struct span node, struct span domain,
                  const char *password)
{
    struct buf name = name_of(node, domain);
    if (find(accounts, buf_span(&name))) {
        buf_free(&name);
        return false;
    }
    struct account *account = mem_new(sizeof *account);
    unsigned hash = hash_span(&accounts->seed, buf_span(&name));
    size_t len = name.len;
    account->name = buf_take(&name);
    account->secret = secret_of(accounts, password);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, accounts->all, account->name, (unsigned)len, hash, account);
    return true;
}

bool accounts_exists(const struct accounts *accounts, struct span node, struct span domain)
{
    return accounts->anybody || account_of(accounts, node, domain);
}

static void digest(struct span text, unsigned char out[DIGEST_LEN])
{
    int ok = EVP_Digest(text.len ? text.at : "", text.len, out, NULL, EVP_sha256(), NULL);
    coven_assert(ok == 1);
}

bool accounts_check(const struct accounts *accounts, struct span node, struct span domain,
                    struct span password)
{
    if (accounts->anybody)
        return true;
    unsigned char given[DIGEST_LEN], known[DIGEST_LEN];
    const struct account *account = account_of(accounts, node, domain);
    digest(password, given);
    digest(span_of(account ? account->secret->password : ""), known);
    bool same = CRYPTO_memcmp(given, known, DIGEST_LEN) == 0;
    return same && account;
}

const struct scram_keys *accounts_keys(struct accounts *accounts, struct span node,
                                       struct span domain, enum scram_hash hash)
{
    struct account *account = account_of(accounts, node, domain);
    if (!account)
        return &accounts->decoys[hash];
    struct scram_keys *keys = &account->secret->keys[hash];
    if (keys->iterations == 0) {
        *keys = accounts->decoys[hash];
        scram_keys_derive(keys, account->secret->password);
    }
    return keys;
}
