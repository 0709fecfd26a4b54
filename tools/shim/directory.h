/*
 * The domains of the server, the components, the users with sessions, and the sessions. All names
 * are prepared. Strangers choose them, so the hash tables have a secret seed.
 */
#ifndef SHIM_DIRECTORY_H
#define SHIM_DIRECTORY_H

#include <stdbool.h>
#include <uthash.h>

#include "coven/hash.h"
#include "coven/span.h"

struct client;
struct component;

struct host {
    char *name;
    UT_hash_handle hh;
};

/* A domain that a component may attach to. */
struct slot {
    char *name, *secret;
    struct component *component; /* NULL: not connected */
    UT_hash_handle hh;
};

struct user {
    struct client *sessions; /* a list, never empty */
    char *name;              /* the bare JID */
    unsigned count;
    UT_hash_handle hh;
};

struct directory {
    struct hash_seed seed;
    struct host *hosts; /* in the order of addition */
    struct slot *slots;
    struct user *users;
    struct client *clients;
};

void directory_open(struct directory *directory);
void directory_close(struct directory *directory);

/* False: the name is taken. */
bool directory_add_host(struct directory *directory, struct span name);
bool directory_add_slot(struct directory *directory, struct span name, const char *secret);

const struct host *directory_host(const struct directory *directory, struct span name);
struct slot *directory_slot(const struct directory *directory, struct span name);
struct user *directory_user(const struct directory *directory, struct span bare);
struct client *directory_client(const struct directory *directory, struct span full);

/* `client->full` is set, and no session has that JID. */
void directory_add_client(struct directory *directory, struct client *client);
void directory_remove_client(struct directory *directory, struct client *client);

#endif
