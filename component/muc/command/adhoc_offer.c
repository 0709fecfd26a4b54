#include "adhoc_offer.h"

#include <string.h>

#include "coven/domain.h"
#include "handlers.h"
#include "muc/state/affiliation.h"
#include "muc/state/service_state.h"
#include "runs.h"

#define NODE_PREFIX "urn:coven:0#"

void adhoc_node(const struct command *command, struct buf *out)
{
    if (command->node)
        buf_add_text(out, command->node);
    else
        buf_printf(out, NODE_PREFIX "%s", command->name);
}

void adhoc_title(const struct command *command, struct buf *out)
{
    char first = *command->summary;
    buf_add_char(out, first >= 'a' && first <= 'z' ? (char)(first - 'a' + 'A') : first);
    buf_add_text(out, command->summary + 1);
}

static bool has_node(const struct command *command, const char *node)
{
    size_t prefix = strlen(NODE_PREFIX);
    if (command->node)
        return strcmp(command->node, node) == 0;
    return strncmp(node, NODE_PREFIX, prefix) == 0 && strcmp(node + prefix, command->name) == 0;
}

static bool is_room(const struct command_argument *argument)
{
    return argument && argument->kind == ARGUMENT_ROOM;
}

/* A room has the commands that are about one. */
static bool is_here(const struct request *request, const struct command *command)
{
    if (!run_handlers[command_id_of(command)].step)
        return false;
    return !request->room || is_room(command_argument_find(command, "room"));
}

const struct command *adhoc_find(const struct request *request, const char *node)
{
    const struct command *command;
    for (size_t i = 0; (command = command_at(i)); i++) {
        if (has_node(command, node))
            return is_here(request, command) ? command : NULL;
    }
    return NULL;
}

bool adhoc_is_operator(const struct request *request)
{
    return domain_lists(request->service->settings.admins, jid_bare(&request->from));
}

bool adhoc_allows(const struct request *request, const struct command *command)
{
    enum affiliation rank = AFFILIATION_NONE;
    if (request->room)
        rank = affiliation_in(request->room, jid_bare(&request->from));
    return runs_allow(command, adhoc_is_operator(request), rank);
}

bool adhoc_offers(const struct request *request, const struct command *command)
{
    return is_here(request, command) && adhoc_allows(request, command);
}

bool adhoc_asks(const struct request *request, const struct command_argument *argument)
{
    return !request->room || !is_room(argument) || strcmp(argument->name, "room") != 0;
}
