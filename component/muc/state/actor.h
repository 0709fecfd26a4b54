/* Who causes a change of somebody else's role or affiliation, as those inside may know the actor.
 * It outlives the actor's own departure. */
#ifndef MUC_ACTOR_H
#define MUC_ACTOR_H

struct request;

struct actor {
    char *nick; /* NULL: not inside */
    char *jid;  /* for those who see real JIDs; a full one if the actor is inside */
};

/* The sender of the request. The caller ends with actor_free(). */
struct actor actor_of(const struct request *request);
void actor_free(struct actor *actor);

#endif
