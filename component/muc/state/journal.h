/*
 * The journal of presence. What was committed and handed over can still be lost, if the link breaks
 * or covend crashes. So changes of presence are numbered: a session's row has the number of the
 * change with which it entered and of the last change that others saw, and a departure is kept in
 * the store under its own number until the server has it. Now and then the server is asked to
 * confirm. When the link is up again, recovery resends all presence above the last confirmed
 * number. Presence can be sent twice without harm. Messages are not resent: they are in the
 * archive.
 */
#ifndef MUC_JOURNAL_H
#define MUC_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

struct rendered;
struct service;
struct session;

struct journal {
    int64_t last;             /* the last number used */
    int64_t settled;          /* the last number used in turns that are over */
    int64_t confirmed;        /* the last change that the server has confirmed, in this turn */
    int64_t confirmed_before; /* the same, after the last committed turn */
};

/* Reads the numbers from the store. */
void journal_init(struct service *service);

/* Returns a new number for a change. */
int64_t journal_next(struct service *service);

/* Who was told of a departure. The numbers are in stores. */
enum journal_reader {
    JOURNAL_ITSELF, /* the session that left */
    JOURNAL_ROOM,   /* everybody else; the user may have entered again under another nick */
    JOURNAL_OTHERS, /* everybody else; the occupant is still inside, but is not shown any more */
};

/* Stores the stanza that tells of a departure until the server has it. The oldest ones are dropped
 * when there are too many (`departures`). */
void journal_keep(const struct session *session, enum journal_reader reader,
                  const struct rendered *stanza);

/* Ends the turn, which was committed or dropped. */
void journal_settle(struct service *service, bool committed);

#endif
