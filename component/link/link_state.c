#include "coven/bug.h"
#include "link/link_private.h"

#define TO(state) (1u << (state))

static const unsigned next_states[] = {
    [LINK_IDLE] = TO(LINK_RESOLVING) | TO(LINK_CONNECTING) | TO(LINK_STOPPED),
    [LINK_RESOLVING] = TO(LINK_CONNECTING) | TO(LINK_IDLE),
    [LINK_CONNECTING] = TO(LINK_GREETING) | TO(LINK_UP) | TO(LINK_FAILED),
    [LINK_GREETING] = TO(LINK_UP) | TO(LINK_FAILED),
    [LINK_UP] = TO(LINK_CLOSING) | TO(LINK_LOST),
    [LINK_CLOSING] = TO(LINK_LOST),
    [LINK_FAILED] = TO(LINK_IDLE),
    [LINK_LOST] = TO(LINK_IDLE),
    [LINK_STOPPED] = 0,
};

void link_set_state(struct link *link, enum link_state next)
{
    coven_assert(next_states[link->state] & TO(next));
    link->state = next;
}
