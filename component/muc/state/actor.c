#include "actor.h"

#include <stdlib.h>

#include "coven/mem.h"
#include "occupant.h"
#include "request.h"

struct actor actor_of(const struct request *request)
{
    const struct session *session = request->session;
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
