/* Sending what a row says, again and again. */
#include "coven/clock.h"
#include "coven/ns.h"
#include "stage.h"

#define CHUNK          (32u * 1024) /* that an attacker writes at once */
#define RETURNS_MAX    20u
#define SETTLE_MS      30000
#define FLIGHT_WAIT_MS 500 /* a request that has no answer by then has none at all */

bool stage_return(struct stage *stage, uint32_t who)
{
    struct buf why = BUF_INIT;
    struct party *party = &stage->attackers;
    bool ok = ++stage->cut <= RETURNS_MAX || !stage->attack->say;
    ok = ok && party_return(party, who, &why);
    if (ok && stage->attack->inside)
        party_say(party, who, "<presence to='%s/%c%u'><x xmlns='" NS_MUC "'/></presence>",
                  stage->here, party->nick, who);
    buf_free(&why);
    return ok;
}

bool stage_settle(struct stage *stage)
{
    bool ok = true;
    for (uint32_t who = 0; who < stage->attackers.count && ok; who++)
        ok = party_settle(&stage->attackers, who, SETTLE_MS) ||
             net_is_ended(&stage->attackers.net, who);
    if (!ok)
        stage_note(stage, "the server has not read all of it in %d s", SETTLE_MS / 1000);
    return ok;
}

struct flood {
    uint64_t turn;
    uint64_t answers, given_up; /* requests: with an answer, and those that none is expected for */
    int64_t began_ms, answer_ms;
};

/* Requests that are no longer under way. */
static uint64_t answered(const struct stage *stage, struct flood *flood, int64_t now)
{
    if (stage->attackers.answers != flood->answers)
        flood->answer_ms = now;
    flood->answers = stage->attackers.answers;
    if (now - flood->answer_ms > FLIGHT_WAIT_MS)
        flood->given_up = flood->turn - flood->answers;
    return flood->answers + flood->given_up;
}

/* How many may be sent now. */
static uint64_t allowance(const struct stage *stage, struct flood *flood, int64_t now)
{
    const struct attack *attack = stage->attack;
    uint64_t most = UINT64_MAX;
    if (attack->stanzas)
        most = attack->stanzas;
    if (attack->rate) {
        uint64_t due = 1 + (uint64_t)(now - flood->began_ms) * attack->rate / 1000;
        most = due < most ? due : most;
    }
    if (attack->in_flight) {
        uint64_t open = answered(stage, flood, now) + attack->in_flight * attack->attackers;
        most = open < most ? open : most;
    }
    return most > flood->turn ? most - flood->turn : 0;
}

/* Each in turn, until one of them has enough to send. */
static void write_some(struct stage *stage, struct flood *flood, int64_t now)
{
    struct party *party = &stage->attackers;
    uint64_t left = allowance(stage, flood, now);
    for (uint32_t who = 0; who < party->count; who++)
        if (net_unsent(&party->net, who))
            return;
    for (; left; left--, flood->turn++) {
        uint32_t who = (uint32_t)(flood->turn % party->count);
        if (net_unsent(&party->net, who) >= CHUNK)
            return;
        stage->attack->say(stage, who, flood->turn, party_out(party, who));
    }
}

static bool all_are_there(struct stage *stage)
{
    for (uint32_t who = 0; who < stage->attackers.count; who++)
        if (net_is_ended(&stage->attackers.net, who) && !stage_return(stage, who))
            return false;
    return true;
}

void stage_flood(struct stage *stage)
{
    int64_t now = clock_mono_ms(), until = now + (int64_t)stage_seconds(stage) * 1000;
    uint64_t most = stage->attack->stanzas ? stage->attack->stanzas : UINT64_MAX;
    struct flood flood = {.began_ms = now, .answer_ms = now};
    for (; now < until && flood.turn < most; now = clock_mono_ms()) {
        if (!all_are_there(stage)) {
            stage_note(stage, "the server ends the attackers' connections");
            break;
        }
        write_some(stage, &flood, now);
        net_poll(&stage->attackers.net, 1);
    }
    stage_settle(stage);
}
