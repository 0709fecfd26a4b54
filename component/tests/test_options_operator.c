/* What the operator says of options: the defaults of new rooms, and what owners may not change. */
#include "coven/room_option.h"
#include "options_fixture.h"

static void values_from_the_operator(void **state)
{
    static const struct {
        const char *name, *text, *changes, *why; /* NULL: it is accepted */
    } rows[] = {
        {"moderatedroom", "1", "moderatedroom=1", NULL},
        {"publicroom", "false", "publicroom=0", NULL},
        {"moderatedroom", "yes", "", "moderatedroom must be 1 (yes) or 0 (no), not \"yes\""},
        {"moderatedroom", "1 0", "", "moderatedroom must be 1 (yes) or 0 (no), not \"1 0\""},
        {"moderatedroom", "", "", "moderatedroom has no value"},
        {"lang", "pt-BR", "lang=pt-BR", NULL},
        {"lang", "", "", "lang has no value"},
        {"lang", "en US", "",
         "lang must be a language tag such as en or pt-BR, and no longer than 10 bytes, not \"en "
         "US\""},
        {"lang", "abcdefgh-ij", "",
         "lang must be a language tag such as en or pt-BR, and no longer than 10 bytes, not "
         "\"abcdefgh-ij\""},
        {"maxusers", "30", "maxusers=30", NULL},
        {"maxusers", "5000", "maxusers=1000", NULL},
        {"maxusers", "none", "", NULL},
        {"maxusers", "many", "",
         "maxusers must be a whole number between 1 and 1000, or none for no limit, not \"many\""},
        {"maxhistoryfetch", "0", "maxhistoryfetch=0", NULL},
        {"maxhistoryfetch", "500", "maxhistoryfetch=100", NULL},
        {"archivedays", "30", "archivedays=30", NULL},
        {"whois", "anyone", "whois=anyone", NULL},
        {"whois", "moderators anyone", "",
         "whois must be moderators or anyone, not \"moderators anyone\""},
        {"registration", "approval", "registration=approval", NULL},
        {"queries", "none", "queries=none", NULL},
        {"presencebroadcast", "", "presencebroadcast=0", NULL},
        {"presencebroadcast", "none", "presencebroadcast=8", NULL},
        {"presencebroadcast", "moderator  participant", "presencebroadcast=3", NULL},
        {"presencebroadcast", "moderator,participant", "",
         "presencebroadcast must be nothing, or any of moderator, participant, visitor or none, "
         "not "
         "\"moderator,participant\""},
        {"getmemberlist", "visitor\tmoderator", "getmemberlist=5", NULL},
        {"getmemberlist", "visitor visitor visitor visitor visitor visitor visitor visitor visitor",
         "",
         "getmemberlist must be nothing, or any of moderator, participant or visitor, not "
         "\"visitor "
         "visitor visitor visitor visitor visitor visitor visitor visitor\""},
        {"roomname", "Verona", "", "roomname has no default, because it is about one room"},
        {"roomdesc", "Verona", "", "roomdesc has no default, because it is about one room"},
        {"pubsub", "xmpp:a", "", "pubsub has no default, because it is about one room"},
        {"roomsecret", "s", "",
         "roomsecret has no default, because each room needs a password of its own"},
        {"passwordprotectedroom", "0", "",
         "passwordprotectedroom has no default, because each room needs a password of its own"},
    };
    struct room_config before, after;
    (void)state;
    options_init(&before, &limits);
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf why = BUF_INIT;
        int place = room_option_find(span_of(rows[i].name));
        assert_true(place >= 0);
        assert_int_equal(room_option_check(place, rows[i].text, &limits, &why), !rows[i].why);
        if (!span_is(buf_span(&why), rows[i].why ? rows[i].why : ""))
            fail_msg("%s: the reason is %.*s", rows[i].name, (int)why.len, why.data);
        options_copy(&after, &before);
        if (!rows[i].why)
            assert_true(options_assign(&after, options_at((size_t)place), rows[i].text, &limits));
        expect_changes(rows[i].name, &before, &after, rows[i].changes);
        options_free(&after);
        buf_free(&why);
    }
    options_free(&before);
}

/* Every option has a short name, and nothing else has. */
static void short_names(void **state)
{
    static const char *const others[] = {"", "room", "muc#roomconfig_whois", "Whois", "roomowners"};
    (void)state;
    for (int i = 0; options_at((size_t)i); i++) {
        const char *name = options_name(options_at((size_t)i));
        assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz"), strlen(name));
        assert_int_equal(room_option_find(span_of(name)), i);
    }
    for (size_t i = 0; i < COUNT(others); i++)
        assert_int_equal(room_option_find(span_of(others[i])), -1);
}

/* Nothing of a form is taken that would change a fixed option. */
static void fixed_options(void **state)
{
    bool fixed[ROOM_OPTIONS_MAX] = {false};
    struct room_config before, after;
    struct buf why = BUF_INIT;
    (void)state;
    fixed[room_option_find(span_of("whois"))] = true;
    options_init(&before, &limits);
    options_copy(&after, &before);
    assert_false(
        submit_fixed(&after, ROOM("roomname", "Verona") ROOM("whois", "anyone"), fixed, &why));
    assert_string_equal(why.data, "Who may see the real addresses of occupants: the service does "
                                  "not let owners change this");
    expect_changes("refused", &before, &after, "");
    assert_true(
        submit_fixed(&after, ROOM("roomname", "Verona") ROOM("whois", "moderator"), fixed, &why));
    expect_changes("taken", &before, &after, "roomname=Verona");
    options_free(&after);
    options_free(&before);
    buf_free(&why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_from_the_operator),
        cmocka_unit_test(short_names),
        cmocka_unit_test(fixed_options),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
