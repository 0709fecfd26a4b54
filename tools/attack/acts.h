/* What attackers say and do: the functions of the table's rows, by file. */
#ifndef ATTACK_SAYS_H
#define ATTACK_SAYS_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"

struct attempt;

#define ACT(name) void name(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)

/* floods.c: what reaches everybody in a room. */
ACT(flood_small);
ACT(flood_private);
ACT(flood_presence);
ACT(flood_nick);
ACT(flood_join_leave);
ACT(flood_resync);
ACT(flood_resync_100);
void flood_big(struct attempt *attempt);
void flood_kick(struct attempt *attempt);
void flood_history_20(struct attempt *attempt);
void flood_history_100(struct attempt *attempt);

/* asks.c: questions, whose answers cost more than they. */
ACT(query_avatar);
ACT(query_lists);
ACT(query_archive);
void query_relays(struct attempt *attempt);
bool query_set_avatar(struct attempt *attempt);
bool query_fill_archive(struct attempt *attempt);

/* begs.c: what makes the service write to people who never asked. */
ACT(request_invite);
ACT(request_decline);
ACT(request_voice);
ACT(request_registration);
ACT(request_password);
void request_passwords(struct attempt *attempt);

/* rooms.c: rooms, and presences in many of them. */
ACT(rooms_create);
ACT(rooms_presence);

/* refusals.c: what is refused, or passed over. */
ACT(refusal_nowhere);
ACT(refusal_outside);
ACT(refusal_bad);
ACT(refusal_unknown);
ACT(refusal_conflict);
ACT(refusal_large);
ACT(refusal_answers);
ACT(refusal_probe);

/* odd_shapes.c: stanzas that nobody expects. */
void odd_shapes(struct attempt *attempt);

/* day.c: what people do who are no attackers. */
void day_paste(struct attempt *attempt);
void day_return(struct attempt *attempt);
void day_many_rooms(struct attempt *attempt);

#undef ACT

#endif
