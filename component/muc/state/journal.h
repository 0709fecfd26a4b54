/*
 * The journal of presence. What was committed and handed over may still be lost on its way, with a
 * link that is cut or with covend itself. So changes of presence are numbered. A session's row has
 * the number of the change that let it in and of the last change that others saw; what was told of
 * an end is kept in the store, under a number of its own, until the server has it. Now and then the
 * server is asked what it has. When the link is up again, recovery tells once more all that is
 * above the number confirmed last. Presence can be told twice. Messages need not be: they are in
 * the archive.
 */
#ifndef MUC_JOURNAL_H
#define MUC_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

struct rendered;
struct service;
struct session;

struct journal {
    int64_t last;             /* the last number that was given out */
    int64_t settled;          /* the last one of turns that are over */
    int64_t confirmed;        /* the last change that the server is known to have, in this turn, */
    int64_t confirmed_before; /* and as the last committed turn left it */
};

/* Reads what the store knows. */
void journal_init(struct service *service);

/* The number for one more change. */
int64_t journal_next(struct service *service);

/* Who was told of an end. The numbers are in stores. */
enum journal_reader {
    JOURNAL_ITSELF, /* the session that ended */
    JOURNAL_ROOM,   /* everybody else; the session may have entered again under another nick */
    JOURNAL_OTHERS, /* everybody else, but the occupant stays: they no longer see it */
};

/* Keeps what is told of the end of a session, or of its occupant, until the server has it. */
void journal_keep(const struct session *session, enum journal_reader reader,
                  const struct rendered *stanza);

/* At the end of a turn that was committed or dropped. */
void journal_settle(struct service *service, bool committed);

#endif
