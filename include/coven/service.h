/*
 * The Multi-User Chat service: all rooms of one domain (XEP-0045). It knows no socket and no clock:
 * stanzas and the time are given to it, what it wants to send is staged in the outbox, what it
 * wants to keep goes to the store. Both are committed, or dropped, by its caller at the end of the
 * turn.
 */
#ifndef COVEN_SERVICE_H
#define COVEN_SERVICE_H

#include <stdbool.h>
#include <stdint.h>
#include <strophe.h>

#include "coven/hash.h"
#include "coven/outbox.h"
#include "coven/store.h"
#include "coven/task.h"

/* What would exceed a limit is refused with an error. Each is a maximum; a rate is per second in
 * the long run, its burst at once. */
struct service_limits {
    unsigned rooms;         /* of the service */
    unsigned occupants;     /* of a room, and what its owners may set */
    unsigned sessions;      /* under one nick */
    unsigned user_sessions; /* of one user, in all rooms */
    unsigned user_created;  /* existing rooms that one user created */
    unsigned user_rate;     /* messages and presences of one user; 0: no limit */
    unsigned user_burst;
    unsigned visit_rate; /* the same of one user in one room */
    unsigned visit_burst;
    unsigned room_rate; /* the same of all users in one room */
    unsigned room_burst;
    unsigned own_domain_factor; /* multiplies the rates of the local domains' users */
    unsigned answer_rate;       /* bytes sent to answer one user; 0: no limit */
    unsigned answer_burst;
    unsigned refusal_rate; /* refusals sent to one user; 0: no limit */
    unsigned refusal_burst;
    unsigned user_queue_ms;   /* server time that one user may cause in a busy room; 0: no limit */
    unsigned room_queue_ms;   /* server time of a room's backlog; 0: no limit */
    unsigned affiliations;    /* of a room */
    unsigned items;           /* of one request that changes lists */
    unsigned history;         /* messages on a join, and what owners may set */
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
    unsigned departures;      /* presence changes for which a leave is kept, to be sent again */
    unsigned lock_seconds;    /* until a room that nobody configures is unlocked */
    unsigned vacant_seconds;  /* that a temporary room waits for occupants who were all lost */
    unsigned idle_rooms;      /* rooms in memory without occupants */
    unsigned invites;         /* in one message */
    unsigned hour_invites;    /* of one user in an hour; 0: no limit */
    unsigned voice_seconds;   /* minimum between two requests for voice of an occupant; 0: none */
    unsigned relays;          /* IQs between occupants that wait for an answer, of the service */
    unsigned user_relays;     /* the same of one user */
    unsigned relay_seconds;   /* until such an IQ is answered with an error */
    unsigned whispers;        /* private messages remembered in case they are returned */
    unsigned user_whispers;   /* the same of one user */
    unsigned whisper_seconds; /* that each is remembered */
    unsigned questions;       /* sessions being asked, or to be asked, whether they are there */
    unsigned parked;          /* stanzas that wait for large rooms to be loaded, of the service */
    unsigned parked_kib;      /* size of those */
    unsigned archive_page;    /* messages in one answer; never 0 */
    unsigned archive_days;    /* that messages are kept; 0: no limit */
    unsigned archive_keep;    /* messages of a room's archive; 0: no limit */
    unsigned archive_queries; /* running or waiting, of the service; searches are counted apart */
    unsigned user_queries;    /* the same of one user */
    unsigned search_ms;       /* time of one search of an archive */
};

struct service_settings {
    const char *domain;       /* prepared */
    const char *name;         /* as disco shows it */
    bool list_occupants;      /* everybody may list the occupants of a public room */
    bool open_registration;   /* default of a new room: everybody may register */
    bool strict_registration; /* who may not register gets not-allowed, not registration-required */
    /* Lists end with NULL, and a list may be NULL instead of empty. They hold bare JIDs, prepared;
     * a domain stands for all of its users, but not those of its subdomains. */
    const char *const *admins;        /* owners of every room */
    const char *const *creators;      /* may create rooms, as admins may; empty: everybody */
    const char *const *local_domains; /* of the server's own users */
    struct service_limits limits;
};

struct service;

/* Strings of the settings are borrowed for the service's life, or until the next
 * service_configure(); store and outbox for its life. */
struct service *service_new(const struct service_settings *settings, struct store *store,
                            struct outbox *outbox, const struct hash_seed *seed);
void service_free(struct service *service);

/* Takes other settings, between two turns. The domain must be the same. */
void service_configure(struct service *service, const struct service_settings *settings);

/* What time it is in this turn: since 1970, and of a clock that never goes back. */
void service_time(struct service *service, int64_t wall_ms, int64_t mono_ms);

/* So much weight (see coven/outbox.h) the server handles in a second, when it has enough to do. */
void service_speed(struct service *service, uint64_t weight);

/* Memory is short: what takes more of it is refused. */
void service_memory(struct service *service, bool tight);

/* Handles one stanza. `cut`: it was too large, and a part of it is missing. */
void service_stanza(struct service *service, xmpp_stanza_t *stanza, bool cut);

/* What is due by the clock: locks that run out, rows to be tidied away. Once a second or so, and
 * some milliseconds later again when it answers false: no turn is to be long, and there is more. */
bool service_tick(struct service *service);

/*
 * What is done in steps, such as the loading of a large room: in how many milliseconds the next one
 * is due; -1: there is nothing to be done. service_step() is to be called then in a turn of its
 * own, and what service_unpark() gives is handled in that turn, like any stanza that came in (the
 * caller's reference; NULL: no more).
 */
int64_t service_step_due_in(const struct service *service);
void service_step(struct service *service);
xmpp_stanza_t *service_unpark(struct service *service, bool *cut_r);

/* Did the store fail a write in this turn? Then the turn must be dropped. */
bool service_failed(const struct service *service);

/* The turn was committed. */
void service_settle(struct service *service);

/* The turn is dropped: rooms that it changed are forgotten, and loaded again when they are needed.
 */
void service_forget(struct service *service);

/* Answers wait/resource-constraint to a stanza of a dropped turn, if it may be answered. */
void service_refuse(struct service *service, xmpp_stanza_t *stanza);

/* Must this stanza of a dropped turn be handled again? Leaves and bounces must not be lost. */
bool service_must_retry(xmpp_stanza_t *stanza);

/*
 * Tasks of turns that were committed, users' in turn; NULL: no more of that kind, or none until
 * some that were taken are freed, or less waits to be sent. Whoever takes one has it run, in
 * whatever thread, gives it back with its finish() in a turn, and frees it when that turn has
 * ended.
 */
struct task *service_take_task(struct service *service, enum task_kind kind);
void service_task_free(struct service *service, struct task *task);

/*
 * The link is up, again or for the first time. The service finds out which of the occupants are
 * still there, and then tells again what the server may have missed of presence, in steps.
 */
void service_recover(struct service *service);

/* Is something still to be told again? */
bool service_is_recovering(const struct service *service);

/* The number of the last change of presence, if the server is not known to have it; 0: it is. Of a
 * turn that is not over nothing counts. */
int64_t service_unconfirmed(const struct service *service);

/* The server has everything up to the change of that number. */
void service_confirm(struct service *service, int64_t change);

/* Writes what was put off: the last thing before an end that nobody is to notice. */
void service_save(struct service *service);

/* Tells everybody that the service stops for good (332) and empties the rooms. */
void service_stop(struct service *service);

#endif
