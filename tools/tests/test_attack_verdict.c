/* Which figures of an attack break a bound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "attack/attack.h"
#include "attack/attempt.h"
#include "attack/options.h"
#include "attack/shape.h"
#include "attack/verdict.h"
#include "coven/mem.h"

#define MS 1000000u

static const struct options patient = {.people = 100}, quick = {.people = 100, .quick = true};

/* An attack that nobody noticed. */
static struct attempt *begin(const struct attack *attack, const struct options *options)
{
    struct attempt *attempt = mem_new(sizeof *attempt);
    attempt->attack = attack;
    attempt->options = options;
    attempt->attackers.count = 1;
    for (int talk = 0; talk < HONEST_TALKS; talk++) {
        struct honest_figures *figures = &attempt->honest.talks[talk];
        ledger_init(&figures->ledger, 16);
        for (int i = 0; i < 100; i++) {
            histogram_add(&figures->before, 5 * MS);
            histogram_add(&figures->during, 6 * MS);
        }
    }
    return attempt;
}

/* The verdict must begin with this text; empty: no bound is broken. */
static void end(struct attempt *attempt, const char *broken)
{
    verdict_find(attempt);
    const char *found = attempt->broken.len ? attempt->broken.data : "";
    if (*broken)
        assert_memory_equal(found, broken, strlen(broken));
    else
        assert_string_equal(found, "");
    for (int talk = 0; talk < HONEST_TALKS; talk++)
        ledger_free(&attempt->honest.talks[talk].ledger);
    buf_free(&attempt->broken);
    free(attempt);
}

static void an_unnoticed_attack_breaks_no_bound(void **state)
{
    struct attack attack = {.gain = GAIN_ROOM};
    (void)state;
    end(begin(&attack, &patient), "");
}

static void honest_losses_are_reported(void **state)
{
    struct attack attack = {.gain = GAIN_ROOM};
    (void)state;
    struct attempt *attempt = begin(&attack, &quick);
    ledger_send(&attempt->honest.talks[HONEST_BESIDE].ledger, 1, 6);
    end(attempt, "6 honest copies lost");
    attempt = begin(&attack, &quick);
    attempt->honest.talks[HONEST_PAGE].refused = 2;
    end(attempt, "2 honest stanzas refused");
    /* The service is not blamed for the server's delay. */
    attempt = begin(&attack, &quick);
    ledger_send(&attempt->honest.talks[HONEST_ECHO].ledger, 1, 1);
    end(attempt, "");
}

static void delay(struct attempt *attempt, enum honest_talk talk, unsigned ms)
{
    for (int i = 0; i < 10; i++)
        histogram_add(&attempt->honest.talks[talk].during, (uint64_t)ms * MS);
}

static void delays_beyond_the_servers_share_count(void **state)
{
    struct attack attack = {.gain = GAIN_ROOM};
    struct attack flood = {.gain = GAIN_ROOM, .here_ms = 100};
    (void)state;
    struct attempt *attempt = begin(&attack, &patient);
    delay(attempt, HONEST_HERE, 60);
    end(attempt, "the attacked room is ");
    attempt = begin(&flood, &patient);
    delay(attempt, HONEST_HERE, 60);
    end(attempt, "");
    attempt = begin(&attack, &patient);
    delay(attempt, HONEST_BESIDE, 60);
    delay(attempt, HONEST_ECHO, 60);
    end(attempt, "");
    attempt = begin(&attack, &quick);
    delay(attempt, HONEST_BESIDE, 60);
    end(attempt, "");
}

static void the_service_must_survive_and_stay_small(void **state)
{
    struct attack attack = {.gain = GAIN_ROOM};
    (void)state;
    struct attempt *attempt = begin(&attack, &quick);
    attempt->measured.gone = true;
    end(attempt, "the service ended");
    attempt = begin(&attack, &quick);
    attempt->measured.connects = 1;
    end(attempt, "the link was lost 1 times");
    attempt = begin(&attack, &patient);
    attempt->measured.grown_mib = 500;
    end(attempt, "500 MiB more memory");
}

/* An exchange that began with one stanza of a kilobyte. */
static struct attempt *exchange(const struct attack *attack, double got, double others)
{
    struct attempt *attempt = begin(attack, &quick);
    attempt->attackers.stanzas = 1000;
    attempt->attackers.net.sent = 1000000;
    attempt->attackers.net.received = (uint64_t)got;
    attempt->bystander_bytes = (uint64_t)others;
    return attempt;
}

static void output_is_bounded_by_input(void **state)
{
    struct attack room = {.gain = GAIN_ROOM}, echo = {.gain = GAIN_ECHO},
                  silent = {.gain = GAIN_SILENT};
    (void)state;
    end(exchange(&room, 1e6, 10e6), "");
    end(exchange(&room, 1e6, 20e6), "all together received 21.0 MB, the bound is 12.9");
    end(exchange(&echo, 1e6, 0), "");
    end(exchange(&echo, 2e6, 0), "the attackers received 2.0 MB, the bound is 1.4");
    end(exchange(&echo, 0, 1e6), "others received 1.0 MB, the bound is 0.2");
    end(exchange(&silent, 30e6, 0), "");
    end(exchange(&silent, 60e6, 0), "the attackers received 60.0 MB, the bound is 52.9");
    end(exchange(&silent, 5e6, 1e6), "others received 1.0 MB");
}

static void a_days_peak_has_no_errors(void **state)
{
    struct attack day = {.gain = GAIN_DAY};
    (void)state;
    struct attempt *attempt = begin(&day, &patient);
    attempt->attackers.net.counts.errors = 3;
    end(attempt, "3 errors");
}

/* A row that does nothing would break no bound. */
static void every_attack_does_something(void **state)
{
    const struct attack *attack;
    (void)state;
    for (size_t i = 0; (attack = attack_at(i)); i++) {
        assert_ptr_equal(attack_find(attack->name), attack);
        assert_true(attack->does && attack->attackers > 0 && (attack->say || attack->act));
        assert_true(attack->act || attack->seconds > 0);
        assert_true(strlen(attack->name) < 16);
    }
    assert_null(attack_find("nothing"));
}

static void every_shape_is_different(void **state)
{
    const struct shape *shape, *other;
    (void)state;
    for (size_t i = 0; (shape = shape_at(i)); i++)
        for (size_t k = 0; k < i && (other = shape_at(k)); k++)
            assert_string_not_equal(shape->name, other->name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_unnoticed_attack_breaks_no_bound),
        cmocka_unit_test(honest_losses_are_reported),
        cmocka_unit_test(delays_beyond_the_servers_share_count),
        cmocka_unit_test(the_service_must_survive_and_stay_small),
        cmocka_unit_test(output_is_bounded_by_input),
        cmocka_unit_test(a_days_peak_has_no_errors),
        cmocka_unit_test(every_attack_does_something),
        cmocka_unit_test(every_shape_is_different),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
