/* Room options take values: every kind of option, from a submitted form and from the store. */
#include "options_fixture.h"

#define ROOMS(name, text)   VALUES("muc#roomconfig_" name, text)
#define OWN(name, value)    FIELD("{urn:coven:0}" name, value)
#define FORMER(name, value) FIELD("x-muc#roomconfig_" name, value)
#define NO_BOOLEAN          "Newcomers need permission to speak (moderated): must be 1 (yes) or 0 (no)"
#define NO_SUCH_LISTING     "List the room publicly: must be 1 (yes) or 0 (no)"
#define LONG_NAME           "Name: must be no longer than 10 bytes"
#define LONG_DESCRIPTION    "Description: must be no longer than 10 bytes"
#define NO_NUMBER                                                                                  \
    "Maximum number of occupants: must be a whole number between 1 and 1000, or none for no limit"
#define NO_CHOICE "Who may see the real addresses of occupants: must be moderators or anyone"
#define NO_SET                                                                                     \
    "Who may retrieve the member list: must be nothing, or any of moderator, participant or "      \
    "visitor"
#define NO_LANGUAGE                                                                                \
    "Language: must be a language tag such as en or pt-BR, and no longer than 10 bytes"
#define NO_PASSWORD "Password: a protected room needs a password"

static bool submit(struct room_config *config, const char *fields, struct buf *why)
{
    return submit_fixed(config, fields, NULL, why);
}

struct row {
    const char *before; /* fields of an earlier form */
    const char *fields;
    const char *changes;
    const char *why; /* NULL: the form is accepted */
};

static void check_row(const struct row *row)
{
    struct room_config before, after;
    struct buf why = BUF_INIT;
    options_init(&before, &limits);
    assert_true(submit(&before, row->before, &why));
    options_copy(&after, &before);
    if (submit(&after, row->fields, &why) != !row->why)
        fail_msg("%s: %s", row->fields, row->why ? "not refused" : "refused");
    if (!span_is(buf_span(&why), row->why ? row->why : ""))
        fail_msg("%s: the reason is %.*s", row->fields, (int)why.len, why.data);
    expect_changes(row->fields, &before, &after, row->changes);
    buf_free(&why);
    options_free(&before);
    options_free(&after);
}

#define CHECK(rows)                                                                                \
    for (size_t i = 0; i < COUNT(rows); i++)                                                       \
    check_row(&rows[i])

static void booleans(void **state)
{
    static const struct row rows[] = {
        {"", ROOM("moderatedroom", "1"), "moderatedroom=1", NULL},
        {"", ROOM("moderatedroom", "true"), "moderatedroom=1", NULL},
        {"", ROOM("publicroom", "0"), "publicroom=0", NULL},
        {"", ROOM("publicroom", "false"), "publicroom=0", NULL},
        {"", ROOM("publicroom", "1"), "", NULL},
        {"", ROOMS("moderatedroom", VALUE("1") VALUE("0")), "moderatedroom=1", NULL},
        {"", ROOM("moderatedroom", "yes"), "", NO_BOOLEAN},
        {"", ROOM("moderatedroom", "TRUE"), "", NO_BOOLEAN},
        {"", ROOM("moderatedroom", "2"), "", NO_BOOLEAN},
        {"", ROOM("publicroom", ""), "", NO_SUCH_LISTING},
        {"", ROOMS("publicroom", ""), "", NO_SUCH_LISTING},
    };
    (void)state;
    CHECK(rows);
}

static void texts(void **state)
{
    static const struct row rows[] = {
        {"", ROOM("roomname", "0123456789"), "roomname=0123456789", NULL},
        {"", ROOM("roomname", "0123456789a"), "", LONG_NAME},
        {"", ROOMS("roomdesc", VALUE("0123") VALUE("") VALUE("6789")), "roomdesc=0123\n\n6789",
         NULL},
        {"", ROOMS("roomdesc", VALUE("01234") VALUE("") VALUE("6789")), "", LONG_DESCRIPTION},
        {ROOM("roomname", "Verona"), ROOM("roomname", ""), "roomname=", NULL},
        {ROOM("roomname", "Verona"), ROOMS("roomname", ""), "roomname=", NULL},
    };
    (void)state;
    CHECK(rows);
}

