/*
 * Liveness checks: is the client at this full JID still there? A question is an empty message that
 * is not to be stored, followed by a ping. If the message comes back, the client is gone and leaves
 * all its rooms. Any answer to the ping, or a join, before that means that it is alive. Silence
 * means nothing: a phone may sleep, a link between servers may be down.
 *
 * Two kinds of sessions are asked: those from which a stanza came back for a reason that may pass,
 * once a minute at most, and all of them after the link was down (recovery.h). A server gets a
 * limited number of questions at a time, and only one until it has answered once. If one comes back
 * because the whole domain cannot be reached, all sessions there that were suspected for that
 * reason are gone too.
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
    struct table by_jid;   /* all questions */
    struct table by_id;    /* those that were sent */
    struct table domains;  /* the domains of the sessions, by name */
    struct question *sent; /* those that were sent, in that order; a suspect's stays for a minute,
                              even if answered */
    unsigned open;         /* sent to servers that answer, unanswered, and not silent for long */
    unsigned recovering;   /* of recovery, and not answered yet */
    int64_t last_sent_ms;  /* when the last question of recovery was sent */
    unsigned gone;         /* sessions that recovery found dead; for the log */
    struct question_domain *unreachable; /* domains whose suspects are gone without being asked */
};

/* Asks the session, because a stanza to it came back. `unreachable`: the error was about its whole
 * domain. */
void question_suspect(struct service *service, const struct jid *jid, bool unreachable);

/* Asks the session for recovery. Returns false if its server or the service has too many questions
 * open: the caller tries again later. A session is skipped if its server has never answered and
 * many others wait for it. */
bool question_ask(struct service *service, const struct jid *jid);

/* The session enters a room, so it is alive, even if an older question still comes back. */
void question_note_alive(struct service *service, struct span jid);

/* Gives up questions that take too long. Called once a second. */
void question_tick(struct service *service);

/* question_has_work() returns whether question_step() has something to do; each step does a part of
 * it. */
bool question_has_work(const struct service *service);
void question_step(struct service *service);

/* Ends the turn. Questions of a dropped turn left the outbox unsent, and are staged again. */
void question_settle(struct service *service, bool committed);

/* Handle a bounced message, and an answer to a ping, that come to the service itself. */
request_handler question_bounce;
request_handler question_answer;

void question_forget_all(struct service *service);
void question_free(struct service *service);

#endif
