/* Lists of a room's roles and affiliations (muc#admin; XEP-0045, 8.5, 9.2, 9.5, 9.8, 10.5
 * and 10.8), whole or in pages (XEP-0059). */

#include <string.h>

#include "coven/ns.h"
#include "coven/stanza.h"
#include "handlers.h"
#include "muc/say/occupant_list.h"
#include "muc/state/affiliation.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/room.h"

/* ---- Affiliations ---- */

/* Owners may see every list, admins those that they may change, and members of a non-anonymous room
 * the lists of those who belong to it. */
static bool may_list_affiliation(const struct request *request, enum affiliation listed)
{
    const struct room *room = request->room;
    enum affiliation own = affiliation_in(room, jid_bare(&request->from));
    bool family = own >= AFFILIATION_MEMBER && room->config.whois == WHOIS_ANYONE;
    if (own == AFFILIATION_OWNER || (own == AFFILIATION_ADMIN && listed < AFFILIATION_ADMIN))
        return true;
    if (listed == AFFILIATION_MEMBER && request->session &&
        options_lists_members(&room->config, request->session->occupant->role))
        return true;
    return family && listed >= AFFILIATION_MEMBER;
}

/* Index of the page's first entry; for a page read backwards, the index after its last one. */
static unsigned start_of(const struct roll *roll, const struct rsm *wanted)
{
    switch (wanted->from) {
    case RSM_AFTER:
        return roll_before(roll, wanted->key, true);
    case RSM_BEFORE:
        return *wanted->key ? roll_before(roll, wanted->key, false) : roll->count;
    case RSM_START:
    case RSM_INDEX:
        break;
    }
    return wanted->index < roll->count ? wanted->index : roll->count;
}

#define ESCAPED 6 /* bytes that one byte becomes at most */

/* Leaves out a reason that would fill the answer: every item must fit. */
static bool add_entry(struct disco_page *page, const struct affiliation_entry *entry)
{
    struct xml xml;
    if (!disco_page_item_begin(page, &xml))
        return false;
    xml_open(&xml, "item", NULL);
    xml_attr_text(&xml, "affiliation", affiliation_name(entry->affiliation));
    xml_attr_text(&xml, "jid", entry->jid);
    xml_attr_text(&xml, "nick", *entry->nick ? entry->nick : NULL);
    if (*entry->reason && strlen(entry->reason) * ESCAPED <= page->bytes_max / 2)
        xml_element(&xml, "reason", NULL, span_of(entry->reason));
    xml_close(&xml);
    return disco_page_item_end(page, span_of(entry->jid));
}

/* Adds the page's entries. Returns the index of the first one in the answer. */
static unsigned add_part(struct disco_page *page, const struct roll *roll)
{
    unsigned start = start_of(roll, &page->wanted), at = start;
    if (page->wanted.from == RSM_BEFORE) {
        while (at > 0 && add_entry(page, roll->sorted[at - 1]))
            at--;
        return at;
    }
    while (at < roll->count && add_entry(page, roll->sorted[at]))
        at++;
    return start;
}

static void add_all(struct disco_page *page, const struct roll *roll)
{
    const struct affiliation_entry *entry = roll->first;
    while (entry && add_entry(page, entry))
        entry = entry->next;
}

/* The whole list is in the order of the changes, a page in that of the JIDs, which are the keys. */
static void send_roll(struct request *request, struct disco_page *page, const struct roll *roll)
{
    unsigned index = 0;
    if (!page->wanted.given)
        add_all(page, roll);
    if (disco_page_is_part(page)) {
        disco_page_restart(page);
        index = add_part(page, roll);
    }
    disco_page_send(page, request, index, roll->count);
}

static const struct stanza_error *list_affiliation(struct request *request, struct disco_page *page,
                                                   enum affiliation listed)
{
    if (listed == AFFILIATION_NONE)
        return &error_bad_request;
    if (!may_list_affiliation(request, listed))
        return &refusal_list_private;
    send_roll(request, page, &request->room->rolls[listed]);
    return NULL;
}

/* ---- Roles ---- */

static bool has_role(const struct occupant_list *list, const struct occupant *occupant)
{
    return occupant->role == list->role;
}

static bool add_occupant(struct disco_page *page, const struct occupant *occupant)
{
    struct xml xml;
    if (!disco_page_item_begin(page, &xml))
        return false;
    xml_open(&xml, "item", NULL);
    xml_attr_text(&xml, "affiliation", affiliation_name(occupant_affiliation(occupant)));
    xml_attr_text(&xml, "role", role_name(occupant->role));
    xml_attr_text(&xml, "nick", occupant_nick(occupant));
    xml_attr(&xml, "jid", session_jid(occupant_face(occupant)));
    xml_close(&xml);
    return disco_page_item_end(page, occupant_address(occupant));
}

static const struct stanza_error *list_role(struct request *request, struct disco_page *page,
                                            enum role listed)
{
    const struct room *room = request->room;
    const struct occupant_list list = {.request = request,
                                       .has = has_role,
                                       .add = add_occupant,
                                       .count = room->in_role[listed],
                                       .role = listed};
    enum affiliation own = affiliation_in(room, jid_bare(&request->from));
    bool moderator = occupant_highest_role(room, jid_bare(&request->from)) == ROLE_MODERATOR;
    if (listed == ROLE_NONE)
        return &error_bad_request;
    if (!moderator || (listed == ROLE_MODERATOR && own < AFFILIATION_ADMIN))
        return &refusal_list_private;
    return occupant_list_send(&list, page);
}

/* ---- Both ---- */

static const struct stanza_error *list(struct request *request, struct disco_page *page,
                                       xmpp_stanza_t *item)
{
    const char *role = stanza_attr(item, "role"), *affiliation = stanza_attr(item, "affiliation");
    enum role listed_role;
    enum affiliation listed_affiliation;
    if (!role == !affiliation)
        return &error_bad_request;
    if (role)
        return role_named(role, &listed_role) ? list_role(request, page, listed_role)
                                              : &error_bad_request;
    return affiliation_named(affiliation, &listed_affiliation)
               ? list_affiliation(request, page, listed_affiliation)
               : &error_value_not_acceptable;
}

const struct stanza_error *admin_list_get(struct request *request)
{
    xmpp_stanza_t *item = stanza_child(request->payload, "item", NS_MUC_ADMIN);
    struct disco_page page;
    if (!item || stanza_next(item, "item", NS_MUC_ADMIN) || !disco_page_open_whole(&page, request))
        return &error_bad_request;
    const struct stanza_error *error = list(request, &page, item);
    disco_page_close(&page);
    return error;
}
