#include "occupant_list.h"

#include "muc/state/occupant.h"
#include "muc/state/room.h"

/* From this one on, itself included, the first that is in the list. */
static struct occupant *onwards(const struct occupant_list *crowd, struct occupant *occupant)
{
    while (occupant && !crowd->has(crowd, occupant))
        occupant = occupant->next;
    return occupant;
}

static struct occupant *first_of(const struct occupant_list *crowd)
{
    return onwards(crowd, crowd->request->room->occupants);
}

/* From this one back, itself included; the list of a room is a ring backwards. */
static struct occupant *backwards(const struct occupant_list *crowd, struct occupant *occupant)
{
    const struct occupant *head = crowd->request->room->occupants;
    while (occupant && !crowd->has(crowd, occupant))
        occupant = occupant == head ? NULL : occupant->prev;
    return occupant;
}

static struct occupant *before(const struct occupant_list *crowd, const struct occupant *occupant)
{
    bool is_head = occupant == crowd->request->room->occupants;
    return is_head ? NULL : backwards(crowd, occupant->prev);
}

/* How many of them come before that one; NULL: how many there are. */
static unsigned count_before(const struct occupant_list *crowd, const struct occupant *end)
{
    unsigned count = 0;
    for (struct occupant *at = first_of(crowd); at && at != end; at = onwards(crowd, at->next))
        count++;
    return count;
}

static struct occupant *at_index(const struct occupant_list *crowd, uint32_t index)
{
    struct occupant *occupant = first_of(crowd);
    for (; occupant && index > 0; index--)
        occupant = onwards(crowd, occupant->next);
    return occupant;
}

/* The one whose address is the key; NULL: it is not in the list, or not any more. */
static struct occupant *find(const struct occupant_list *crowd, const char *key)
{
    const struct room *room = crowd->request->room;
    struct jid jid;
    if (!jid_parse(span_of(key), &jid) || !span_equal(jid_bare(&jid), room_address(room)))
        return NULL;
    struct occupant *occupant = occupant_find(room, jid_resource(&jid));
    return occupant && crowd->has(crowd, occupant) ? occupant : NULL;
}

/* Where the page begins. False: next to somebody who is not there. */
static bool find_start(const struct occupant_list *crowd, const struct rsm *wanted,
                       struct occupant **at_r)
{
    struct occupant *head = crowd->request->room->occupants;
    if (wanted->from == RSM_START || wanted->from == RSM_INDEX) {
        *at_r = at_index(crowd, wanted->index);
        return true;
    }
    if (wanted->from == RSM_BEFORE && *wanted->key == '\0') {
        *at_r = head ? backwards(crowd, head->prev) : NULL;
        return true;
    }
    struct occupant *key = find(crowd, wanted->key);
    if (key)
        *at_r = wanted->from == RSM_BEFORE ? before(crowd, key) : onwards(crowd, key->next);
    return key != NULL;
}

const struct stanza_error *occupant_list_send(const struct occupant_list *crowd,
                                              struct disco_page *page)
{
    bool back = page->wanted.from == RSM_BEFORE;
    struct occupant *at = NULL, *first = NULL;
    if (disco_page_is_far(page, crowd->request->room->occupants_by_nick.count))
        return &error_feature_not_implemented;
    if (!find_start(crowd, &page->wanted, &at))
        return &error_item_not_found;
    while (at && crowd->add(page, at)) {
        if (back || !first)
            first = at;
        at = back ? before(crowd, at) : onwards(crowd, at->next);
    }
    bool part = disco_page_is_part(page);
    disco_page_send(page, crowd->request, first && part ? count_before(crowd, first) : 0,
                    part ? count_before(crowd, NULL) : 0);
    return NULL;
}
