#include "stage.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "coven/clock.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "verdict.h"

#define LATE_MS       20000 /* what honest people said and nobody has seen by then is lost */
#define BEFORE_MS     3000
#define BEFORE_QUICK  600
#define CROWD_QUICK   43u
#define QUIET_MS      50 /* a ping is as quick when nothing of the beginning is under way */
#define REST_MS       300
#define REST_MOST_MS  60000
#define ATTACKER_NICE 5 /* the honest are measured, so they come first */
#define LINGER_QUICK  300
#define LINGER_MS     1000 /* that the honest talk on when the service has read it all */

/* ---- Words ---- */

static __attribute__((format(printf, 2, 0))) void add_phrase(struct buf *buf, const char *format,
                                                             va_list args)
{
    char *text = NULL;
    if (vasprintf(&text, format, args) < 0)
        return;
    if (buf->len)
        buf_add_text(buf, "; ");
    buf_add_text(buf, text);
    free(text);
}

void stage_broken(struct stage *stage, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_phrase(&stage->broken, format, args);
    va_end(args);
}

void stage_note(struct stage *stage, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_phrase(&stage->notes, format, args);
    va_end(args);
}

uint32_t stage_seconds(const struct stage *stage)
{
    uint32_t seconds = stage->attack->seconds;
    if (stage->options->seconds)
        return stage->options->seconds;
    return stage->options->quick && seconds > 1 ? 1 : seconds;
}

/* ---- From beginning to end ---- */

/* When hundreds have come in, the server has to do for seconds. */
static void wait_for_rest(struct stage *stage)
{
    struct party *party = &stage->honest.party;
    int64_t until = clock_mono_ms() + REST_MOST_MS, asked;
    do {
        party_rest(party, REST_MS);
        asked = clock_mono_ms();
        party_ask(party, 0, "get", stage->here, "<ping xmlns='" NS_PING "'/>", REST_MOST_MS);
    } while (clock_mono_ms() - asked > QUIET_MS && clock_mono_ms() < until);
}

static bool set_up(struct stage *stage)
{
    const struct attack *attack = stage->attack;
    const struct options *options = stage->options;
    uint32_t crowd = options->people - HONEST_COUNT - attack->attackers;
    crowd = attack->crowd < crowd ? attack->crowd : crowd;
    crowd = options->quick && crowd > CROWD_QUICK ? CROWD_QUICK : crowd;
    stage->attackers = (struct party){.options = options,
                                      .first = HONEST_COUNT,
                                      .count = attack->attackers,
                                      .nick = 'a',
                                      .one_account = attack->one_account,
                                      .silent = attack->silent};
    if (attack->attackers + HONEST_COUNT > options->people) {
        stage_broken(stage, "needs %u accounts", attack->attackers + HONEST_COUNT);
        return false;
    }
    if (!echo_begin(&stage->echo, options, &stage->broken) ||
        !honest_begin(&stage->honest, options, stage->here, stage->beside, attack->config,
                      &stage->broken) ||
        !crowd_begin(&stage->crowd, options, crowd, stage->here, &stage->broken) ||
        !party_begin(&stage->attackers, &stage->broken))
        return false;
    if (attack->inside && !party_join(&stage->attackers, stage->here, NULL)) {
        stage_broken(stage, "the attackers were not let into the room");
        return false;
    }
    if (attack->prepare && !attack->prepare(stage)) {
        stage_broken(stage, "it could not be prepared");
        return false;
    }
    wait_for_rest(stage);
    return true;
}

/* What the attackers have sent is not over when the server has read it: the honest talk on until
 * the service answers what was asked behind it. */
static void linger(struct stage *stage)
{
    struct buf iq = BUF_INIT;
    buf_printf(&iq,
               "<iq type='get' id='" HONEST_REQUEST "' to='%s'><ping xmlns='" NS_PING "'/></iq>",
               stage->here);
    honest_ask(&stage->honest, iq.data);
    int64_t until = clock_mono_ms() + LATE_MS;
    while (honest_answer_ms(&stage->honest) < 0 && clock_mono_ms() < until)
        net_poll(&stage->attackers.net, 10);
    party_rest(&stage->attackers, stage->options->quick ? LINGER_QUICK : LINGER_MS);
    honest_forget(&stage->honest);
    buf_free(&iq);
}

/* The attackers read to the end: people who do not are another story. */
static void *act(void *user)
{
    struct stage *stage = user;
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), ATTACKER_NICE);
    if (stage->attack->act)
        stage->attack->act(stage);
    else
        stage_flood(stage);
    linger(stage);
    atomic_store(&stage->done, true);
    while (!atomic_load(&stage->over))
        net_poll(&stage->attackers.net, 10);
    return NULL;
}

static void remember(struct stage *stage)
{
    struct party *party = &stage->attackers;
    stage->sent_before = party->net.sent;
    stage->stanzas_before = party->stanzas;
    stage->received_before = party->net.received;
    stage->came_before = party_received(party);
    stage->errors_before = party->net.counts.errors;
}

static bool attack_now(struct stage *stage)
{
    pthread_t thread;
    uint64_t began = net_clock_ns();
    remember(stage);
    measure_begin(&stage->measure, stage->options);
    honest_attacked(&stage->honest);
    if (pthread_create(&thread, NULL, act, stage) != 0)
        return false;
    while (!atomic_load(&stage->done)) {
        usleep(20000);
        measure_look(&stage->measure);
    }
    stage->seconds = (double)(net_clock_ns() - began) / 1e9;
    honest_finish(&stage->honest, LATE_MS);
    atomic_store(&stage->over, true);
    pthread_join(thread, NULL);
    stage->measured = measure_end(&stage->measure);
    return true;
}

bool stage_run(struct stage *stage, const struct options *options, const struct attack *attack)
{
    *stage = (struct stage){.options = options, .attack = attack};
    stage->filling = mem_new(STAGE_FILLING + 1);
    memset(stage->filling, 'x', STAGE_FILLING);
    snprintf(stage->here, sizeof stage->here, "here-%s@%s", attack->name, options->service);
    snprintf(stage->beside, sizeof stage->beside, "beside-%s@%s", attack->name, options->service);
    bool ok = set_up(stage);
    if (ok) {
        honest_start(&stage->honest);
        usleep((options->quick ? BEFORE_QUICK : BEFORE_MS) * 1000);
        ok = attack_now(stage);
    }
    honest_finish(&stage->honest, 0);
    stage->crowd_bytes = crowd_end(&stage->crowd);
    if (ok)
        verdict_find(stage);
    return ok;
}

void stage_free(struct stage *stage)
{
    crowd_end(&stage->crowd);
    party_end(&stage->attackers);
    honest_end(&stage->honest);
    echo_end(&stage->echo);
    free(stage->filling);
    buf_free(&stage->broken);
    buf_free(&stage->notes);
}
