/* What happens next: chosen by chance among what is possible. People, the last of the modes, have
 * no plan. */
#ifndef CRASH_PLAN_H
#define CRASH_PLAN_H

#include <stdbool.h>

#include "dice.h"
#include "options.h"
#include "world.h"

/*
 * Sets room->change, all but its id and time. False when what chance wanted is not possible now.
 * Nothing may be under way in the room.
 */
bool plan_change(struct room *room, uint32_t seats, enum mode mode, struct dice *dice);

/* Who may speak in the room, whatever becomes of the change under way; false: nobody. */
bool plan_speaker(const struct room *room, uint32_t seats, enum mode mode, struct dice *dice,
                  uint32_t *seat_r);

/* Of a hundred things that happen, how many are messages. */
uint32_t plan_talkativeness(enum mode mode);

#endif
