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

struct account {
    char *name; /* node, or node@domain */
    char *password;
    struct scram_keys keys[2]; /* made when first asked for: 0 iterations means not yet */
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
    HASH_ITER (hh, accounts->all, account, next) {
        HASH_DEL(accounts->all, account);
        OPENSSL_cleanse(account->password, strlen(account->password));
        free(account->password);
        free(account->name);
        OPENSSL_cleanse(account, sizeof *account);
        free(account);
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

/* The account on this domain, or else the one on every domain. */
static struct account *account_of(const struct accounts *accounts, struct span node,
                                  struct span domain)
{
    struct buf name = name_of(node, domain);
    struct account *account = find(accounts, buf_span(&name));
    buf_free(&name);
    return account ? account : find(accounts, node);
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
    account->password = mem_string(password);
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
    digest(span_of(account ? account->password : ""), known);
    bool same = CRYPTO_memcmp(given, known, DIGEST_LEN) == 0;
    return same && account;
}

const struct scram_keys *accounts_keys(struct accounts *accounts, struct span node,
                                       struct span domain, enum scram_hash hash)
{
    struct account *account = account_of(accounts, node, domain);
    if (!account)
        return &accounts->decoys[hash];
    if (account->keys[hash].iterations == 0)
        scram_keys_make(&account->keys[hash], hash, account->password, ITERATIONS);
    return &account->keys[hash];
}
