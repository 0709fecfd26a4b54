/* What reaches everybody in a room: messages, presences, people who come and go. */
#include <stdio.h>
#include <unistd.h>

#include "coven/clock.h"
#include "coven/ns.h"
#include "says.h"
#include "stage.h"
#include "wire/ledger.h"

#define BIG_MESSAGES  20
#define HISTORY_BYTES 10240
#define STATUS_BYTES  60000
#define SLOW_BYTES    10000 /* a second */
#define SLOW_STANZA   250
#define KICK_MS       1000
#define GIVE_UP_MS    60000

static char nick_of(const struct stage *stage)
{
    return stage->attackers.nick;
}

void flood_small(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    (void)turn;
    buf_printf(out, "<message type='groupchat' to='%s'><body>.</body></message>", stage->here);
}

void flood_private(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    (void)turn;
    buf_printf(out,
               "<message type='chat' to='%s/h1'><body>hey</body><x xmlns='" NS_MUC_USER
               "'/></message>",
               stage->here);
}

/* Each another than the one before. */
void flood_presence(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    buf_printf(out, "<presence to='%s/%c%u'><status>%llu%.*s</status></presence>", stage->here,
               nick_of(stage), who, (unsigned long long)turn, STATUS_BYTES, stage->filling);
}

/* To and fro: a server may count the addresses that somebody has been at. */
void flood_nick(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    buf_printf(out, "<presence to='%s/%c%u-%u'/>", stage->here, nick_of(stage), who,
               (unsigned)(turn % 2));
}

void flood_resync(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)turn;
    buf_printf(out, "<presence to='%s/%c%u'><x xmlns='" NS_MUC "'/></presence>", stage->here,
               nick_of(stage), who);
}

void flood_join_leave(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    if (turn / stage->attackers.count % 2 == 0)
        flood_resync(stage, who, turn, out);
    else
        buf_printf(out, "<presence type='unavailable' to='%s/%c%u'/>", stage->here, nick_of(stage),
                   who);
}

/* Large messages, and before they have reached everybody their sender asks for the room anew. */
void flood_big(struct stage *stage)
{
    for (int i = 0; i < BIG_MESSAGES; i++)
        party_say(&stage->attackers, 0,
                  "<message type='groupchat' to='%s'><body>%.*s</body></message>", stage->here,
                  100000, stage->filling);
    int64_t until = clock_mono_ms() + (int64_t)stage_seconds(stage) * 1000;
    for (uint64_t turn = 0; clock_mono_ms() < until;) {
        if (net_is_ended(&stage->attackers.net, 0) && !stage_return(stage, 0))
            break;
        if (!net_unsent(&stage->attackers.net, 0))
            flood_resync(stage, 0, turn++, party_out(&stage->attackers, 0));
        net_poll(&stage->attackers.net, 1);
    }
    stage_settle(stage);
}

/* ---- A flood at the speed that many servers allow, and its end ---- */

static void say_slowly(struct stage *stage, int64_t began_ms, uint64_t *said)
{
    char mark[MARK_LEN + 1] = "";
    uint64_t due = (uint64_t)(clock_mono_ms() - began_ms) * SLOW_BYTES / SLOW_STANZA / 1000;
    mark_write(mark, PARTY_FLOOD);
    for (; *said < due; ++*said)
        party_say(&stage->attackers, 0,
                  "<message type='groupchat' to='%s'><body>%s%.*s</body></message>", stage->here,
                  mark, SLOW_STANZA - 100, stage->filling);
    net_poll(&stage->attackers.net, 1);
}

static void judge_kick(struct stage *stage)
{
    struct honest *honest = &stage->honest;
    uint64_t asked = atomic_load(&honest->request.asked_ns), last = atomic_load(&honest->flood_ns);
    double answer_ms = honest_answer_ms(honest),
           quiet_ms = last > asked ? (double)(last - asked) / 1e6 : 0;
    if (answer_ms < 0) {
        stage_broken(stage, "the kick is not answered");
        return;
    }
    stage_note(stage, "the kick is answered in %.0f ms, his last message comes %.0f ms after it",
               answer_ms, quiet_ms);
    if (!stage->options->quick && (answer_ms > KICK_MS || quiet_ms > KICK_MS))
        stage_broken(stage, "the kick takes longer than %d ms", KICK_MS);
}

/* Once he is out, errors are all that he hears; the last of his messages is what counts. */
static void kick(struct stage *stage, int64_t began_ms, uint64_t *said)
{
    struct buf iq = BUF_INIT;
    buf_printf(&iq,
               "<iq type='set' id='" HONEST_REQUEST "' to='%s'><query xmlns='" NS_MUC_ADMIN
               "'><item nick='a0' role='none'/></query></iq>",
               stage->here);
    honest_ask(&stage->honest, iq.data);
    int64_t until = clock_mono_ms() + GIVE_UP_MS;
    while (honest_answer_ms(&stage->honest) < 0 && clock_mono_ms() < until)
        say_slowly(stage, began_ms, said);
    for (until = clock_mono_ms() + 2000; clock_mono_ms() < until;)
        say_slowly(stage, began_ms, said);
    honest_forget(&stage->honest);
    buf_free(&iq);
    judge_kick(stage);
}

void flood_kick(struct stage *stage)
{
    uint64_t said = 0;
    int64_t began = clock_mono_ms(), until = began + (int64_t)stage_seconds(stage) * 1000;
    while (clock_mono_ms() < until)
        say_slowly(stage, began, &said);
    kick(stage, began, &said);
    stage_settle(stage);
}

/* ---- History ---- */

/* What honest people say takes the place of what was said before it: so he says it himself, and at
 * once asks for it. */
static void flood_history(struct stage *stage, int messages)
{
    for (int i = 0; i < messages; i++)
        party_say(&stage->attackers, 0,
                  "<message type='groupchat' to='%s'><body>%.*s</body></message>", stage->here,
                  HISTORY_BYTES, stage->filling);
    stage_flood(stage);
}

void flood_history_20(struct stage *stage)
{
    flood_history(stage, 20);
}

void flood_history_100(struct stage *stage)
{
    flood_history(stage, 100);
}

void flood_resync_100(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)turn;
    buf_printf(out,
               "<presence to='%s/%c%u'><x xmlns='" NS_MUC
               "'><history maxstanzas='100'/></x></presence>",
               stage->here, nick_of(stage), who);
}
