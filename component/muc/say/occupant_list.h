/* Lists of those in a room, in the order in which they came in, whole or a part at a time: who is
 * in a list, and how it is written there, is the caller's to say. */
#ifndef MUC_OCCUPANT_LIST_H
#define MUC_OCCUPANT_LIST_H

#include <stdbool.h>

#include "disco_page.h"
#include "muc/state/privilege.h"

struct occupant;

struct occupant_list {
    struct request *request;
    bool (*has)(const struct occupant_list *crowd, const struct occupant *occupant);
    bool (*add)(struct disco_page *page,
                const struct occupant *occupant); /* false: the page is full */
    enum role role;                               /* the caller's, for has() */
};

/* Sends the part that the page is for; keys are the addresses of occupants. */
const struct stanza_error *occupant_list_send(const struct occupant_list *crowd,
                                              struct disco_page *page);

#endif