static void languages(void **state)
{
    static const struct row rows[] = {
        {"", ROOM("lang", "en"), "lang=en", NULL},
        {"", ROOM("lang", "pt-BR"), "lang=pt-BR", NULL},
        {"", ROOM("lang", "de-1996"), "lang=de-1996", NULL},
        {"", ROOM("lang", "x-klingon"), "lang=x-klingon", NULL},
        {ROOM("lang", "en"), ROOM("lang", ""), "lang=", NULL},
        {"", ROOM("lang", "en US"), "", NO_LANGUAGE},
        {"", ROOM("lang", "en_US"), "", NO_LANGUAGE},
        {"", ROOM("lang", "en-"), "", NO_LANGUAGE},
        {"", ROOM("lang", "-en"), "", NO_LANGUAGE},
        {"", ROOM("lang", "en--US"), "", NO_LANGUAGE},
        {"", ROOM("lang", "1996"), "", NO_LANGUAGE},
        {"", ROOM("lang", "Norwegian"), "", NO_LANGUAGE},
        {"", ROOM("lang", "espa\xc3\xb1ol"), "", NO_LANGUAGE},
        {"", ROOM("lang", "de-a-b-c-d"), "lang=de-a-b-c-d", NULL},
        {"", ROOM("lang", "de-a-b-c-d-e"), "", NO_LANGUAGE},
    };
    (void)state;
    CHECK(rows);
}

/* A text of an earlier version that is not valid any more stays until somebody changes it. */
static void texts_that_are_there(void **state)
{
    struct room_config before, after;
    struct buf why = BUF_INIT;
    (void)state;
    options_init(&before, &limits);
    options_load(&before, span_of("muc#roomconfig_lang"), span_of("Old Norse"), &limits);
    assert_string_equal(before.lang, "Old Norse");
    options_copy(&after, &before);
    assert_true(submit(&after, ROOM("lang", "Old Norse") ROOM("roomname", "Asgard"), &why));
    expect_changes("back", &before, &after, "roomname=Asgard");
    assert_false(submit(&after, ROOM("lang", "New Norse"), &why));
    options_free(&after);
    options_free(&before);
    buf_free(&why);
}

static void numbers(void **state)
{
    static const struct row rows[] = {
        {"", ROOM("maxusers", "1"), "maxusers=1", NULL},
        {"", ROOM("maxusers", "007"), "maxusers=7", NULL},
        {"", ROOM("maxusers", "999"), "maxusers=999", NULL},
        {"", ROOM("maxusers", "1000"), "maxusers=1000", NULL},
        {"", ROOM("maxusers", "1001"), "maxusers=1000", NULL},
        {"", ROOM("maxusers", "999999999"), "maxusers=1000", NULL},
        {"", ROOM("maxusers", "1000000000"), "", NO_NUMBER},
        {"", ROOM("maxusers", "99999999999999999999"), "", NO_NUMBER},
        {"", ROOM("maxusers", "-1"), "", NO_NUMBER},
        {"", ROOM("maxusers", "1.5"), "", NO_NUMBER},
        {"", ROOM("maxusers", "None"), "", NO_NUMBER},
        {ROOM("maxusers", "30"), ROOM("maxusers", "none"), "maxusers=0", NULL},
        {ROOM("maxusers", "30"), ROOM("maxusers", ""), "maxusers=0", NULL},
        {ROOM("maxusers", "30"), ROOMS("maxusers", ""), "maxusers=0", NULL},
        {ROOM("maxusers", "30"), ROOM("maxusers", "0"), "maxusers=0", NULL},
        /* A number that cannot be unlimited. */
        {"", FIELD("muc#maxhistoryfetch", "-5"), "",
         "Maximum number of history messages sent on entry: must be a whole number between 0 and "
         "100"},
        {"", FIELD("muc#maxhistoryfetch", "0"), "maxhistoryfetch=0", NULL},
        {"", FIELD("muc#maxhistoryfetch", "101"), "maxhistoryfetch=100", NULL},
        {"", FIELD("muc#maxhistoryfetch", "none"), "maxhistoryfetch=100", NULL},
        {"", FIELD("muc#maxhistoryfetch", ""), "maxhistoryfetch=100", NULL},
        /* A number that the service does not limit. */
        {"", OWN("archivedays", "999999999"), "archivedays=999999999", NULL},
        {"", OWN("archivedays", "a week"), "",
         "Days to keep messages in the archive: must be a whole number between 1 and 999999999, or "
         "none for no limit"},
    };
    (void)state;
    CHECK(rows);
}

