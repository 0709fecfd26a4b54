#include "actor.h"

#include <stdlib.h>

#include "affiliation.h"
#include "coven/mem.h"
#include "occupant.h"
#include "request.h"

struct actor actor_of(const struct request *request)
{
    const struct session *session = request->session;
    if (request->operator)
        return (struct actor){NULL, NULL};
    struct span jid = session ? jid_full(&request->from) : jid_bare(&request->from);
    return (struct actor){
        .nick = session ? mem_string(occupant_nick(session->occupant)) : NULL,
        .jid = mem_copy(jid.at, jid.len),
    };
}

void actor_free(struct actor *actor)
{
    free(actor->nick);
    free(actor->jid);
}

enum affiliation actor_affiliation(const struct request *request)
{
    return request->operator? AFFILIATION_OWNER
                            : affiliation_in(request->room, jid_bare(&request->from));
}

struct rank actor_rank(const struct request *request)
{
    struct span bare = jid_bare(&request->from);
    enum role role = request->operator? ROLE_MODERATOR : occupant_highest_role(request->room, bare);
    return (struct rank){actor_affiliation(request), role};
}
