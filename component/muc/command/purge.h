/* The deletion of all that is kept of a user: what its files share. */
#ifndef MUC_COMMAND_PURGE_H
#define MUC_COMMAND_PURGE_H

#include "coven/string_list.h"
#include "evict.h"
#include "room_names.h"

/* A message of the user that is out of the index for searches. */
struct purge_message {
    int64_t key, number;
    char *id;      /* as others know it */
    char *room;    /* its name; "": gone */
    char *subject; /* the whole stanza, if it may be the room's subject; NULL: it cannot */
    size_t subject_len;
    uint32_t subject_to; /* offset of the recipient's address */
};

struct purge {
    char *jid;
    bool only_counts; /* a dry run */
    unsigned stage;
    struct evict evict;

    /* What another thread reads. */
    bool read, failed, over;
    struct string_list affiliated, applied, created; /* names of rooms */
    int64_t after;                                   /* key of the last message looked at */
    struct purge_message found[STORE_DUE_MAX];
    unsigned found_count, found_at;
    struct room_names names;

    bool replaced; /* as the creator of rooms */
    bool indexed;  /* the index for searches has all messages */
    unsigned at;   /* in the list of rooms that is being dealt with */
    int64_t messages, affiliations, applications;
    json_t *orphans; /* rooms without an owner now */
};

/* Each deals with a part of the data, some of it in each step. RUN_DONE: that part is done. */
enum run_next purge_affiliations(struct run *run);
enum run_next purge_applications(struct run *run);
enum run_next purge_created(struct run *run);
enum run_next purge_index(struct run *run);
enum run_next purge_messages(struct run *run);
enum run_next purge_names(struct run *run);

void purge_messages_free(struct purge *purge);

#endif
