/*
 * The Multi-User Chat service: all rooms of one domain (XEP-0045). It uses no socket and no clock:
 * the caller passes in stanzas and the time. Stanzas to be sent are staged in the outbox, and what
 * is to be kept is written to the store; at the end of the turn the caller commits or drops both.
 */
#ifndef COVEN_SERVICE_H
#define COVEN_SERVICE_H

#include <stdbool.h>
#include <stdint.h>
#include <strophe.h>

#include "coven/hash.h"
#include "coven/outbox.h"
#include "coven/room_option.h"
#include "coven/store.h"
#include "coven/task.h"

/* A request that would exceed a limit is refused with an error. Each limit is a maximum; a rate is
 * per second in the long run, a burst is what may come at once. */
struct service_limits {
    unsigned rooms;           /* of the service */
    unsigned occupants;       /* of a room, and what its owners may set */
    unsigned sessions;        /* under one nick */
    unsigned user_sessions;   /* of one user, in all rooms */
    unsigned user_created;    /* existing rooms that one user created */
    unsigned tombstones;      /* of destroyed rooms; the oldest go first */
    unsigned user_tombstones; /* the same for rooms that one user created */
    unsigned user_rate;       /* messages and presences of one user; 0: no limit */
    unsigned user_burst;
    unsigned visit_rate; /* the same for one user in one room */
    unsigned visit_burst;
    unsigned room_rate; /* the same for all users in one room */
    unsigned room_burst;
    unsigned own_domain_factor; /* multiplies the rates of the local domains' users */
    unsigned answer_rate;       /* bytes sent to answer one user; 0: no limit */
    unsigned answer_burst;
    unsigned refusal_rate; /* refusals sent to one user; 0: no limit */
    unsigned refusal_burst;
    unsigned user_queue_ms;   /* server time that one user may cause in a busy room; 0: no limit */
    unsigned room_queue_ms;   /* server time of a room's backlog; 0: no limit */
    unsigned affiliations;    /* of a room */
    unsigned applicants;      /* users of a room who wait for the approval of their registration */
    unsigned applicant_days;  /* how long they wait */
    unsigned items;           /* of one request that changes lists */
    unsigned history;         /* messages sent on a join, and what owners may set */
    unsigned history_bytes;   /* size of those */
    unsigned history_seconds; /* between two joins of a user that get history; 0: no pause */
    unsigned nick_chars;      /* code points */
    unsigned room_name_bytes; /* of the local part */
    unsigned stanza_bytes;    /* of a message passed on, or of an answer */
    unsigned subject_bytes;
    unsigned reason_bytes;    /* of a reason, or of another text in a request */
    unsigned presence_bytes;  /* of the contents of an occupant's presence */
    unsigned option_bytes;    /* of one text option of a room */
    unsigned vcard_bytes;     /* of a room's vCard, with its avatar */
    unsigned departures;      /* latest presence changes whose leaves are kept, to be sent again */
    unsigned lock_seconds;    /* until a room that nobody configures is unlocked */
    unsigned vacant_seconds;  /* how long a temporary room waits for occupants who were all lost */
    unsigned idle_rooms;      /* rooms in memory without occupants */
    unsigned invites;         /* in one message */
    unsigned hour_invites;    /* of one user in an hour; 0: no limit */
    unsigned voice_seconds;   /* minimum between two requests for voice of an occupant; 0: none */
    unsigned relays;          /* IQs between occupants that wait for an answer, of the service */
    unsigned user_relays;     /* the same for one user */
    unsigned relay_seconds;   /* until such an IQ is answered with an error */
    unsigned whispers;        /* private messages remembered in case they are returned */
    unsigned user_whispers;   /* the same for one user */
    unsigned whisper_seconds; /* how long each is remembered */
    unsigned questions;       /* sessions being asked, or to be asked, whether they are there */
    unsigned parked;          /* stanzas that wait for large rooms to be loaded, of the service */
    unsigned parked_kib;      /* size of those */
    unsigned archive_page;    /* messages in one answer; never 0 */
    unsigned archive_days;    /* how long messages are kept; 0: no limit */
    unsigned archive_keep;    /* messages of a room's archive; 0: no limit */
    unsigned archive_queries; /* running or waiting, of the service; searches are counted apart */
    unsigned user_queries;    /* the same for one user */
    unsigned search_ms;       /* time of one search of an archive */
    unsigned commands;        /* administrative commands under way */
    unsigned held_log_mib;    /* length of the store's log during a backup or a check */
    unsigned denials;         /* users and domains that may not use the service */
    unsigned command_forms;   /* of ad-hoc commands, waiting to be filled in */
    unsigned user_commands;   /* ad-hoc commands of one user under way, and forms waiting */
};

/* Who may create rooms, beside the admins and the listed creators. */
enum service_creation { CREATION_EVERYBODY, CREATION_LOCAL, CREATION_LISTED };

