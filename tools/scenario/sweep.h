/* Destroys the rooms that a script leaves, on any MUC service, by the account that owns each. */
#ifndef SCENARIO_SWEEP_H
#define SCENARIO_SWEEP_H

#include <libxml/tree.h>

#include "stage.h"

struct sweep {
    struct sweep_room *rooms;
    int count;
};

/* Remembers the room of a presence to ROOM@SERVICE/NICK, before it is sent. */
void sweep_note(struct sweep *sweep, const struct stage *stage, const xmlNode *element);

/*
 * Destroys the rooms; accounts that are not connected log in for that. Closes all connections,
 * which ends the temporary rooms that none of the accounts owns.
 */
void sweep_run(struct sweep *sweep, struct stage *stage);

void sweep_free(struct sweep *sweep);

#endif
