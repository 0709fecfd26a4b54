/* The owner's form: what it shows, and what happens when it comes back. */
#include <sqlite3.h>

#include "muc/state/room_life.h"
#include "room_fixture.h"
#include "store/store_private.h"

#define GET_FORM IQ("get", ROMEO, "form", "<query xmlns='" NS_MUC_OWNER "'/>")

static sqlite3 *open_kept(struct rig *rig)
{
    char *why = NULL;
    struct store *store = store_open(&(struct store_settings){NULL, true}, &why);
    assert_non_null(store);
    rig_open_on(rig, store);
    rig_join(rig, ROMEO, ROOM "/Romeo");
    room_do(rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1")));
    return store->db;
}

/* The caller frees the answer. */
static char *get_form(struct rig *rig)
{
    rig_send(rig, GET_FORM);
    char *form = rig_receive(rig, ROMEO);
    assert_non_null(form);
    assert_non_null(strstr(form, " type='result' "));
    return form;
}

/* Asserts that the form has the field, with that value first; NULL: with an empty one. */
static void expect_shown(struct rig *rig, const char *var, const char *value)
{
    struct buf name = BUF_INIT, text = BUF_INIT;
    char *form = get_form(rig);
    buf_printf(&name, "<field var='%s'", var);
    if (value)
        buf_printf(&text, "<value>%s</value>", value);
    else
        buf_add_text(&text, "<value/>");
    char *field = strstr(form, name.data);
    if (!field)
        fail_msg("no %s in %s", var, form);
    char *first = strstr(field, "<value"), *end = strstr(field, "</field>");
    if (!first || first > end || strncmp(first, text.data, text.len) != 0)
        fail_msg("%s is not %s in %s", var, text.data, form);
    buf_free(&name);
    buf_free(&text);
    free(form);
}

#define OWN(name, value) FIELD("{urn:coven:0}" name, value)

/* A store of an earlier version has options under other names. */
static void former_names_in_the_store(void **state)
{
    (void)state;
    struct rig rig;
    sqlite3 *db = open_kept(&rig);
    room_do(&rig, CONFIGURE(OWN("archivedays", "30") OWN("registration", "approval")));
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE room_option SET var = replace(var, '{urn:coven:0}',"
                                  " 'x-muc#roomconfig_') WHERE var LIKE '{%'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 2);
    rig_restart(&rig);
    expect_shown(&rig, "{urn:coven:0}archivedays", "30");
    expect_shown(&rig, "{urn:coven:0}registration", "approval");
    room_do(&rig, CONFIGURE(OWN("archivedays", "7") OWN("registration", "members")));
    rig_restart(&rig);
    expect_shown(&rig, "{urn:coven:0}archivedays", "7");
    expect_shown(&rig, "{urn:coven:0}registration", "members");
    rig_close(&rig);
}

/* A new room has its creator's language. */
static void language_of_the_creator(void **state)
{
    static const struct {
        const char *given, *lang;
    } rows[] = {
        {"fr", "fr"}, {"pt-BR", "pt-BR"}, {NULL, ""}, {"", ""}, {"not a tag", ""}, {"<b>", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct rig rig;
        rig_open(&rig);
        struct room *room = room_life_create(rig.service, span_of("room"),
                                             span_of("romeo@verona.lit"), span_of(rows[i].given));
        assert_string_equal(room->config.lang, rows[i].lang);
        assert_int_equal(store_commit(rig.store), STORE_OK);
        service_settle(rig.service, true);
        rig_restart(&rig);
        rig_join(&rig, ROMEO, ROOM "/Romeo");
        expect_shown(&rig, "muc#roomconfig_lang", *rows[i].lang ? rows[i].lang : NULL);
        rig_close(&rig);
    }
}

static char *replaced(const char *text, const char *what, const char *with)
{
    struct buf out = BUF_INIT;
    for (const char *at; (at = strstr(text, what)); text = at + strlen(what)) {
        buf_add(&out, text, (size_t)(at - text));
        buf_add_text(&out, with);
    }
    buf_add_text(&out, text);
    return buf_take(&out);
}

/* Sends the form back as it came, or with `what` replaced. Asserts that this changes nothing. */
static void send_back(struct rig *rig, const char *what, const char *with)
{
    char *form = get_form(rig);
    char *x = strstr(form, "<x xmlns='jabber:x:data'"), *end = strstr(form, "</query>");
    assert_non_null(x);
    *end = '\0';
    char *submit = replaced(x, "type='form'", "type='submit'");
    char *last = replaced(submit, what, with);
    struct buf iq = BUF_INIT;
    buf_printf(&iq, IQ("set", ROMEO, "back", "<query xmlns='" NS_MUC_OWNER "'>%s</query>"), last);
    rig_send(rig, iq.data);
    rig_expect(rig, ROMEO, " type='result' ", NULL);
    rig_expect_nothing(rig, NULL);
    char *again = get_form(rig);
    *strstr(again, "</query>") = '\0';
    assert_string_equal(again, form);
    free(form);
    free(submit);
    free(last);
    free(again);
    buf_free(&iq);
}

/* A client that sends back what it got changes nothing, whatever it leaves out. */
static void sent_back(void **state)
{
    static const char *const options[] = {
        "",
        CONFIG_FIELD("maxusers", "33") OWN("archivedays", "12") OWN("archivemessages", "99999"),
        CONFIG_FIELD("roomname", "Caf\xc3\xa9 &amp; &lt;tea&gt;") CONFIG_FIELD("roomdesc", " x ")
            CONFIG_FIELD("lang", "it") CONFIG_FIELD("pubsub", "xmpp:p.lit?;node=a&amp;b"),
        CONFIG_FIELD("roomsecret", "s") CONFIG_FIELD("allowpm", "none")
            CONFIG_FIELD("whois", "anyone") CONFIG_FIELD("publicroom", "0"),
        "<field var='muc#roomconfig_presencebroadcast'/>" CONFIG_FIELD("getmemberlist", "visitor")
            FIELD("muc#maxhistoryfetch", "0"),
    };
    (void)state;
    for (size_t i = 0; i < COUNT(options); i++) {
        struct rig rig;
        struct buf configure = BUF_INIT;
        rig_open(&rig);
        rig_join(&rig, ROMEO, ROOM "/Romeo");
        buf_printf(&configure, CONFIGURE("%s"), options[i]);
        room_do(&rig, configure.data);
        send_back(&rig, "unheard of", "");
        send_back(&rig, " type='fixed'", ""); /* slixmpp 1.17 does this to the last one */
        send_back(&rig, "<value/>", "");
        rig_close(&rig);
        buf_free(&configure);
    }
}

/* The form is made for people. */
static void sections_and_help(void **state)
{
    (void)state;
    struct rig rig;
    room_begin(&rig, CONFIGURE(""));
    char *form = get_form(&rig);
    static const char *const parts[] = {
        "<x xmlns='jabber:x:data' type='form'><title>Configuration of " ROOM "</title>"
        "<instructions>",
        "<field var='FORM_TYPE' type='hidden'><value>" NS_MUC_ROOMCONFIG "</value></field>"
        "<field type='fixed'><value>General</value></field>",
        "<value>Access to the room</value></field>",
        "<value>What others see</value></field>",
        "<value>Conversation</value></field>",
        "<value>History and archive</value></field>",
        "<value>Owners and admins</value></field>",
    };
    const char *at = form;
    for (size_t i = 0; i < COUNT(parts); i++) {
        at = strstr(at, parts[i]);
        if (!at)
            fail_msg("no %s, or too early, in %s", parts[i], form);
    }
    unsigned fields = 0, helps = 0, fixed = 0;
    for (at = form; (at = strstr(at, "<field ")); at++) {
        fields++;
        fixed += strncmp(at, "<field type='fixed'>", strlen("<field type='fixed'>")) == 0;
    }
    for (at = form; (at = strstr(at, "<desc>")); at++)
        helps++;
    assert_int_equal(fixed, 6);
    assert_int_equal(helps, fields - fixed - 1); /* FORM_TYPE has none */
    free(form);
    rig_close(&rig);
}

#define VALIDATE(datatype, method)                                                                 \
    "<validate xmlns='" NS_VALIDATE "' datatype='" datatype "'>" method "</validate>"
#define CHOICE(number) "<option label='" number "'><value>" number "</value></option>"
#define NO_LIMIT       "<option label='No limit'><value>none</value></option></field>"

static void numbers_and_their_limits(void **state)
{
    static const char *const parts[] = {
        VALIDATE("xs:language", "<basic/>"),
        VALIDATE("xs:anyURI", "<basic/>"),
        VALIDATE("xs:string", "<open/>") "<value>33</value>" CHOICE("10") CHOICE("20") CHOICE("33")
            CHOICE("50") NO_LIMIT,
        VALIDATE("xs:integer", "<range min='0' max='7'/>") "<value>7</value></field>",
        VALIDATE("xs:string", "<open/>") "<value>400</value>" CHOICE("1") CHOICE("7") CHOICE("30")
            CHOICE("90") CHOICE("365") CHOICE("400") NO_LIMIT,
        VALIDATE("xs:string", "<open/>") "<value>none</value>" CHOICE("100") CHOICE("1000")
            CHOICE("10000") CHOICE("100000") CHOICE("1000000") NO_LIMIT,
    };
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig.settings.limits.occupants = 60;
    rig.settings.limits.history = 7;
    service_configure(rig.service, &rig.settings);
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    room_do(&rig, CONFIGURE(CONFIG_FIELD("maxusers", "33") OWN("archivedays", "400")));
    char *form = get_form(&rig);
    const char *at = form;
    for (size_t i = 0; i < COUNT(parts); i++) {
        at = strstr(at, parts[i]);
        if (!at)
            fail_msg("no %s, or too early, in %s", parts[i], form);
    }
    free(form);
    rig_close(&rig);
}

/* What is behind an address in a link does not come back, however long it is. */
static void a_refused_address_comes_back_alone(void **state)
{
    (void)state;
    struct rig rig;
    struct buf form = BUF_INIT;
    room_open(&rig, CONFIGURE(""));
    buf_add_text(
        &form,
        "<iq type='set' id='owner' from='" ROMEO "' to='" ROOM "'><query xmlns='" NS_MUC_OWNER
        "'><x xmlns='jabber:x:data' type='submit'>" FIELD(
            "FORM_TYPE",
            NS_MUC_ROOMCONFIG) "<field var='muc#roomconfig_roomowners'><value>xmpp:x@" RIG_DOMAIN
                               "?");
    for (unsigned i = 0; i < rig.settings.limits.stanza_bytes / 2; i++)
        buf_add_char(&form, '>');
    buf_add_text(&form, "</value></field></x></query></iq>");
    rig_send(&rig, form.data);
    buf_free(&form);
    rig_expect(&rig, ROMEO, "<item-not-found", ">Owners: x@" RIG_DOMAIN ": This is an address",
               NULL);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(former_names_in_the_store),
        cmocka_unit_test(language_of_the_creator),
        cmocka_unit_test(sent_back),
        cmocka_unit_test(sections_and_help),
        cmocka_unit_test(numbers_and_their_limits),
        cmocka_unit_test(a_refused_address_comes_back_alone),
    };
    return cmocka_run_group_tests_name("owner form", tests, NULL, NULL);
}
