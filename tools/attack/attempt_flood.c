/* Sends the stanzas of a row again and again. */
#include "attempt.h"
#include "coven/clock.h"
#include "coven/ns.h"

#define CHUNK          (32u * 1024) /* bytes that an attacker writes at a time */
#define RETURNS_MAX    20u
#define SETTLE_MS      30000
#define FLIGHT_WAIT_MS 500 /* no answer is expected later */

bool attempt_return(struct attempt *attempt, uint32_t who)
{
    struct buf why = BUF_INIT;
    struct group *group = &attempt->attackers;
    bool ok = ++attempt->cut <= RETURNS_MAX || !attempt->attack->say;
    ok = ok && group_return(group, who, &why);
    if (ok && attempt->attack->inside)
        group_say(group, who, "<presence to='%s/%c%u'><x xmlns='" NS_MUC "'/></presence>",
                  attempt->here, group->nick, who);
    buf_free(&why);
    return ok;
}

bool attempt_settle(struct attempt *attempt)
{
    bool ok = true;
    for (uint32_t who = 0; who < attempt->attackers.count && ok; who++)
        ok = group_settle(&attempt->attackers, who, SETTLE_MS) ||
             net_is_ended(&attempt->attackers.net, who);
    if (!ok)
        attempt_note(attempt, "the server did not read everything in %d s", SETTLE_MS / 1000);
    return ok;
}

struct flood {
    uint64_t turn;
    uint64_t answers, given_up; /* requests: answered, and given up */
    int64_t began_ms, answer_ms;
};

/* Requests that are no longer open. */
static uint64_t answered(const struct attempt *attempt, struct flood *flood, int64_t now)
{
    if (attempt->attackers.answers != flood->answers)
        flood->answer_ms = now;
    flood->answers = attempt->attackers.answers;
    if (now - flood->answer_ms > FLIGHT_WAIT_MS)
        flood->given_up = flood->turn - flood->answers;
    return flood->answers + flood->given_up;
}

/* How many stanzas may be sent now. */
static uint64_t allowance(const struct attempt *attempt, struct flood *flood, int64_t now)
{
    const struct attack *attack = attempt->attack;
    uint64_t most = UINT64_MAX;
    if (attack->stanzas)
        most = attack->stanzas;
    if (attack->rate) {
        uint64_t due = 1 + (uint64_t)(now - flood->began_ms) * attack->rate / 1000;
        most = due < most ? due : most;
    }
    if (attack->in_flight) {
        uint64_t open = answered(attempt, flood, now) + attack->in_flight * attack->attackers;
        most = open < most ? open : most;
    }
    return most > flood->turn ? most - flood->turn : 0;
}

/* Writes for each attacker in turn, until one has enough to send. */
static void write_some(struct attempt *attempt, struct flood *flood, int64_t now)
{
    struct group *group = &attempt->attackers;
    uint64_t left = allowance(attempt, flood, now);
    for (uint32_t who = 0; who < group->count; who++)
        if (net_unsent(&group->net, who))
            return;
    for (; left; left--, flood->turn++) {
        uint32_t who = (uint32_t)(flood->turn % group->count);
        if (net_unsent(&group->net, who) >= CHUNK)
            return;
        attempt->attack->say(attempt, who, flood->turn, group_out(group, who));
    }
}

static bool all_are_there(struct attempt *attempt)
{
    for (uint32_t who = 0; who < attempt->attackers.count; who++)
        if (net_is_ended(&attempt->attackers.net, who) && !attempt_return(attempt, who))
            return false;
    return true;
}

void attempt_flood(struct attempt *attempt)
{
    int64_t now = clock_mono_ms(), until = now + (int64_t)attempt_seconds(attempt) * 1000;
    uint64_t most = attempt->attack->stanzas ? attempt->attack->stanzas : UINT64_MAX;
    struct flood flood = {.began_ms = now, .answer_ms = now};
    for (; now < until && flood.turn < most; now = clock_mono_ms()) {
        if (!all_are_there(attempt)) {
            attempt_note(attempt, "the server closes the attackers' connections");
            break;
        }
        write_some(attempt, &flood, now);
        net_poll(&attempt->attackers.net, 1);
    }
    attempt_settle(attempt);
}
