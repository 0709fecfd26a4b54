/* What attackers do: the functions in the rows of the table, by file. */
#ifndef ATTACK_ACTS_H
#define ATTACK_ACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"

struct attempt;

#define ACT(name) void name(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)

/* floods.c: stanzas that reach everybody in a room. */
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

/* queries.c: queries whose answers cost more than they. */
ACT(query_avatar);
ACT(query_lists);
ACT(query_archive);
void query_relays(struct attempt *attempt);
bool query_set_avatar(struct attempt *attempt);
bool query_fill_archive(struct attempt *attempt);

/* requests.c: stanzas that make the service write to others, and attempts to be let in. */
ACT(request_invite);
ACT(request_decline);
ACT(request_voice);
ACT(request_registration);
ACT(request_password);
void request_passwords(struct attempt *attempt);

/* rooms.c: many rooms, and presence in many rooms. */
ACT(rooms_create);
ACT(rooms_presence);

/* refusals.c: stanzas that are refused or ignored. */
ACT(refusal_nowhere);
ACT(refusal_outside);
ACT(refusal_bad);
ACT(refusal_unknown);
ACT(refusal_conflict);
ACT(refusal_large);
ACT(refusal_answers);
ACT(refusal_probe);
ACT(refusal_multi);

/* odd_shapes.c: unexpected stanzas. */
void odd_shapes(struct attempt *attempt);

/* day.c: people who do not attack. */
void day_paste(struct attempt *attempt);
void day_return(struct attempt *attempt);
void day_many_rooms(struct attempt *attempt);

#undef ACT

#endif
