/*
 * Telling again. What was committed and handed over may still be lost on its way: with a link that
 * is cut, or with covend itself. So changes of presence are numbered. A session's row bears the
 * number of the change that let it in and of the last one that others saw; what was told of an end
 * is kept with a number of its own. Now and then the server is asked what it has. When the link is
 * up again, and it was found out who is still there (heal.h), all that is above the number
 * confirmed last is told once more: first the ends, then how things are. Presence can be told
 * twice. Messages need not be: they are in the archive.
 */
#ifndef MUC_TELL_H
#define MUC_TELL_H

#include <stdbool.h>
#include <stdint.h>

struct rendered;
struct room;
struct service;
struct session;

enum tell_stage {
    TELL_NOTHING,
    TELL_LATER, /* when it is known who is still there to be told */
    TELL_DEPARTURES,
    TELL_STANDINGS,
};

struct tell_state {
    int64_t confirmed; /* the last change that the server is known to have */
    enum tell_stage stage;
    int64_t until;  /* changes up to this one are told again; later ones were not lost */
    int64_t cursor; /* the last that was told: the number of a departure, or the id of a session */
};

struct telling {
    int64_t last;           /* the last number that was given out */
    int64_t settled;        /* the last one of turns that are over */
    struct tell_state now;  /* in this turn */
    struct tell_state kept; /* as the last committed turn left it */
};

/* Reads what the store knows. */
void tell_init(struct service *service);

/* The number for one more change. */
int64_t tell_next_change(struct service *service);

/* The numbers are in stores. */
enum tell_audience {
    TELL_ITSELF, /* the session */
    TELL_ROOM,   /* everybody else: its occupant is gone, though the session may be another's now */
    TELL_OTHERS, /* everybody else: its occupant stays, and is not to hear that it is gone for them
                  */
};

/* Keeps what is told of the end of a session, or of its occupant, until the server has it. */
void tell_keep(const struct session *session, enum tell_audience audience,
               const struct rendered *stanza);

/* Begins to tell again, if there is anything to be told; service_tell() goes on. */
void tell_begin(struct service *service);

/* At the end of the turn, when it was `kept`, or dropped. */
void tell_settle(struct service *service, bool kept);

#endif
