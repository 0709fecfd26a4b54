/* What attackers say and do: the functions of the table's rows, by file. */
#ifndef ATTACK_SAYS_H
#define ATTACK_SAYS_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"

struct stage;

#define SAY(name) void name(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)

/* floods.c: what reaches everybody in a room. */
SAY(flood_small);
SAY(flood_private);
SAY(flood_presence);
SAY(flood_nick);
SAY(flood_join_leave);
SAY(flood_resync);
SAY(flood_resync_100);
void flood_big(struct stage *stage);
void flood_kick(struct stage *stage);
void flood_history_20(struct stage *stage);
void flood_history_100(struct stage *stage);

/* asks.c: questions, whose answers cost more than they. */
SAY(ask_avatar);
SAY(ask_lists);
SAY(ask_archive);
void ask_relays(struct stage *stage);
bool ask_set_avatar(struct stage *stage);
bool ask_fill_archive(struct stage *stage);

/* begs.c: what makes the service write to people who never asked. */
SAY(beg_invite);
SAY(beg_decline);
SAY(beg_voice);
SAY(beg_registration);
SAY(beg_password);
void beg_passwords(struct stage *stage);

/* rooms.c: rooms, and presences in many of them. */
SAY(rooms_create);
SAY(rooms_presence);

/* refusals.c: what is refused, or passed over. */
SAY(refusal_nowhere);
SAY(refusal_outside);
SAY(refusal_bad);
SAY(refusal_unknown);
SAY(refusal_conflict);
SAY(refusal_large);
SAY(refusal_answers);
SAY(refusal_probe);

/* odd_shapes.c: stanzas that nobody expects. */
void odd_shapes(struct stage *stage);

/* day.c: what people do who are no attackers. */
void day_paste(struct stage *stage);
void day_return(struct stage *stage);
void day_many_rooms(struct stage *stage);

#undef SAY

#endif
