/* Draws what happens next among what is possible. For all modes but people. */
#ifndef CRASH_PLAN_H
#define CRASH_PLAN_H

#include <stdbool.h>

#include "dice.h"
#include "model.h"
#include "options.h"

/*
 * Draws a change and sets room->change, but for its id and time. False: the drawn change is not
 * possible now. No change may be under way in the room.
 */
bool plan_change(struct model_room *room, uint32_t seats, enum mode mode, struct dice *dice);

/* Draws somebody who may speak whatever becomes of the change under way. False: nobody may. */
bool plan_speaker(const struct model_room *room, uint32_t seats, enum mode mode, struct dice *dice,
                  uint32_t *seat_r);

/* The share of messages among all that happens, in percent. */
uint32_t plan_talkativeness(enum mode mode);

#endif
