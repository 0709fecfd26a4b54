/* Who causes a change of somebody else's role or affiliation, as those inside may know the actor.
 * It outlives the actor's own departure. */
#ifndef MUC_ACTOR_H
#define MUC_ACTOR_H

#include "privilege.h"

struct request;

struct actor {
    char *nick; /* NULL: not inside */
    char *jid; /* for those who see real JIDs; a full one if the actor is inside; NULL: an operator,
                  of whom nobody is told */
};

/* The sender of the request. The caller ends with actor_free(). */
struct actor actor_of(const struct request *request);
void actor_free(struct actor *actor);

/* The rank of the request's sender in its room, which is not NULL. Operators have the highest. */
struct rank actor_rank(const struct request *request);
enum affiliation actor_affiliation(const struct request *request);

#endif
