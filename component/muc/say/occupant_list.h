/* Lists of a room's occupants in the order in which they entered, whole or in pages. The caller
 * decides who is in the list and how an occupant is written. */
#ifndef MUC_OCCUPANT_LIST_H
#define MUC_OCCUPANT_LIST_H

#include <stdbool.h>

#include "disco_page.h"
#include "muc/state/privilege.h"

struct occupant;

struct occupant_list {
    struct request *request;
    bool (*has)(const struct occupant_list *list, const struct occupant *occupant);
    bool (*add)(struct disco_page *page,
                const struct occupant *occupant); /* adds the occupant; false: the page is full */
    unsigned count;                               /* of all who are in the list */
    enum role role; /* everybody in the list has it; ROLE_NONE: it is no list of a role */
};

/* Sends the page. A key is the address of an occupant. */
const struct stanza_error *occupant_list_send(const struct occupant_list *list,
                                              struct disco_page *page);

#endif
