/* Histogram, process usage, plot, report, and the order of senders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "load/plot.h"
#include "load/report.h"
#include "load/traffic.h"
#include "wire/histogram.h"
#include "wire/usage.h"

static void buckets_follow_each_other(void **state)
{
    (void)state;
    unsigned last = 0;
    for (unsigned bit = 0; bit < 64; bit++) {
        for (int around = -1; around <= 1; around++) {
            uint64_t value = (UINT64_C(1) << bit) + (uint64_t)(int64_t)around;
            if (bit == 0 && around < 0)
                continue;
            unsigned bucket = histogram_bucket(value);
            assert_true(bucket < HISTOGRAM_BUCKETS);
            assert_true(bit < 3 || bucket >= last);
            uint64_t top = histogram_bucket_top(bucket);
            assert_true(top >= value);
            assert_true(top - value <= value / 64);
            assert_true(bucket == 0 || histogram_bucket_top(bucket - 1) < value);
            last = bucket;
        }
    }
    assert_int_equal(histogram_bucket(UINT64_MAX), HISTOGRAM_BUCKETS - 1);
    assert_true(histogram_bucket_top(HISTOGRAM_BUCKETS - 1) == UINT64_MAX);
}

static void shares_of_a_histogram(void **state)
{
    (void)state;
    struct histogram *histogram = calloc(1, sizeof *histogram);
    assert_int_equal(histogram_at(histogram, 0.99), 0);
    for (uint64_t value = 1; value <= 100000; value++)
        histogram_add(histogram, value);
    assert_in_range(histogram_at(histogram, 0.50), 50000, 50000 + 50000 / 64);
    assert_in_range(histogram_at(histogram, 0.99), 99000, 100000);
    assert_int_equal(histogram_at(histogram, 1), 100000);
    assert_int_equal(histogram_at(histogram, 0), 1);
    assert_true(histogram_mean(histogram) > 50000.4 && histogram_mean(histogram) < 50000.6);
    histogram_clear(histogram);
    assert_int_equal(histogram->max, 0);
    free(histogram);
}

static void a_process_is_read(void **state)
{
    (void)state;
    struct usage usage;
    assert_true(usage_parse(&usage,
                            "12 (a) b) S 1 2 3 0 -1 4194304 9 0 0 0 150 50 0 0 20 0 1 0 77 123456 "
                            "256 18446744073709551615 1",
                            100, 4096));
    assert_string_equal(usage.name, "a) b");
    assert_true(usage.cpu_s > 1.99 && usage.cpu_s < 2.01);
    assert_int_equal(usage.rss, 1048576);
    assert_false(usage_parse(&usage, "12 nothing", 100, 4096));
    assert_false(usage_parse(&usage, "12 (a) S 1 2", 100, 4096));
}

static void an_axis_ends_at_a_round_number(void **state)
{
    (void)state;
    assert_true(plot_top(0.3) > 0.49 && plot_top(0.3) < 0.51);
    assert_true(plot_top(21) > 49.9 && plot_top(21) < 50.1);
    assert_true(plot_top(100001) > 199999 && plot_top(100001) < 200001);
}

static void a_plot_has_a_point_for_each_sample(void **state)
{
    (void)state;
    struct sample samples[] = {{1, 50, 5, 1, 2}, {2, 100, 5, 1, 4}};
    struct series series = {samples, 2};
    struct buf out = BUF_INIT;
    plot_draw(&series, "title", &out);
    assert_non_null(strstr(out.data, "points='435.0,160.0 780.0,50.0 '"));
    assert_non_null(strstr(out.data, ">p99</text>"));
    buf_free(&out);
}

static void a_report_has_three_formats(void **state)
{
    (void)state;
    struct report report = {.work = "join", .rooms = 2, .copies = 1234567, .process_count = 1};
    report.processes[0] = (struct report_process){7, "a\"b", 50, 1048576, 2097152, 3145728};
    struct buf out = BUF_INIT;
    report_table(&report, &out);
    assert_non_null(strstr(out.data, " 1,234,567 "));
    assert_non_null(strstr(out.data, "50% of a core, 3.0 MiB (1.0 at first, 2.0 joined)"));
    buf_clear(&out);
    report_csv(&report, &out);
    assert_non_null(strstr(out.data, "work,rooms,occupants,"));
    assert_non_null(strstr(out.data, "\njoin,2,0,"));
    assert_non_null(strstr(out.data, ",50.0,1048576,2097152,3145728\n"));
    buf_clear(&out);
    report_json(&report, &out);
    assert_non_null(strstr(out.data, "\"copies\": 1234567,"));
    assert_non_null(strstr(out.data, "\"name\": \"a\\\"b\""));
    buf_free(&out);
}

static struct options some_options(enum load_work work)
{
    return (struct options){.role = ROLE_SERVER,
                            .work = work,
                            .domain = "load.localhost",
                            .service = "c.localhost",
                            .accounts = "user",
                            .room_prefix = "r",
                            .rooms = 2,
                            .occupants = 3,
                            .users = 6,
                            .page = 20,
                            .bytes = 13};
}

static void everybody_takes_turns(void **state)
{
    (void)state;
    struct options options = some_options(WORK_MESSAGES);
    struct traffic traffic;
    traffic_init(&traffic, &options);
    static const uint32_t users[] = {0, 3, 1, 4, 2, 5, 0};
    for (size_t i = 0; i < sizeof users / sizeof *users; i++) {
        struct traffic_place place = traffic_next(&traffic);
        assert_int_equal(place.user, users[i]);
        assert_int_equal(place.room, i % 2);
    }
    assert_int_equal(traffic_copies(&traffic), 3);
    options.users = 3;
    assert_int_equal(traffic_place(&traffic, 1, 2).user, 2);
    traffic_free(&traffic);
}

static void say_reads(enum load_work work, enum load_role role, const char *expected)
{
    struct options options = some_options(work);
    struct traffic traffic;
    struct buf out = BUF_INIT;
    options.role = role;
    traffic_init(&traffic, &options);
    traffic_say(&traffic, traffic_place(&traffic, 1, 2), 42, &out);
    assert_string_equal(out.data, expected);
    traffic_free(&traffic);
    buf_free(&out);
}

static void each_work_sends_its_stanzas(void **state)
{
    (void)state;
    say_reads(WORK_MESSAGES, ROLE_SERVER,
              "<message type='groupchat' from='user5@load.localhost/load' to='r1@c.localhost' "
              "id='L0000000042'><body>L0000000042..</body></message>");
    say_reads(WORK_PRIVATE, ROLE_CLIENTS,
              "<message type='chat' to='r1@c.localhost/n0' id='L0000000042'>"
              "<body>L0000000042..</body><x xmlns='http://jabber.org/protocol/muc#user'/>"
              "</message>");
    say_reads(WORK_PRESENCE, ROLE_COMPONENT,
              "<presence from='user5@load.localhost/load' to='r1@c.localhost/n2' "
              "id='L0000000042'><status>L0000000042..</status></presence>");
    say_reads(
        WORK_HISTORY, ROLE_CLIENTS,
        "<presence type='unavailable' to='r1@c.localhost/n2'/>"
        "<presence to='r1@c.localhost/n2' id='L0000000042'><status>L0000000042</status>"
        "<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='20'/></x></presence>");
    say_reads(WORK_ARCHIVE, ROLE_CLIENTS,
              "<iq type='set' to='r1@c.localhost' id='L0000000042'><query xmlns='urn:xmpp:mam:2'>"
              "<set xmlns='http://jabber.org/protocol/rsm'><max>20</max><before/></set></query>"
              "</iq>");
}

static void each_joiner_has_a_place(void **state)
{
    (void)state;
    struct options options = some_options(WORK_MESSAGES);
    struct traffic traffic;
    options.flood = 3;
    traffic_init(&traffic, &options);
    static const struct traffic_place places[] = {{0, 1, 1}, {1, 1, 4}, {0, 2, 2},
                                                  {1, 2, 5}, {2, 1, 7}, {2, 2, 8}};
    assert_int_equal(traffic_rooms(&traffic), 3);
    assert_int_equal(traffic_joiners(&traffic), 6);
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct traffic_place place = traffic_joiner(&traffic, i);
        assert_memory_equal(&place, &places[i], sizeof place);
    }
    assert_int_equal(traffic_next_flood(&traffic).user, 6);
    assert_int_equal(traffic_next_flood(&traffic).user, 7);
    assert_int_equal(traffic_message_copies(&traffic, 1), 3);
    traffic_free(&traffic);
}

static void the_creator_of_a_room_stays(void **state)
{
    (void)state;
    struct options options = some_options(WORK_HISTORY);
    struct traffic traffic;
    traffic_init(&traffic, &options);
    for (int i = 0; i < 8; i++)
        assert_int_not_equal(traffic_next(&traffic).seat, 0);
    assert_int_equal(traffic_copies(&traffic), 1);
    traffic_free(&traffic);
}

static void configuration_reads(const struct options *options, const char *expected)
{
    struct traffic traffic;
    struct buf out = BUF_INIT;
    traffic_init(&traffic, options);
    traffic_configure(&traffic, traffic_place(&traffic, 0, 0), &out);
    assert_non_null(strstr(out.data, expected));
    traffic_free(&traffic);
    buf_free(&out);
}

static void rooms_are_configured(void **state)
{
    (void)state;
    struct options options = some_options(WORK_MESSAGES);
    configuration_reads(&options, "type='submit'></x>");
    options.no_archive = true;
    configuration_reads(&options,
                        "<field var='muc#roomconfig_enablearchiving'><value>0</value></field></x>");
    options.quiet_rooms = true;
    configuration_reads(
        &options, "<field var='muc#roomconfig_presencebroadcast'><value>moderator</value></field>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets_follow_each_other),
        cmocka_unit_test(shares_of_a_histogram),
        cmocka_unit_test(a_process_is_read),
        cmocka_unit_test(an_axis_ends_at_a_round_number),
        cmocka_unit_test(a_plot_has_a_point_for_each_sample),
        cmocka_unit_test(a_report_has_three_formats),
        cmocka_unit_test(everybody_takes_turns),
        cmocka_unit_test(each_work_sends_its_stanzas),
        cmocka_unit_test(each_joiner_has_a_place),
        cmocka_unit_test(the_creator_of_a_room_stays),
        cmocka_unit_test(rooms_are_configured),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
