/* Removing an occupant by force (XEP-0045, 8.2): status 307, with the actor and the reason, each of
 * which may be NULL. */
#ifndef MUC_KICK_H
#define MUC_KICK_H

struct actor;
struct occupant;

/* Tells the occupant that it is removed. The first half. */
void kick_tell(const struct occupant *occupant, const struct actor *actor, const char *reason);

/* Drops what it has said and is still queued, tells the others, and removes it. The room may be
 * gone. */
void kick_remove(struct occupant *occupant, const struct actor *actor, const char *reason);

#endif
