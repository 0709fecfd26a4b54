/*
 * What a script leaves behind is taken away: its rooms are destroyed, by whichever of its accounts
 * owns them, on any MUC service.
 */
#ifndef SCENARIO_SWEEP_H
#define SCENARIO_SWEEP_H

#include <libxml/tree.h>

#include "stage.h"

struct sweep {
    struct sweep_room *rooms;
    int count;
};

/* Remembers the room that an element, about to be sent, enters: presence to ROOM@SERVICE/NICK. */
void sweep_note(struct sweep *sweep, const struct stage *stage, const xmlNode *element);

/*
 * Destroys the rooms. Accounts that are not connected log in for it; all are closed afterwards.
 * A room that none of them owns goes when they leave.
 */
void sweep_run(struct sweep *sweep, struct stage *stage);

void sweep_free(struct sweep *sweep);

#endif
