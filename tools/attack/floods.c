/* Stanzas that reach everybody in a room: messages, presence, joins and leaves. */
#include <stdio.h>
#include <unistd.h>

#include "acts.h"
#include "attempt.h"
#include "coven/clock.h"
#include "coven/ns.h"
#include "wire/ledger.h"

#define BIG_MESSAGES  20
#define HISTORY_BYTES 10240
#define STATUS_BYTES  60000
#define SLOW_BYTES    10000 /* bytes a second */
#define SLOW_STANZA   250
#define KICK_MS       1000
#define GIVE_UP_MS    60000

static char nick_of(const struct attempt *attempt)
{
    return attempt->attackers.nick;
}

void flood_small(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    (void)turn;
    buf_printf(out, "<message type='groupchat' to='%s'><body>.</body></message>", attempt->here);
}

void flood_private(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    (void)turn;
    buf_printf(out,
               "<message type='chat' to='%s/h1'><body>hey</body><x xmlns='" NS_MUC_USER
               "'/></message>",
               attempt->here);
}

/* Each differs from the last one. */
void flood_presence(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    buf_printf(out, "<presence to='%s/%c%u'><status>%llu%.*s</status></presence>", attempt->here,
               nick_of(attempt), who, (unsigned long long)turn, STATUS_BYTES, attempt->filling);
}

/* Two nicks in turn: a server may count the addresses that somebody has used. */
void flood_nick(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    buf_printf(out, "<presence to='%s/%c%u-%u'/>", attempt->here, nick_of(attempt), who,
               (unsigned)(turn % 2));
}

void flood_resync(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)turn;
    buf_printf(out, "<presence to='%s/%c%u'><x xmlns='" NS_MUC "'/></presence>", attempt->here,
               nick_of(attempt), who);
}

void flood_join_leave(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    if (turn / attempt->attackers.count % 2 == 0)
        flood_resync(attempt, who, turn, out);
    else
        buf_printf(out, "<presence type='unavailable' to='%s/%c%u'/>", attempt->here,
                   nick_of(attempt), who);
}

/* Large messages; before everybody has them, the sender joins again and again. */
void flood_big(struct attempt *attempt)
{
    for (int i = 0; i < BIG_MESSAGES; i++)
        group_say(&attempt->attackers, 0,
                  "<message type='groupchat' to='%s'><body>%.*s</body></message>", attempt->here,
                  100000, attempt->filling);
    int64_t until = clock_mono_ms() + (int64_t)attempt_seconds(attempt) * 1000;
    for (uint64_t turn = 0; clock_mono_ms() < until;) {
        if (net_is_ended(&attempt->attackers.net, 0) && !attempt_return(attempt, 0))
            break;
        if (!net_unsent(&attempt->attackers.net, 0))
            flood_resync(attempt, 0, turn++, group_out(&attempt->attackers, 0));
        net_poll(&attempt->attackers.net, 1);
    }
    attempt_settle(attempt);
}

/* ---- A flood at the speed that many servers allow, and its end ---- */

static void say_slowly(struct attempt *attempt, int64_t began_ms, uint64_t *said)
{
    char mark[MARK_LEN + 1] = "";
    uint64_t due = (uint64_t)(clock_mono_ms() - began_ms) * SLOW_BYTES / SLOW_STANZA / 1000;
    mark_write(mark, GROUP_FLOOD);
    for (; *said < due; ++*said)
        group_say(&attempt->attackers, 0,
                  "<message type='groupchat' to='%s'><body>%s%.*s</body></message>", attempt->here,
                  mark, SLOW_STANZA - 100, attempt->filling);
    net_poll(&attempt->attackers.net, 1);
}

static void judge_kick(struct attempt *attempt)
{
    struct honest *honest = &attempt->honest;
    uint64_t asked = atomic_load(&honest->request.asked_ns), last = atomic_load(&honest->flood_ns);
    double answer_ms = honest_answer_ms(honest),
           quiet_ms = last > asked ? (double)(last - asked) / 1e6 : 0;
    if (answer_ms < 0) {
        attempt_broken(attempt, "the kick was not answered");
        return;
    }
    attempt_note(
        attempt,
        "the kick was answered after %.0f ms, the attacker's last message came after %.0f ms",
        answer_ms, quiet_ms);
    if (!attempt->options->quick && (answer_ms > KICK_MS || quiet_ms > KICK_MS))
        attempt_broken(attempt, "the kick took longer than %d ms", KICK_MS);
}

/* After the kick the attacker receives errors only; the last of his messages counts. */
static void kick(struct attempt *attempt, int64_t began_ms, uint64_t *said)
{
    struct buf iq = BUF_INIT;
    buf_printf(&iq,
               "<iq type='set' id='" HONEST_REQUEST "' to='%s'><query xmlns='" NS_MUC_ADMIN
               "'><item nick='a0' role='none'/></query></iq>",
               attempt->here);
    honest_ask(&attempt->honest, iq.data);
    int64_t until = clock_mono_ms() + GIVE_UP_MS;
    while (honest_answer_ms(&attempt->honest) < 0 && clock_mono_ms() < until)
        say_slowly(attempt, began_ms, said);
    for (until = clock_mono_ms() + 2000; clock_mono_ms() < until;)
        say_slowly(attempt, began_ms, said);
    honest_forget(&attempt->honest);
    buf_free(&iq);
    judge_kick(attempt);
}

void flood_kick(struct attempt *attempt)
{
    uint64_t said = 0;
    int64_t began = clock_mono_ms(), until = began + (int64_t)attempt_seconds(attempt) * 1000;
    while (clock_mono_ms() < until)
        say_slowly(attempt, began, &said);
    kick(attempt, began, &said);
    attempt_settle(attempt);
}

/* ---- History ---- */

/* The attacker fills the history himself and asks for it at once, before honest messages displace
 * it. */
static void flood_history(struct attempt *attempt, int messages)
{
    for (int i = 0; i < messages; i++)
        group_say(&attempt->attackers, 0,
                  "<message type='groupchat' to='%s'><body>%.*s</body></message>", attempt->here,
                  HISTORY_BYTES, attempt->filling);
    attempt_flood(attempt);
}

void flood_history_20(struct attempt *attempt)
{
    flood_history(attempt, 20);
}

void flood_history_100(struct attempt *attempt)
{
    flood_history(attempt, 100);
}

void flood_resync_100(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)turn;
    buf_printf(out,
               "<presence to='%s/%c%u'><x xmlns='" NS_MUC
               "'><history maxstanzas='100'/></x></presence>",
               attempt->here, nick_of(attempt), who);
}
