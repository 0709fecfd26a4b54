/* The lists of a room (XEP-0045, 8.5, 9.2, 9.5, 9.8, 10.5 and 10.8): who has which role or
 * affiliation. */

#include <string.h>

#include "coven/ns.h"
#include "coven/stanza.h"
#include "handlers.h"
#include "occupant.h"
#include "room.h"
#include "service_state.h"

/* Owners see every list, admins those that they may change, members of a non-anonymous room who
 * belongs to it. */
static bool may_list_affiliation(const struct request *request, enum affiliation listed)
{
    const struct room *room = request->room;
    enum affiliation own = room_affiliation(room, jid_bare(&request->from));
    bool family = own >= AFFILIATION_MEMBER && room->config.whois == WHOIS_ANYONE;
    if (own == AFFILIATION_OWNER || (own == AFFILIATION_ADMIN && listed < AFFILIATION_ADMIN))
        return true;
    if (listed == AFFILIATION_MEMBER && request->session &&
        room_config_lists_members(&room->config, request->session->occupant->role))
        return true;
    return family && listed >= AFFILIATION_MEMBER;
}

static const struct stanza_error *list_affiliation(struct request *request, enum affiliation listed)
{
    const struct room *room = request->room;
    if (listed == AFFILIATION_NONE)
        return &error_bad_request;
    if (!may_list_affiliation(request, listed))
        return &error_forbidden;
    struct draft draft = request_result_open(request);
    xml_open(&draft.xml, "query", NS_MUC_ADMIN);
    for (struct affiliation_entry *entry = room->affiliations; entry; entry = entry->next) {
        if (entry->affiliation != listed)
            continue;
        xml_open(&draft.xml, "item", NULL);
        xml_attr_text(&draft.xml, "affiliation", affiliation_name(listed));
        xml_attr_text(&draft.xml, "jid", entry->jid);
        xml_attr_text(&draft.xml, "nick", *entry->nick ? entry->nick : NULL);
        if (*entry->reason)
            xml_element(&draft.xml, "reason", NULL, span_of(entry->reason));
        xml_close(&draft.xml);
    }
    xml_close(&draft.xml);
    request_send(request, &draft);
    return NULL;
}

static const struct stanza_error *list_role(struct request *request, enum role listed)
{
    const struct room *room = request->room;
    enum affiliation own = room_affiliation(room, jid_bare(&request->from));
    bool moderator = room_highest_role(room, jid_bare(&request->from)) == ROLE_MODERATOR;
    if (listed == ROLE_NONE)
        return &error_bad_request;
    if (!moderator || (listed == ROLE_MODERATOR && own < AFFILIATION_ADMIN))
        return &error_forbidden;
    struct draft draft = request_result_open(request);
    xml_open(&draft.xml, "query", NS_MUC_ADMIN);
    for (struct occupant *occupant = room->occupants; occupant; occupant = occupant->next) {
        if (occupant->role != listed)
            continue;
        xml_open(&draft.xml, "item", NULL);
        xml_attr_text(&draft.xml, "affiliation", affiliation_name(occupant_affiliation(occupant)));
        xml_attr_text(&draft.xml, "role", role_name(listed));
        xml_attr_text(&draft.xml, "nick", occupant_nick(occupant));
        xml_attr(&draft.xml, "jid", session_jid(occupant->sessions));
        xml_close(&draft.xml);
    }
    xml_close(&draft.xml);
    request_send(request, &draft);
    return NULL;
}

const struct stanza_error *admin_get(struct request *request)
{
    xmpp_stanza_t *item = stanza_child(request->payload, "item", NS_MUC_ADMIN);
    const char *role = item ? stanza_attr(item, "role") : NULL;
    const char *affiliation = item ? stanza_attr(item, "affiliation") : NULL;
    enum role listed_role;
    enum affiliation listed_affiliation;
    if (!item || stanza_next(item, "item", NS_MUC_ADMIN) || !role == !affiliation)
        return &error_bad_request;
    if (role)
        return role_named(role, &listed_role) ? list_role(request, listed_role)
                                              : &error_bad_request;
    return affiliation_named(affiliation, &listed_affiliation)
               ? list_affiliation(request, listed_affiliation)
               : &error_value_not_acceptable;
}
