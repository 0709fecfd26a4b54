/* What the operator decides about the options of rooms: what new rooms have, and what owners may
 * not change. */
#include "room_fixture.h"

#define OTHER  "other@conference.localhost"
#define PRINCE "prince@verona.lit/palace"

#define FORM_OF(from, to)                                                                          \
    "<iq type='get' id='form' from='" from "' to='" to "'><query xmlns='" NS_MUC_OWNER "'/></iq>"
#define SUBMIT_BY(from, fields)                                                                    \
    IQ("set", from, "owner",                                                                       \
       "<query xmlns='" NS_MUC_OWNER "'>" FORM(NS_MUC_ROOMCONFIG, fields) "</query>")

static int place_of(const char *name)
{
    int place = room_option_find(span_of(name));
    if (place < 0)
        fail_msg("there is no option %s", name);
    return place;
}

/* Sets a default as the configuration does, with the check. */
static void set_default(struct rig *rig, const char *name, const char *text)
{
    struct buf why = BUF_INIT;
    if (!room_option_check(place_of(name), text, &rig->settings.limits, &why))
        fail_msg("%s", why.data);
    rig->settings.defaults[place_of(name)] = text;
    buf_free(&why);
}

static void fix(struct rig *rig, const char *name)
{
    rig->settings.fixed[place_of(name)] = true;
}

static void reload(struct rig *rig)
{
    service_configure(rig->service, &rig->settings);
}

/* The values of the option, as the owner's form shows them, each in (). The caller frees them. */
static char *shown(struct rig *rig, const char *get_form, const char *var)
{
    struct buf values = BUF_INIT, name = BUF_INIT;
    rig_send(rig, get_form);
    char *form = rig_receive(rig, ROMEO);
    assert_non_null(form);
    buf_printf(&name, "<field var='%s'", var);
    char *at = strstr(form, name.data);
    if (!at)
        fail_msg("no %s in %s", var, form);
    *strstr(at, "</field>") = '\0';
    char *options = strstr(at, "<option");
    if (options)
        *options = '\0';
    buf_add_text(&values, "");
    while ((at = strstr(at, "<value>"))) {
        at += strlen("<value>");
        buf_printf(&values, "(%.*s)", (int)strcspn(at, "<"), at);
    }
    buf_free(&name);
    free(form);
    return buf_take(&values);
}

static void expect_option(struct rig *rig, const char *get_form, const char *var,
                          const char *values)
{
    char *text = shown(rig, get_form, var);
    if (strcmp(text, values) != 0)
        fail_msg("%s is %s, not %s", var, text, values);
    free(text);
}

static const struct {
    const char *name, *text;  /* in the configuration */
    const char *var, *values; /* in the form */
    const char *built_in;     /* in the form of a room without the default */
} rows[] = {
    {"lang", "de", "muc#roomconfig_lang", "(de)", ""},
    {"persistentroom", "1", "muc#roomconfig_persistentroom", "(1)", "(0)"},
    {"membersonly", "true", "muc#roomconfig_membersonly", "(1)", "(0)"},
    {"allowinvites", "1", "muc#roomconfig_allowinvites", "(1)", "(0)"},
    {"registration", "approval", "{urn:coven:0}registration", "(approval)", "(members)"},
    {"maxusers", "200", "muc#roomconfig_maxusers", "(200)", "(none)"},
    {"publicroom", "0", "muc#roomconfig_publicroom", "(0)", "(1)"},
    {"whois", "anyone", "muc#roomconfig_whois", "(anyone)", "(moderators)"},
    {"presencebroadcast", "moderator none", "muc#roomconfig_presencebroadcast", "(moderator)(none)",
     "(moderator)(participant)(visitor)"},
    {"getmemberlist", "visitor", "muc#roomconfig_getmemberlist", "(visitor)", ""},
    {"moderatedroom", "1", "muc#roomconfig_moderatedroom", "(1)", "(0)"},
    {"changesubject", "1", "muc#roomconfig_changesubject", "(1)", "(0)"},
    {"allowpm", "none", "muc#roomconfig_allowpm", "(none)", "(anyone)"},
    {"queries", "moderators", "{urn:coven:0}queries", "(moderators)", "(anyone)"},
    /* Limits of the service count: it sends no more than a hundred messages. */
    {"maxhistoryfetch", "101", "muc#maxhistoryfetch", "(100)", "(20)"},
    {"enablearchiving", "0", "muc#roomconfig_enablearchiving", "(0)", "(1)"},
    {"archivedays", "30", "{urn:coven:0}archivedays", "(30)", "(none)"},
    {"archivemessages", "500", "{urn:coven:0}archivemessages", "(500)", "(none)"},
    {"enablelogging", "1", "muc#roomconfig_enablelogging", "(1)", "(0)"},
};

static void expect_all(struct rig *rig, const char *get_form, bool built_in)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        expect_option(rig, get_form, rows[i].var, built_in ? rows[i].built_in : rows[i].values);
}