struct service_settings {
    const char *domain;       /* prepared */
    const char *name;         /* as disco shows it */
    const char *logs_url;     /* where logs are on the web, before the room's name; NULL: nowhere */
    unsigned tombstone_days;  /* how long the name of a destroyed room stays taken; 0: it is free */
    bool list_occupants;      /* everybody may list the occupants of a public room */
    bool open_registration;   /* as the default anyone for registration, which overrules it */
    bool avatar_presence;     /* those inside learn of a room's avatar by presence, too */
    bool strict_registration; /* refuses with not-allowed instead of registration-required */
    /* Lists end with NULL, and a list may be NULL instead of empty. They hold bare JIDs, prepared;
     * a domain stands for all of its users, but not those of its subdomains. */
    const char *const *admins;        /* owners of every room */
    const char *const *creators;      /* may create rooms, as admins may */
    const char *const *local_domains; /* of the server's own users */
    enum service_creation creation;
    /* By the place of the option: see coven/room_option.h. */
    const char *defaults[ROOM_OPTIONS_MAX]; /* of new rooms, checked; NULL: the built-in one */
    bool fixed[ROOM_OPTIONS_MAX];           /* only admins may change the option */
    struct service_limits limits;
};

struct service;

/* Borrows the settings' strings until the next service_configure(), and store and outbox for its
 * own life. */
struct service *service_new(const struct service_settings *settings, struct store *store,
                            struct outbox *outbox, const struct hash_seed *seed);
void service_free(struct service *service);

/* Replaces the settings, between two turns. The domain must stay the same. */
void service_configure(struct service *service, const struct service_settings *settings);

/* The domain, until the next service_configure(). */
const char *service_domain(const struct service *service);

/* Begins a turn. `wall_ms`: since 1970; `mono_ms`: of a clock that never goes back. */
void service_time(struct service *service, int64_t wall_ms, int64_t mono_ms);

/* Sets the weight (see coven/outbox.h) that the server can handle in a second. */
void service_speed(struct service *service, uint64_t weight);

/* Sets whether memory is short: if so, requests that need more memory are refused. */
void service_memory(struct service *service, bool tight);

/* Handles one stanza. `cut`: a part of the stanza is missing, because it was too large or
 * malformed. */
void service_stanza(struct service *service, xmpp_stanza_t *stanza, bool cut);

/*
 * Does what is due by the clock, such as unlocking rooms and deleting old messages. To be called
 * once a second, or again after some milliseconds if it returns false: there is more than fits into
 * a turn.
 */
bool service_tick(struct service *service);

/*
 * Work in steps, such as loading a large room. service_step_due_in() returns the milliseconds until
 * the next step; -1: there is nothing to do. Then the caller runs service_step() in a turn of its
 * own, and in that turn handles what service_unpark() returns until NULL, like incoming stanzas;
 * the caller owns these references.
 */
int64_t service_step_due_in(const struct service *service);
void service_step(struct service *service);
xmpp_stanza_t *service_unpark(struct service *service, bool *cut_r);

/* Returns whether the store failed a write in this turn. If so, the turn must be dropped. */
bool service_failed(const struct service *service);

/* Ends a turn. If it was not committed, what it did is dropped: rooms that it changed are unloaded,
 * and loaded again when they are needed. */
void service_settle(struct service *service, bool committed);

/* Answers a stanza of a dropped turn with wait/resource-constraint, if it may be answered. */
void service_refuse(struct service *service, xmpp_stanza_t *stanza);

/* Returns whether a stanza of a dropped turn must be handled again: a leave or a bounce must not be
 * lost. */
bool service_must_retry(xmpp_stanza_t *stanza);

/*
 * service_take_task() returns the next task of that kind, in fair order among users; NULL: none, or
 * none until a taken one is freed or the outbox drains. The caller runs it in any thread, calls its
 * finish() in a turn, and frees it with service_task_free() after that turn.
 */
struct task *service_take_task(struct service *service, enum task_kind kind);
void service_task_free(struct service *service, struct task *task);

/* The link is up, again or for the first time. The service asks which occupants are still there,
 * and then sends the presence that the server may have missed, in steps. */
void service_recover(struct service *service);

/* Returns whether presence is still to be sent again. */
bool service_is_recovering(const struct service *service);

/* Returns the number of the last presence change that the server has not confirmed; 0: it has
 * confirmed all. Changes of an unfinished turn do not count. */
int64_t service_unconfirmed(const struct service *service);

/* The server has confirmed all presence up to that change. */
void service_confirm(struct service *service, int64_t change);

/* Writes deferred messages. The last call before a restart that users must not notice. */
void service_save(struct service *service);

/* Tells everybody that the service shuts down (332), and empties all rooms. */
void service_stop(struct service *service);

#endif
