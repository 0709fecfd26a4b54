#include "attempt.h"

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

#define LATE_MS          20000 /* honest copies that are later are lost */
#define BEFORE_MS        3000
#define BEFORE_QUICK     600
#define BYSTANDERS_QUICK 43u
#define QUIET_MS         50 /* the ping time of a service that has nothing to do */
#define REST_MS          300
#define REST_MOST_MS     60000
#define ATTACKER_NICE    5 /* the honest people are measured, so they have priority */
#define LINGER_QUICK     300
#define LINGER_MS        1000 /* that the honest talk on when the service has read it all */

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

void attempt_broken(struct attempt *attempt, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_phrase(&attempt->broken, format, args);
    va_end(args);
}

void attempt_note(struct attempt *attempt, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add_phrase(&attempt->notes, format, args);
    va_end(args);
}

uint32_t attempt_seconds(const struct attempt *attempt)
{
    uint32_t seconds = attempt->attack->seconds;
    if (attempt->options->seconds)
        return attempt->options->seconds;
    return attempt->options->quick && seconds > 1 ? 1 : seconds;
}

/* ---- From beginning to end ---- */

/* Waits until the service is idle: it takes seconds when hundreds have joined. */
static void wait_for_rest(struct attempt *attempt)
{
    struct group *group = &attempt->honest.group;
    int64_t until = clock_mono_ms() + REST_MOST_MS, asked;
    do {
        group_rest(group, REST_MS);
        asked = clock_mono_ms();
        group_ask(group, 0, "get", attempt->here, "<ping xmlns='" NS_PING "'/>", REST_MOST_MS);
    } while (clock_mono_ms() - asked > QUIET_MS && clock_mono_ms() < until);
}

static bool set_up(struct attempt *attempt)
{
    const struct attack *attack = attempt->attack;
    const struct options *options = attempt->options;
    uint32_t bystanders = options->people - HONEST_COUNT - attack->attackers;
    bystanders = attack->bystanders < bystanders ? attack->bystanders : bystanders;
    bystanders = options->quick && bystanders > BYSTANDERS_QUICK ? BYSTANDERS_QUICK : bystanders;
    attempt->attackers = (struct group){.options = options,
                                        .first = HONEST_COUNT,
                                        .count = attack->attackers,
                                        .nick = 'a',
                                        .one_account = attack->one_account,
                                        .silent = attack->silent};
    if (attack->attackers + HONEST_COUNT > options->people) {
        attempt_broken(attempt, "needs %u accounts", attack->attackers + HONEST_COUNT);
        return false;
    }
    if (!echo_begin(&attempt->echo, options, &attempt->broken) ||
        !honest_begin(&attempt->honest, options, attempt->here, attempt->beside, attack->config,
                      &attempt->broken) ||
        !bystanders_begin(&attempt->bystanders, options, bystanders, attempt->here,
                          &attempt->broken) ||
        !group_begin(&attempt->attackers, &attempt->broken))
        return false;
    if (attack->inside && !group_join(&attempt->attackers, attempt->here, NULL)) {
        attempt_broken(attempt, "the attackers could not join the room");
        return false;
    }
    if (attack->prepare && !attack->prepare(attempt)) {
        attempt_broken(attempt, "the attack could not be prepared");
        return false;
    }
    wait_for_rest(attempt);
    return true;
}

/* The attack is not over when the server has read everything: the honest people talk until the
 * service answers a later request. */
static void linger(struct attempt *attempt)
{
    struct buf iq = BUF_INIT;
    buf_printf(&iq,
               "<iq type='get' id='" HONEST_REQUEST "' to='%s'><ping xmlns='" NS_PING "'/></iq>",
               attempt->here);
    honest_ask(&attempt->honest, iq.data);
    int64_t until = clock_mono_ms() + LATE_MS;
    while (honest_answer_ms(&attempt->honest) < 0 && clock_mono_ms() < until)
        net_poll(&attempt->attackers.net, 10);
    group_rest(&attempt->attackers, attempt->options->quick ? LINGER_QUICK : LINGER_MS);
    honest_forget(&attempt->honest);
    buf_free(&iq);
}

/* The attackers read everything they receive. */
static void *act(void *user)
{
    struct attempt *attempt = user;
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), ATTACKER_NICE);
    if (attempt->attack->act)
        attempt->attack->act(attempt);
    else
        attempt_flood(attempt);
    linger(attempt);
    atomic_store(&attempt->done, true);
    while (!atomic_load(&attempt->over))
        net_poll(&attempt->attackers.net, 10);
    return NULL;
}

static void remember(struct attempt *attempt)
{
    struct group *group = &attempt->attackers;
    attempt->sent_before = group->net.sent;
    attempt->stanzas_before = group->stanzas;
    attempt->received_before = group->net.received;
    attempt->came_before = group_received(group);
    attempt->errors_before = group->net.counts.errors;
}

static bool attack_now(struct attempt *attempt)
{
    pthread_t thread;
    uint64_t began = net_clock_ns();
    remember(attempt);
    measure_begin(&attempt->measure, attempt->options);
    honest_attacked(&attempt->honest);
    if (pthread_create(&thread, NULL, act, attempt) != 0)
        return false;
    while (!atomic_load(&attempt->done)) {
        usleep(20000);
        measure_look(&attempt->measure);
    }
    attempt->seconds = (double)(net_clock_ns() - began) / 1e9;
    honest_finish(&attempt->honest, LATE_MS);
    atomic_store(&attempt->over, true);
    pthread_join(thread, NULL);
    attempt->measured = measure_end(&attempt->measure);
    return true;
}

bool attempt_run(struct attempt *attempt, const struct options *options,
                 const struct attack *attack)
{
    *attempt = (struct attempt){.options = options, .attack = attack};
    attempt->filling = mem_new(ATTEMPT_FILLING + 1);
    memset(attempt->filling, 'x', ATTEMPT_FILLING);
    snprintf(attempt->here, sizeof attempt->here, "here-%s@%s", attack->name, options->service);
    snprintf(attempt->beside, sizeof attempt->beside, "beside-%s@%s", attack->name,
             options->service);
    bool ok = set_up(attempt);
    if (ok) {
        honest_start(&attempt->honest);
        usleep((options->quick ? BEFORE_QUICK : BEFORE_MS) * 1000);
        ok = attack_now(attempt);
    }
    honest_finish(&attempt->honest, 0);
    attempt->bystander_bytes = bystanders_end(&attempt->bystanders);
    if (ok)
        verdict_find(attempt);
    return ok;
}

void attempt_free(struct attempt *attempt)
{
    bystanders_end(&attempt->bystanders);
    group_end(&attempt->attackers);
    honest_end(&attempt->honest);
    echo_end(&attempt->echo);
    free(attempt->filling);
    buf_free(&attempt->broken);
    buf_free(&attempt->notes);
}
