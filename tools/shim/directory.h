/*
 * Who is where: the server's own domains, the components, the users with sessions, the sessions.
 * All names are prepared. Strangers choose the names, so the tables are keyed.
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
    struct component *component; /* NULL: it is away */
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
    struct host *hosts; /* in the order in which they were added */
    struct slot *slots;
    struct user *users;
    struct client *clients;
};

void directory_open(struct directory *directory);
void directory_close(struct directory *directory);

/* False when the name is taken. */
bool directory_add_host(struct directory *directory, struct span name);
bool directory_add_slot(struct directory *directory, struct span name, const char *secret);

const struct host *directory_host(const struct directory *directory, struct span name);
struct slot *directory_slot(const struct directory *directory, struct span name);
struct user *directory_user(const struct directory *directory, struct span bare);
struct client *directory_client(const struct directory *directory, struct span full);

/* A session whose client->full is set; that JID is free. */
void directory_add_client(struct directory *directory, struct client *client);
void directory_remove_client(struct directory *directory, struct client *client);

#endif