/* The form of a room that is created shows the defaults already; a room whose owner takes what
 * there is keeps them, also when the operator changes them or covend comes back. Rooms that are
 * there stay as they are. */
static void new_rooms_have_the_defaults(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig_join(&rig, ROMEO, OTHER "/Romeo");
    for (size_t i = 0; i < COUNT(rows); i++)
        set_default(&rig, rows[i].name, rows[i].text);
    reload(&rig);
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    expect_all(&rig, FORM_OF(ROMEO, ROOM), false);
    expect_all(&rig, FORM_OF(ROMEO, OTHER), true);
    room_do(&rig, CONFIGURE(""));
    expect_all(&rig, FORM_OF(ROMEO, ROOM), false);
    memset(rig.settings.defaults, 0, sizeof rig.settings.defaults);
    rig_restart(&rig);
    expect_all(&rig, FORM_OF(ROMEO, ROOM), false);
    expect_all(&rig, FORM_OF(ROMEO, OTHER), true);
    rig_close(&rig);
}

/* A default is a default: the owner changes it. */
static void owners_change_defaults(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    set_default(&rig, "whois", "anyone");
    set_default(&rig, "presencebroadcast", "");
    rig_restart(&rig);
    rig_send(&rig, JOIN(ROMEO, "Romeo"));
    rig_expect(&rig, ROMEO, "<status code='100'/>", "<status code='201'/>", NULL);
    rig_drain(&rig);
    expect_option(&rig, FORM_OF(ROMEO, ROOM), "muc#roomconfig_presencebroadcast", "");
    room_do(&rig, CONFIGURE(CONFIG_FIELD("whois", "moderators")));
    rig_restart(&rig);
    expect_option(&rig, FORM_OF(ROMEO, ROOM), "muc#roomconfig_whois", "(moderators)");
    rig_close(&rig);
}

/* The operator's language counts more than the creator's. */
static void language(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    set_default(&rig, "lang", "de");
    reload(&rig);
    rig_send(&rig, "<presence xml:lang='fr' from='" ROMEO "' to='" ROOM "/Romeo'><x xmlns='" NS_MUC
                   "'/></presence>");
    rig_drain(&rig);
    expect_option(&rig, FORM_OF(ROMEO, ROOM), "muc#roomconfig_lang", "(de)");
    rig_close(&rig);
}

/* What new rooms keep of the former setting, or of the default that overrules it. */
static void open_registration(void **state)
{
    static const struct {
        const char *text, *values;
    } kept[] = {{NULL, "(anyone)"}, {"members", "(members)"}, {"approval", "(approval)"}};
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(kept); i++) {
        struct rig rig;
        rig_open(&rig);
        rig.settings.open_registration = true;
        rig.settings.defaults[place_of("registration")] = kept[i / 2].text;
        reload(&rig);
        rig_join(&rig, ROMEO, ROOM "/Romeo");
        room_do(&rig, CONFIGURE(""));
        rig.settings.open_registration = i % 2 == 0;
        rig_restart(&rig);
        expect_option(&rig, FORM_OF(ROMEO, ROOM), "{urn:coven:0}registration", kept[i / 2].values);
        rig_close(&rig);
    }
}

/* A room that an earlier version made has no row, and follows the setting. */
static void open_registration_of_old(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    room_do(&rig, CONFIGURE(""));
    rig.settings.open_registration = true;
    rig_restart(&rig);
    expect_option(&rig, FORM_OF(ROMEO, ROOM), "{urn:coven:0}registration", "(anyone)");
    rig_close(&rig);
}

/* A room that a dropped turn created is created again, with its defaults. */
static void a_dropped_turn(void **state)
{
    (void)state;
    struct rig rig;
    rig_open(&rig);
    set_default(&rig, "maxusers", "200");
    reload(&rig);
    rig.drops = true;
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    rig_restart(&rig);
    expect_option(&rig, FORM_OF(ROMEO, ROOM), "muc#roomconfig_maxusers", "(200)");
    rig_close(&rig);
}

/* ---- Fixed options ---- */

static void open_fixed(struct rig *rig)
{
    static const char *const admins[] = {"prince@verona.lit", NULL};
    static const char *const names[] = {"roomdesc",  "persistentroom",    "membersonly",
                                        "whois",     "presencebroadcast", "getmemberlist",
                                        "maxusers",  "maxhistoryfetch",   "passwordprotectedroom",
                                        "roomsecret"};
    rig_open(rig);
    rig->settings.admins = admins;
    for (size_t i = 0; i < COUNT(names); i++)
        fix(rig, names[i]);
    set_default(rig, "persistentroom", "1");
    set_default(rig, "presencebroadcast", "moderator participant");
    rig_restart(rig);
    rig_join(rig, ROMEO, ROOM "/Romeo");
}

#define LINE(text) "<field type='fixed'><value>" text " (fixed by the service)</value></field>"