static void former_names(void **state)
{
    static const struct row rows[] = {
        {"", FORMER("archivedays", "7"), "archivedays=7", NULL},
        {"", FORMER("archivemessages", "7"), "archivemessages=7", NULL},
        {"", FORMER("registration", "anyone"), "registration=anyone", NULL},
        {"", FORMER("archivedays", "7") OWN("archivedays", "8"), "archivedays=8", NULL},
        {"", OWN("archivedays", "8") FORMER("archivedays", "7"), "archivedays=8", NULL},
        {OWN("archivedays", "8"), OWN("archivedays", "none") FORMER("archivedays", "8"),
         "archivedays=0", NULL},
        {"", OWN("archivedays", "8") FORMER("archivedays", "soon"), "archivedays=8", NULL},
    };
    (void)state;
    CHECK(rows);
}

static void choices(void **state)
{
    static const struct row rows[] = {
        {"", ROOM("whois", "anyone"), "whois=anyone", NULL},
        {ROOM("whois", "anyone"), ROOM("whois", "moderators"), "whois=moderators", NULL},
        {"", ROOM("allowpm", "none"), "allowpm=none", NULL},
        /* Names that other services use. */
        {"", ROOM("whois", "everyone"), "whois=anyone", NULL},
        {ROOM("whois", "anyone"), ROOM("whois", "moderator"), "whois=moderators", NULL},
        {"", ROOM("allowpm", "participant"), "allowpm=participants", NULL},
        {ROOM("allowpm", "none"), ROOM("allowpm", "visitor"), "allowpm=anyone", NULL},
        {"", ROOM("whois", "participant"), "", NO_CHOICE},
        {"", ROOM("whois", "none"), "", NO_CHOICE},
        {"", ROOM("whois", "Anyone"), "", NO_CHOICE},
        {"", ROOM("whois", ""), "", NO_CHOICE},
        {"", ROOMS("whois", ""), "", NO_CHOICE},
    };
    (void)state;
    CHECK(rows);
}

static void sets(void **state)
{
    static const struct row rows[] = {
        {"", ROOM("getmemberlist", "moderator"), "getmemberlist=1", NULL},
        {"", ROOM("getmemberlist", "participant"), "getmemberlist=2", NULL},
        {"", ROOM("getmemberlist", "visitor"), "getmemberlist=4", NULL},
        {"", ROOMS("getmemberlist", VALUE("visitor") VALUE("") VALUE("moderator")),
         "getmemberlist=5", NULL},
        {"", ROOMS("getmemberlist", VALUE("visitor") VALUE("visitor")), "getmemberlist=4", NULL},
        {"", ROOMS("presencebroadcast", VALUE("none") VALUE("visitor")), "presencebroadcast=12",
         NULL},
        {"", ROOMS("presencebroadcast", ""), "presencebroadcast=0", NULL},
        {"", ROOM("presencebroadcast", ""), "presencebroadcast=0", NULL},
        {"", ROOM("getmemberlist", "none"), "", NO_SET},
        {"", ROOMS("getmemberlist", VALUE("visitor") VALUE("owner")), "", NO_SET},
    };
    (void)state;
    CHECK(rows);
}

#define PROTECT(value) ROOM("passwordprotectedroom", value)
#define SECRET(text)   ROOM("roomsecret", text)

