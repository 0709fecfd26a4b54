/*
 * Is this session still there? An empty message that is not to be stored asks it, and a ping behind
 * that. If the message comes back, nobody is at that address any more, and the session is out of
 * all its rooms. Any answer to the ping, or a join, before that says that it lives. Silence says
 * nothing: a client may sleep, a link may be down.
 *
 * Asked are those whose stanzas came back for a reason that may pass, once a minute at most, and
 * after the link was away everybody (recovery.h). No server is asked much at once, and one that has
 * not answered yet only once: if it cannot be reached, that holds for all of whom the same was
 * said.
 */
#ifndef MUC_QUESTION_H
#define MUC_QUESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"
#include "coven/table.h"
#include "muc/state/request.h"

struct jid;
struct question;
struct question_domain;
struct service;

struct questions {
    struct table by_jid;    /* all */
    struct table by_id;     /* those that were asked */
    struct table domains;   /* whose users they are for */
    struct question *asked; /* in that order; a suspect for a minute, though it has answered */
    unsigned open;       /* asked of servers that answer, and no answer yet, nor silent for long */
    unsigned recovering; /* for recovery, and not answered yet */
    int64_t asked_last_ms;               /* when the last one of these was asked */
    unsigned gone;                       /* sessions that recovery found dead, for the log */
    struct question_domain *unreachable; /* with users who need not be asked any more */
};

/* Something that was sent to the session came back; `unreachable`: because of its server. */
void question_suspect(struct service *service, const struct jid *jid, bool unreachable);

/* False: its server has enough to answer, or the service to ask. Later again. */
bool question_ask(struct service *service, const struct jid *jid);

/* The session enters a room, so it lives, even if what it was asked before comes back. */
void question_see(struct service *service, struct span jid);

/* Gives up what takes too long. Each second. */
void question_tick(struct service *service);

/* Is there something to be done in the next turn, and then does a part of it. */
bool question_is_behind(const struct service *service);
void question_step(struct service *service);

/* The turn ends. What a dropped one asked was never sent. */
void question_settle(struct service *service, bool committed);

/* A message, or an answer to a ping, that comes to the service itself. */
request_handler question_bounce;
request_handler question_answer;

void question_forget_all(struct service *service);
void question_free(struct service *service);

#endif
