/* Registration with a room (XEP-0045, 7.10): it reserves a nick, and makes a user without
 * affiliation a member. */
#ifndef MUC_REGISTER_H
#define MUC_REGISTER_H

#include "coven/prep.h"
#include "muc/state/request.h"

struct form;

/* Reads the nick of a submitted form into `nick`, prepared. Returns NULL if it may be reserved for
 * that bare JID. */
const struct stanza_error *register_read(struct request *request, const struct form *form,
                                         struct span bare, char nick[PREP_SIZE]);

/* Registers the user, and tells those who may know of it. */
void register_apply(struct room *room, struct span bare, const char *nick);

/* Answers the request and asks admins and owners to approve it: those who are inside or, if nobody
 * is, at their accounts. They are asked once, until one of them has answered. */
const struct stanza_error *register_ask(struct request *request, struct span nick);

/* Shows a session that has just entered which users wait for an answer, if it may give one. */
void register_show_applicants(const struct session *session);

#endif