/* Owners see fixed options as text. */
static void the_form_shows_fixed_options_as_text(void **state)
{
    static const char *const texts[] = {
        LINE("Description: nothing"),
        LINE("Keep the room when the last occupant leaves: yes"),
        LINE("Only members may enter: no"),
        LINE("Maximum number of occupants: no limit"),
        LINE("Who may see the real addresses of occupants: Moderators only"),
        LINE("Whose presence is shown: Moderators, Participants"),
        LINE("Who may retrieve the member list: nothing"),
        LINE("Maximum number of history messages sent on entry: 20"),
        /* The sections are there. */
        "<field type='fixed'><value>Access to the room</value></field>",
        "<field type='fixed'><value>History and archive</value></field>",
        "<field var='muc#roomconfig_roomname'",
    };
    (void)state;
    struct rig rig;
    open_fixed(&rig);
    rig_send(&rig, FORM_OF(ROMEO, ROOM));
    char *form = rig_receive(&rig, ROMEO);
    assert_non_null(form);
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (!strstr(form, texts[i]))
            fail_msg("no %s in %s", texts[i], form);
    }
    assert_null(strstr(form, "muc#roomconfig_persistentroom"));
    assert_null(strstr(form, "muc#roomconfig_whois"));
    free(form);
    rig_close(&rig);
}

/* The same value may come back, another one is refused with the whole form. */
static void owners_do_not_change_fixed_options(void **state)
{
    static const struct {
        const char *iq, *label; /* NULL: it is taken */
    } forms[] = {
        {CONFIGURE(CONFIG_FIELD("persistentroom", "1")), NULL},
        {CONFIGURE(CONFIG_FIELD("persistentroom", "true") CONFIG_FIELD("maxusers", "none")), NULL},
        {CONFIGURE(CONFIG_FIELD("persistentroom", "0")),
         "Keep the room when the last occupant leaves"},
        {CONFIGURE(CONFIG_FIELD("publicroom", "0") CONFIG_FIELD("whois", "anyone")),
         "Who may see the real addresses of occupants"},
        {CONFIGURE(CONFIG_FIELD("presencebroadcast", "moderator")), "Whose presence is shown"},
        {CONFIGURE(CONFIG_FIELD("maxusers", "10")), "Maximum number of occupants"},
        {CONFIGURE(CONFIG_FIELD("roomdesc", "Ours")), "Description"},
        {CONFIGURE(CONFIG_FIELD("passwordprotectedroom", "0") CONFIG_FIELD("roomsecret", "s")),
         "Password"},
        /* A secret alone protects the room. */
        {CONFIGURE(CONFIG_FIELD("roomsecret", "s")), "Require a password to enter"},
    };
    (void)state;
    struct rig rig;
    open_fixed(&rig);
    for (size_t i = 0; i < COUNT(forms); i++) {
        struct buf text = BUF_INIT;
        rig_send(&rig, forms[i].iq);
        buf_printf(&text, ">%s: the service does not let owners change this</text>",
                   forms[i].label ? forms[i].label : "");
        if (forms[i].label)
            rig_expect(&rig, ROMEO, "<error type='modify' code='406'", "<not-acceptable", text.data,
                       NULL);
        else
            rig_expect(&rig, ROMEO, " type='result' ", NULL);
        rig_expect_nothing(&rig, NULL);
        buf_free(&text);
    }
    expect_option(&rig, FORM_OF(ROMEO, ROOM), "muc#roomconfig_publicroom", "(1)");
    rig_close(&rig);
}

/* An admin of the service, who owns every room, sees a field and may change it; then the owner may
 * send back what it is now. */
static void admins_change_fixed_options(void **state)
{
    (void)state;
    struct rig rig;
    open_fixed(&rig);
    room_do(&rig, CONFIGURE(""));
    rig_send(&rig, FORM_OF(PRINCE, ROOM));
    rig_expect(&rig, PRINCE, "<field var='muc#roomconfig_persistentroom' type='boolean'", NULL);
    rig_send(&rig, SUBMIT_BY(PRINCE, CONFIG_FIELD("maxusers", "10")));
    rig_expect(&rig, PRINCE, " type='result' ", NULL);
    rig_drain(&rig);
    rig_send(&rig, CONFIGURE(CONFIG_FIELD("maxusers", "none")));
    rig_expect(&rig, ROMEO, "<not-acceptable", NULL);
    room_do(&rig, CONFIGURE(CONFIG_FIELD("maxusers", "10")));
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_rooms_have_the_defaults),
        cmocka_unit_test(owners_change_defaults),
        cmocka_unit_test(language),
        cmocka_unit_test(open_registration),
        cmocka_unit_test(open_registration_of_old),
        cmocka_unit_test(a_dropped_turn),
        cmocka_unit_test(the_form_shows_fixed_options_as_text),
        cmocka_unit_test(owners_do_not_change_fixed_options),
        cmocka_unit_test(admins_change_fixed_options),
    };
    return cmocka_run_group_tests_name("room defaults", tests, NULL, NULL);
}
