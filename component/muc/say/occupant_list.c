#include "occupant_list.h"

#include "muc/state/occupant.h"
#include "muc/state/room.h"

/* The first occupant in the list from this one on. */
static struct occupant *onwards(const struct occupant_list *list, struct occupant *occupant)
{
    while (occupant && !list->has(list, occupant))
        occupant = occupant->next;
    return occupant;
}

static struct occupant *first_of(const struct occupant_list *list)
{
    return onwards(list, list->request->room->occupants);
}

/* The last occupant in the list up to this one. (A room's occupants are a ring backwards.) */
static struct occupant *backwards(const struct occupant_list *list, struct occupant *occupant)
{
    const struct occupant *head = list->request->room->occupants;
    while (occupant && !list->has(list, occupant))
        occupant = occupant == head ? NULL : occupant->prev;
    return occupant;
}

static struct occupant *before(const struct occupant_list *list, const struct occupant *occupant)
{
    bool is_head = occupant == list->request->room->occupants;
    return is_head ? NULL : backwards(list, occupant->prev);
}

/* The index of the page's first occupant. It is found by counting, and stays unknown in a large
 * room. */
static int64_t index_of(const struct occupant_list *list, const struct rsm *wanted,
                        const struct occupant *first)
{
    int64_t index = 0;
    if (!first || wanted->from == RSM_START || wanted->from == RSM_INDEX)
        return wanted->index;
    if (list->request->room->occupants_by_nick.count > DISCO_PAGE_INDEX_MAX)
        return -1;
    for (struct occupant *at = first_of(list); at && at != first; at = onwards(list, at->next))
        index++;
    return index;
}

static struct occupant *at_index(const struct occupant_list *list, uint32_t index)
{
    struct occupant *occupant = first_of(list);
    for (; occupant && index > 0; index--)
        occupant = onwards(list, occupant->next);
    return occupant;
}

/* The occupant whose address is the key; NULL: it is not in the list. Who has another role by now
 * still marks a position in the list of a role. */
static struct occupant *find(const struct occupant_list *list, const char *key)
{
    const struct room *room = list->request->room;
    struct jid jid;
    if (!jid_parse(span_of(key), &jid) || !span_equal(jid_bare(&jid), room_address(room)))
        return NULL;
    struct occupant *occupant = occupant_find(room, jid_resource(&jid));
    bool known = list->role != ROLE_NONE || (occupant && list->has(list, occupant));
    return known ? occupant : NULL;
}

/* Finds the page's first occupant; NULL: the page is empty. False: the key is not found. */
static bool find_start(const struct occupant_list *list, const struct rsm *wanted,
                       struct occupant **at_r)
{
    struct occupant *head = list->request->room->occupants;
    if (wanted->from == RSM_START || wanted->from == RSM_INDEX) {
        *at_r = at_index(list, wanted->index);
        return true;
    }
    if (wanted->from == RSM_BEFORE && *wanted->key == '\0') {
        *at_r = head ? backwards(list, head->prev) : NULL;
        return true;
    }
    struct occupant *key = find(list, wanted->key);
    if (key)
        *at_r = wanted->from == RSM_BEFORE ? before(list, key) : onwards(list, key->next);
    return key != NULL;
}

const struct stanza_error *occupant_list_send(const struct occupant_list *list,
                                              struct disco_page *page)
{
    bool back = page->wanted.from == RSM_BEFORE;
    struct occupant *at = NULL, *first = NULL;
    if (disco_page_is_far(page, list->request->room->occupants_by_nick.count))
        return &error_feature_not_implemented;
    if (!find_start(list, &page->wanted, &at))
        return &error_item_not_found;
    while (at && list->add(page, at)) {
        if (back || !first)
            first = at;
        at = back ? before(list, at) : onwards(list, at->next);
    }
    bool part = disco_page_is_part(page);
    disco_page_send(page, list->request, part ? index_of(list, &page->wanted, first) : 0,
                    list->count);
    return NULL;
}
