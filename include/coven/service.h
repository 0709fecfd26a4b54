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

/* Limits; whatever would grow above one is refused with an error. */
struct service_limits {
    unsigned rooms;         /* of the service */
    unsigned occupants;     /* of a room; what its owners may choose as well */
    unsigned sessions;      /* under one nick */
    unsigned user_sessions; /* of one user, in all rooms */
    unsigned user_created;  /* rooms that exist and that one user created */
    unsigned user_rate;     /* messages and presences of one user a second; 0: any number */
    unsigned user_burst;    /* and so many at once */
    unsigned visit_rate;    /* the same of one user in one room, */
    unsigned visit_burst;
    unsigned room_rate; /* and of all users in one room */
    unsigned room_burst;
    unsigned own_domain_factor; /* of the local domains' users: their rates are larger */
    unsigned answer_rate;       /* bytes a second that one user may cause to be sent, beside what */
    unsigned answer_burst;      /* rooms pass on, and at once; 0: any number */
    unsigned refusal_rate;      /* refusals a second that one user is sent, and at once; 0: all */
    unsigned refusal_burst;
    unsigned user_queue_ms;   /* of the server's time, that one user may cause at once; 0: any */
    unsigned room_queue_ms;   /* that a room may have before it; 0: any */
    unsigned affiliations;    /* of a room */
    unsigned items;           /* of one request that changes lists */
    unsigned history;         /* messages on join; what its owners may choose as well */
    unsigned history_bytes;   /* of these */
    unsigned history_seconds; /* from one join of a user's to the next that shows it; 0: none */
    unsigned nick_chars;      /* code points */
    unsigned room_name_bytes; /* of the local part */
    unsigned stanza_bytes;    /* of a message passed on, or of an answer */
    unsigned subject_bytes;
    unsigned reason_bytes;    /* of a reason, or of any other text given along with a request */
    unsigned presence_bytes;  /* of what an occupant's presence may hold */
    unsigned option_bytes;    /* of one text option of a room */
    unsigned vcard_bytes;     /* of a room's vCard, with its avatar */
    unsigned departures;      /* kept to be told again, counted in changes of presence */
    unsigned lock_seconds;    /* until a room that nobody configured unlocks itself */
    unsigned vacant_seconds;  /* that a temporary room waits for people who were all lost */
    unsigned idle_rooms;      /* kept in memory though nobody is in them */
    unsigned invites;         /* in one message, */
    unsigned hour_invites;    /* and of one user in an hour; 0: any number */
    unsigned voice_seconds;   /* between two requests for voice of an occupant; 0: no limit */
    unsigned relays;          /* IQs between occupants that wait for an answer, of the service */
    unsigned user_relays;     /* the same of one user */
    unsigned relay_seconds;   /* until one of these is answered with an error */
    unsigned whispers;        /* private messages whose errors can be told to their authors, */
    unsigned user_whispers;   /* the same of one user, */
    unsigned whisper_seconds; /* and for how long after one was sent */
    unsigned questions;       /* sessions that are asked whether they are there, or wait for that */
    unsigned parked;          /* stanzas that wait for large rooms to be loaded, of the service, */
    unsigned parked_kib;      /* and their size */
    unsigned archive_page;    /* messages of an archive in one answer; never 0 */
    unsigned archive_days;    /* that messages are kept; 0: for ever */
    unsigned archive_keep;    /* messages of a room's archive; 0: all */
    unsigned archive_queries; /* that are answered or wait for that, of the service, */
    unsigned user_queries;    /* and of one user: each for pages, and again for searches */
    unsigned search_ms;       /* that a search of an archive may take */
};

struct service_settings {
    const char *domain;       /* prepared */
    const char *name;         /* what disco shows */
    bool list_occupants;      /* disco shows to anybody who is in a public room */
    bool open_registration;   /* in a new room everybody may register */
    bool strict_registration; /* who may not is told not-allowed, and not registration-required */
    /* Bare JIDs, prepared; a domain stands for everybody there, but for nobody below it. Each list
     * ends with NULL. */
    const char *const *admins; /* owners of every room */
    const char *const
        *creators; /* who may create rooms beside the admins; an empty list: everybody */
    const char *const *local_domains; /* the server's own */
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
