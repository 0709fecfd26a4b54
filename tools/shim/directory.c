#include "directory.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <utlist.h>

#include "client.h"
#include "coven/mem.h"

/* uthash's lookup and insertion, with our seeded hash. */
#define FIND(head, seed, key, found)                                                               \
    HASH_FIND_BYHASHVALUE(hh, head, (key).at, (unsigned)(key).len, hash_span(seed, key), found)
#define ADD(head, seed, name, len, item)                                                           \
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, head, name, (unsigned)(len),                                   \
                                hash_span(seed, (struct span){name, len}), item)

void directory_open(struct directory *directory)
{
    *directory = (struct directory){.seed = hash_seed_new()};
}

void directory_close(struct directory *directory)
{
    struct host *host, *next_host;
    struct slot *slot, *next_slot;
    HASH_ITER (hh, directory->hosts, host, next_host) {
        HASH_DEL(directory->hosts, host);
        free(host->name);
        free(host);
    }
    HASH_ITER (hh, directory->slots, slot, next_slot) {
        HASH_DEL(directory->slots, slot);
        OPENSSL_cleanse(slot->secret, strlen(slot->secret));
        free(slot->secret);
        free(slot->name);
        free(slot);
    }
}

bool directory_add_host(struct directory *directory, struct span name)
{
    if (directory_host(directory, name))
        return false;
    struct host *host = mem_new(sizeof *host);
    host->name = mem_copy(name.at, name.len);
    ADD(directory->hosts, &directory->seed, host->name, name.len, host);
    return true;
}

bool directory_add_slot(struct directory *directory, struct span name, const char *secret)
{
    if (directory_slot(directory, name) || directory_host(directory, name))
        return false;
    struct slot *slot = mem_new(sizeof *slot);
    slot->name = mem_copy(name.at, name.len);
    slot->secret = mem_string(secret);
    ADD(directory->slots, &directory->seed, slot->name, name.len, slot);
    return true;
}

const struct host *directory_host(const struct directory *directory, struct span name)
{
    struct host *host;
    FIND(directory->hosts, &directory->seed, name, host);
    return host;
}

struct slot *directory_slot(const struct directory *directory, struct span name)
{
    struct slot *slot;
    FIND(directory->slots, &directory->seed, name, slot);
    return slot;
}

struct user *directory_user(const struct directory *directory, struct span bare)
{
    struct user *user;
    FIND(directory->users, &directory->seed, bare, user);
    return user;
}

struct client *directory_client(const struct directory *directory, struct span full)
{
    struct client *client;
    FIND(directory->clients, &directory->seed, full, client);
    return client;
}

static struct user *user_of(struct directory *directory, struct span bare)
{
    struct user *user = directory_user(directory, bare);
    if (user)
        return user;
    user = mem_new(sizeof *user);
    user->name = mem_copy(bare.at, bare.len);
    ADD(directory->users, &directory->seed, user->name, bare.len, user);
    return user;
}

void directory_add_client(struct directory *directory, struct client *client)
{
    client->user = user_of(directory, client_bare(client));
    client->user->count++;
    DL_APPEND2(client->user->sessions, client, user_prev, user_next);
    ADD(directory->clients, &directory->seed, client->full, strlen(client->full), client);
}

void directory_remove_client(struct directory *directory, struct client *client)
{
    struct user *user = client->user;
    HASH_DEL(directory->clients, client);
    DL_DELETE2(user->sessions, client, user_prev, user_next);
    client->user = NULL;
    if (--user->count > 0)
        return;
    HASH_DEL(directory->users, user);
    free(user->name);
    free(user);
}