static void a_password_and_its_flag(void **state)
{
    static const struct row rows[] = {
        {"", SECRET("s"), "passwordprotectedroom=1 roomsecret=s", NULL},
        {"", PROTECT("1") SECRET("s"), "passwordprotectedroom=1 roomsecret=s", NULL},
        {"", PROTECT("0") SECRET("s"), "roomsecret=s", NULL},
        {"", PROTECT("0") SECRET(""), "", NULL},
        {"", SECRET(""), "", NULL},
        {"", PROTECT("1"), "", NO_PASSWORD},
        {"", PROTECT("1") SECRET(""), "", NO_PASSWORD},
        {SECRET("s"), PROTECT("1") SECRET(""), "", NO_PASSWORD},
        {SECRET("s"), PROTECT("0"), "passwordprotectedroom=0", NULL},
        {SECRET("s"), SECRET(""), "passwordprotectedroom=0 roomsecret=", NULL},
        {PROTECT("0") SECRET("s"), PROTECT("1"), "passwordprotectedroom=1", NULL},
        {PROTECT("0") SECRET("s"), ROOM("moderatedroom", "1"), "moderatedroom=1", NULL},
    };
    (void)state;
    CHECK(rows);
}

static void forms_are_taken_whole_or_not_at_all(void **state)
{
    static const struct row rows[] = {
        {"", "", "", NULL},
        {"", FIELD("muc#roomconfig_unheard", "1"), "", NULL},
        {"", FIELD("roomname", "Verona") FIELD("", "1"), "", NULL},
        {"", FIELD("x", "y") ROOM("roomname", "Verona") ROOM("maxusers", "5"),
         "roomname=Verona maxusers=5", NULL},
        {"", ROOM("roomname", "Verona") ROOM("roomname", "Mantua"), "roomname=Mantua", NULL},
        {"", ROOM("roomname", "Verona") ROOM("moderatedroom", "1") ROOM("whois", "nobody"), "",
         NO_CHOICE},
        {"", ROOM("whois", "nobody") ROOM("roomname", "Verona"), "", NO_CHOICE},
        {"", ROOM("roomname", "Verona") ROOM("maxusers", "5") PROTECT("1"), "", NO_PASSWORD},
        /* Only the first wrong option is named, in the order of the options. */
        {"", ROOM("moderatedroom", "?") ROOM("whois", "nobody"), "", NO_CHOICE},
    };
    (void)state;
    CHECK(rows);
}

static void values_from_the_store(void **state)
{
    static const struct {
        const char *var, *value, *changes;
    } rows[] = {
        {"muc#roomconfig_moderatedroom", "1", "moderatedroom=1"},
        {"muc#roomconfig_roomname", "Verona", "roomname=Verona"},
        {"muc#roomconfig_maxusers", "30", "maxusers=30"},
        {"muc#roomconfig_maxusers", "2000", "maxusers=1000"},
        {"muc#roomconfig_whois", "anyone", "whois=anyone"},
        {"muc#roomconfig_getmemberlist", "5", "getmemberlist=5"},
        {"muc#roomconfig_presencebroadcast", "0", "presencebroadcast=0"},
        {"{urn:coven:0}registration", "approval", "registration=approval"},
        {"x-muc#roomconfig_registration", "approval", "registration=approval"},
        {"x-muc#roomconfig_archivedays", "30", "archivedays=30"},
        /* Values that are not valid any more. */
        {"muc#roomconfig_moderatedroom", "2", ""},
        {"muc#roomconfig_roomname", "0123456789a", ""},
        {"muc#roomconfig_maxusers", "many", ""},
        {"muc#roomconfig_whois", "nobody", ""},
        {"muc#roomconfig_unheard", "1", ""},
    };
    struct room_config before, after;
    (void)state;
    options_init(&before, &limits);
    for (size_t i = 0; i < COUNT(rows); i++) {
        options_copy(&after, &before);
        options_load(&after, span_of(rows[i].var), span_of(rows[i].value), &limits);
        expect_changes(rows[i].var, &before, &after, rows[i].changes);
        options_free(&after);
    }
    options_free(&before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(booleans),
        cmocka_unit_test(texts),
        cmocka_unit_test(languages),
        cmocka_unit_test(texts_that_are_there),
        cmocka_unit_test(numbers),
        cmocka_unit_test(former_names),
        cmocka_unit_test(choices),
        cmocka_unit_test(sets),
        cmocka_unit_test(a_password_and_its_flag),
        cmocka_unit_test(forms_are_taken_whole_or_not_at_all),
        cmocka_unit_test(values_from_the_store),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
