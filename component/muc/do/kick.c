#include "kick.h"

#include "leave.h"
#include "muc/say/presence.h"

static struct presence_event event_of(const struct occupant *occupant, const struct actor *actor,
                                      const char *reason)
{
    struct presence_event event = presence_event_gone(occupant);
    presence_event_code(&event, 307);
    event.actor = actor;
    event.reason = reason;
    return event;
}

void kick_tell(const struct occupant *occupant, const struct actor *actor, const char *reason)
{
    struct presence_event event = event_of(occupant, actor, reason);
    presence_to_self(occupant, &event);
}

void kick_remove(struct occupant *occupant, const struct actor *actor, const char *reason)
{
    struct presence_event event = event_of(occupant, actor, reason);
    leave_silence(occupant);
    presence_to_others(occupant, &event);
    leave_remove(occupant);
}
