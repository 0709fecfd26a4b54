/* Being registered with a room (XEP-0045, 7.10): a nick is reserved, and who was nobody is member.
 */
#ifndef MUC_REGISTER_H
#define MUC_REGISTER_H

#include "coven/prep.h"
#include "muc/state/request.h"

struct form;

/*
 * Reads the nick in a submitted form. NULL when it may be reserved for that bare JID (`nick` is
 * prepared then), else the error.
 */
const struct stanza_error *register_read(struct request *request, const struct form *form,
                                         struct span bare, char nick[PREP_SIZE]);

/* Registers the user, and tells those who may know of it. */
void register_apply(struct room *room, struct span bare, const char *nick);

/* Asks the admins and owners to decide: those inside or, when there are none, at their accounts. */
const struct stanza_error *register_ask(struct request *request, const char *nick);

#endif
