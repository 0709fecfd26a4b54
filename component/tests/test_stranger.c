/* A stranger reads nothing: users who may not look into a room send every kind of request, and no
 * answer reveals anything that happens there, or depends on who is inside. */

#include "coven/mem.h"
#include "coven/ns.h"
#include "muc/state/access.h"
#include "rig.h"
#include "unit.h"

#define ROOM     "room@conference.localhost"
#define OWNER    "secret-owner@verona.lit/orchard"
#define MEMBER   "secret-member@capulet.lit/balcony"
#define SILENT   "secret-silent@verona.lit/street"
#define FORMER   "former@verona.lit/cell"

#define PASSWORD "secret-password"
#define NICK     "secret-nick"
#define NOBODY   "somebody-xx" /* does not exist, and is no longer than NICK */

#define IQ(type, from, payload)                                                                    \
    "<iq type='" type "' id='q' from='" from "' to='" ROOM "'>" payload "</iq>"
#define FIELD(var, value) "<field var='" var "'><value>" value "</value></field>"
#define FORM(ns, fields)                                                                           \
    "<x xmlns='jabber:x:data' type='submit'>" FIELD("FORM_TYPE", ns) fields "</x>"
#define ADMIN(items) "<query xmlns='" NS_MUC_ADMIN "'>" items "</query>"

/* ---- The rooms ---- */

struct option {
    char letter;
    const char *var, *set, *unset;
};

static const struct option options[] = {
    {'h', "muc#roomconfig_publicroom", "0", "1"},
    {'m', "muc#roomconfig_membersonly", "1", "0"},
    {'p', "muc#roomconfig_passwordprotectedroom", "1", "0"},
    {'l', "muc#roomconfig_enablelogging", "1", "0"},
    {'a', "muc#roomconfig_enablearchiving", "1", "0"},
    {'w', "muc#roomconfig_whois", "anyone", "moderators"},
};

#define BROADCAST 'b' /* shows moderators alone */

static const struct {
    const char *options;
    enum access stranger; /* what a stranger may know */
} rooms[] = {
    {"", ACCESS_INSIDE},   {"a", ACCESS_INSIDE},     {"la", ACCESS_INSIDE},
    {"ab", ACCESS_INSIDE}, {"aw", ACCESS_INSIDE},    {"l", ACCESS_INSIDE},
    {"ha", ACCESS_INSIDE}, {"hlab", ACCESS_INSIDE},  {"hlaw", ACCESS_INSIDE},
    {"m", ACCESS_SIGN},    {"ma", ACCESS_SIGN},      {"mla", ACCESS_SIGN},
    {"mlw", ACCESS_SIGN},  {"mlab", ACCESS_SIGN},    {"pa", ACCESS_SIGN},
    {"plaw", ACCESS_SIGN}, {"plb", ACCESS_SIGN},     {"mplaw", ACCESS_SIGN},
    {"hma", ACCESS_DOOR},  {"hmla", ACCESS_DOOR},    {"hmlw", ACCESS_DOOR},
    {"hml", ACCESS_DOOR},  {"hmlawb", ACCESS_DOOR},  {"hplab", ACCESS_DOOR},
    {"hpa", ACCESS_DOOR},  {"hmplawb", ACCESS_DOOR},
};

static bool room_has(size_t room, char letter)
{
    return strchr(rooms[room].options, letter) != NULL;
}

static void send_good(struct rig *rig, const char *text)
{
    rig_send(rig, text);
    if (!rig->out.data || !strstr(rig->out.data, " type='result' "))
        fail_msg("no result for %s", text);
    rig_drain(rig);
}

static void configure(struct rig *rig, size_t room)
{
    struct buf text = BUF_INIT;
    buf_add_text(&text,
                 "<iq type='set' id='c' from='" OWNER "' to='" ROOM "'><query xmlns='" NS_MUC_OWNER
                 "'><x xmlns='jabber:x:data' type='submit'>" FIELD("FORM_TYPE", NS_MUC_ROOMCONFIG)
                     FIELD("muc#roomconfig_persistentroom", "1")
                         FIELD("muc#roomconfig_roomname", "orchard-title")
                             FIELD("muc#roomconfig_roomdesc", "orchard-description")
                                 FIELD("muc#roomconfig_lang", "orchard-language")
                                     FIELD("muc#roomconfig_pubsub", "secret-node")
                                         FIELD("muc#roomconfig_roomsecret", PASSWORD)
                                             FIELD("{urn:coven:0}registration", "approval"));
    for (size_t i = 0; i < COUNT(options); i++)
        buf_printf(&text, FIELD("%s", "%s"), options[i].var,
                   room_has(room, options[i].letter) ? options[i].set : options[i].unset);
    if (room_has(room, BROADCAST))
        buf_add_text(&text, FIELD("muc#roomconfig_presencebroadcast", "moderator"));
    buf_add_text(&text, "</x></query></iq>");
    send_good(rig, text.data);
    buf_free(&text);
}

#define ENTER(from, nick)                                                                          \
    "<presence from='" from "' to='" ROOM "/" nick "'><x xmlns='" NS_MUC "'><password>" PASSWORD   \
    "</password></x></presence>"
#define AFFILIATE_FOR(bare, affiliation, reason)                                                   \
    IQ("set", OWNER,                                                                               \
       ADMIN("<item jid='" bare "' affiliation='" affiliation "'><reason>" reason "</reason>"      \
             "</item>"))
#define AFFILIATE(bare, affiliation) AFFILIATE_FOR(bare, affiliation, "secret-reason")

static void open_room(struct rig *rig, size_t room)
{
    rig_open(rig);
    rig->settings.logs_url = "https://logs.lit/";
    service_configure(rig->service, &rig->settings);
    rig_join(rig, OWNER, ROOM "/secret-host");
    configure(rig, room);
    send_good(rig, AFFILIATE("secret-member@capulet.lit", "member"));
    send_good(rig, AFFILIATE("secret-silent@verona.lit", "member"));
    send_good(rig, AFFILIATE("former@verona.lit", "member"));
    send_good(rig, AFFILIATE_FOR("out@evil.lit", "outcast", "secret-ban"));
    send_good(rig, AFFILIATE_FOR("worse.lit", "outcast", "secret-ban-of-domain"));
    send_good(rig,
              IQ("set", OWNER,
                 "<vCard xmlns='vcard-temp'><PHOTO><BINVAL>c2VjcmV0</BINVAL></PHOTO></vCard>"));
    rig_send(rig, ENTER(MEMBER, NICK));
    rig_send(rig, ENTER(SILENT, "secret-shadow"));
    rig_send(rig, ENTER(FORMER, "former"));
    rig_send(rig, "<message xmlns='jabber:client' type='groupchat' from='" OWNER "' to='" ROOM
                  "'><subject>secret-subject</subject></message>");
    rig_send(rig, "<message xmlns='jabber:client' type='groupchat' id='m' from='" MEMBER
                  "' to='" ROOM "'><body>secret-body</body></message>");
    rig_drain(rig);
    send_good(rig, AFFILIATE("former@verona.lit", "none"));
    rig_send(rig, "<presence type='unavailable' from='" FORMER "' to='" ROOM "/former'/>");
    rig_drain(rig);
}

/* ---- The secrets ---- */

static const struct {
    const char *text;
    enum access least;   /* with less access the text is a secret */
    const char *options; /* also secret if the room has none of these */
    const char *never;   /* also secret if the room has one of these */
} secrets[] = {
    {PASSWORD, ACCESS_INSIDE + 1, "", ""},
    {"secret-reason", ACCESS_INSIDE + 1, "", ""},
    {"secret-ban", ACCESS_INSIDE + 1, "", ""},
    {"secret-silent", ACCESS_INSIDE, "w", "b"},
    {"secret-shadow", ACCESS_INSIDE, "", "b"},
    {"secret-owner", ACCESS_INSIDE, "w", ""},
    {"secret-member", ACCESS_INSIDE, "w", ""},
    {"secret-host", ACCESS_INSIDE, "", ""},
    {NICK, ACCESS_INSIDE, "", ""},
    {"secret-body", ACCESS_INSIDE, "", ""},
    {"secret-subject", ACCESS_INSIDE, "", ""},
    {"secret-node", ACCESS_SIGN, "", ""},
    {"c2VjcmV0", ACCESS_SIGN, "", ""},
    {"muc#roominfo_avatarhash", ACCESS_SIGN, "", ""},
    {"muc#roominfo_logs", ACCESS_INSIDE, "l", "hmp"},
};

static bool is_secret(size_t secret, size_t room, enum access access)
{
    const char *opens = secrets[secret].options;
    bool closed = *opens && !strpbrk(rooms[room].options, opens);
    bool never = *secrets[secret].never && strpbrk(rooms[room].options, secrets[secret].never);
    return access < secrets[secret].least || closed || never;
}

/* ---- Who asks ---- */

static const struct {
    const char *jid;
    bool banned;
} people[] = {
    {"stranger@verona.lit/square", false},
    {FORMER, false},
    {"out@evil.lit/cave", true},
    {"out@deep.worse.lit/cave", true},
};

static enum access access_for(size_t person, size_t room)
{
    return people[person].banned ? ACCESS_DOOR : rooms[room].stranger;
}

/* ---- The requests ---- */

/* @F is the asking user, @N a nick. */
#define ASK(type, to, payload) "<iq type='" type "' id='q' from='@F' to='" to "'>" payload "</iq>"
#define MESSAGE(to, children)                                                                      \
    "<message xmlns='jabber:client' id='q' from='@F' to='" to "'>" children "</message>"
#define WITHDRAW           ASK("set", ROOM, "<query xmlns='" NS_REGISTER "'><remove/></query>")
#define QUERY(ns)          "<query xmlns='" ns "'/>"
#define MAM(fields)        "<query xmlns='" NS_MAM "'>" FORM(NS_MAM, fields) "</query>"
#define LIST(kind, name)   ASK("get", ROOM, ADMIN("<item " kind "='" name "'/>"))
#define SETTING(item)      ASK("set", ROOM, ADMIN("<item " item "/>"))
#define MUC_USER(children) "<x xmlns='" NS_MUC_USER "'>" children "</x>"

static const char *const ways[] = {
    ASK("get", ROOM, QUERY(NS_DISCO_INFO)),
    ASK("get", ROOM, "<query xmlns='" NS_DISCO_INFO "' node='x-roomuser-item'/>"),
    ASK("get", ROOM, "<query xmlns='" NS_DISCO_INFO "' node='" NS_MUC_TRAFFIC "'/>"),
    ASK("get", ROOM, "<query xmlns='" NS_DISCO_INFO "' node='" NS_COMMANDS "'/>"),
    ASK("get", ROOM, "<query xmlns='" NS_DISCO_ITEMS "' node='" NS_COMMANDS "'/>"),
    ASK("get", ROOM, QUERY(NS_DISCO_ITEMS)),
    ASK("get", ROOM,
        "<query xmlns='" NS_DISCO_ITEMS "'><set xmlns='" NS_RSM "'><max>0</max></set></query>"),
    ASK("get", ROOM,
        "<query xmlns='" NS_DISCO_ITEMS "'><set xmlns='" NS_RSM "'><before>" ROOM
        "/@N</before></set></query>"),
    ASK("get", ROOM "/@N", QUERY(NS_DISCO_INFO)),
    ASK("get", ROOM "/@N", QUERY(NS_DISCO_ITEMS)),
    ASK("get", RIG_DOMAIN, QUERY(NS_DISCO_ITEMS)),
    ASK("get", ROOM, "<vCard xmlns='vcard-temp'/>"),
    ASK("set", ROOM, "<vCard xmlns='vcard-temp'/>"),
    ASK("get", ROOM "/@N", "<vCard xmlns='vcard-temp'/>"),
    ASK("get", ROOM "/@N", "<pubsub xmlns='" NS_PUBSUB "'><items node='x'/></pubsub>"),
    ASK("set", ROOM, QUERY(NS_MAM)),
    ASK("set", ROOM, MAM("")),
    ASK("set", ROOM, MAM(FIELD("with", ROOM "/@N"))),
    ASK("set", ROOM, MAM(FIELD("with", "secret-member@capulet.lit"))),
    ASK("set", ROOM, MAM(FIELD("{" NS_FULLTEXT "}fulltext", "body"))),
    ASK("get", ROOM, QUERY(NS_MAM)),
    ASK("get", ROOM, "<metadata xmlns='" NS_MAM "'/>"),
    ASK("get", ROOM, QUERY(NS_REGISTER)),
    ASK("set", ROOM,
        "<query xmlns='" NS_REGISTER
        "'>" FORM(NS_MUC_REGISTER, FIELD("muc#register_roomnick", "@N")) "</query>"),
    LIST("affiliation", "owner"),
    LIST("affiliation", "admin"),
    LIST("affiliation", "member"),
    LIST("affiliation", "outcast"),
    LIST("affiliation", "none"),
    LIST("role", "moderator"),
    LIST("role", "participant"),
    LIST("role", "visitor"),
    SETTING("nick='@N' role='none'"),
    SETTING("nick='@N' role='participant'"),
    SETTING("nick='@N' affiliation='outcast'"),
    SETTING("nick='@N' affiliation='member' jid='somebody@verona.lit'"),
    ASK("get", ROOM, QUERY(NS_MUC_OWNER)),
    ASK("set", ROOM, "<query xmlns='" NS_MUC_OWNER "'>" FORM(NS_MUC_ROOMCONFIG, "") "</query>"),
    ASK("get", ROOM, "<ping xmlns='" NS_PING "'/>"),
    ASK("get", ROOM "/@N", "<ping xmlns='" NS_PING "'/>"),
    ASK("get", ROOM, QUERY(NS_VERSION)),
    ASK("get", ROOM, QUERY("jabber:iq:search")),
    ASK("get", ROOM, QUERY("jabber:iq:last")),
    ASK("get", RIG_DOMAIN, "<unique xmlns='" NS_MUC_UNIQUE "'/>"),
    ASK("set", ROOM,
        "<moderate xmlns='" NS_MODERATE "' id='x'><retract xmlns='" NS_RETRACT "'/></moderate>"),
    MESSAGE(ROOM, MUC_USER("<invite to='@F'/>")),
    MESSAGE(ROOM, MUC_USER("<decline to='" ROOM "/@N'/>")),
    MESSAGE(ROOM, FORM(NS_MUC_REQUEST, FIELD("muc#role", "participant"))),
    MESSAGE(ROOM, FORM(NS_MUC_REQUEST, FIELD("muc#role", "participant") FIELD("muc#roomnick", "@N")
                                           FIELD("muc#request_allow", "1"))),
    MESSAGE(ROOM, FORM(NS_MUC_REGISTER,
                       FIELD("muc#register_roomnick", "@N") FIELD("muc#jid", "somebody@verona.lit")
                           FIELD("muc#register_allow", "1"))),
    MESSAGE(ROOM "/@N", "<body>Hello</body>"),
    "<message xmlns='jabber:client' type='chat' id='q' from='@F' to='" ROOM
    "/@N'><body>Hello</body></message>",
    "<message xmlns='jabber:client' type='groupchat' id='q' from='@F' to='" ROOM
    "'><body>Hello</body></message>",
    "<message xmlns='jabber:client' type='groupchat' id='q' from='@F' to='" ROOM
    "'><subject>Hello</subject></message>",
    "<presence type='probe' id='q' from='@F' to='" ROOM "'/>",
    "<presence type='probe' id='q' from='@F' to='" ROOM "/@N'/>",
    "<presence id='q' from='@F' to='" ROOM "/@N'/>",
    WITHDRAW,
    ASK("set", ROOM, "<query xmlns='" NS_MUC_OWNER "'><destroy/></query>"),
    /* Last, because a user who may enter is inside after it. */
    "<presence id='q' from='@F' to='" ROOM "/@N'><x xmlns='" NS_MUC "'/></presence>",
    "<presence id='q' from='@F' to='" ROOM "/@N'><x xmlns='" NS_MUC
    "'><password>x</password></x></presence>",
    "<presence id='q' from='@F' to='" ROOM "/other'><x xmlns='" NS_MUC "'/></presence>",
};

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

static bool is_to(const char *stanza, const char *jid)
{
    struct buf to = BUF_INIT;
    const char *end = strchr(stanza, '>'), *hit;
    buf_printf(&to, " to='%.*s", (int)strcspn(jid, "/"), jid);
    hit = strstr(stanza, to.data);
    buf_free(&to);
    return hit && hit < end;
}

/* Everything that the user receives after asking this way, with @N in place of the nick that it
 * named itself. */
static char *ask(struct rig *rig, const char *way, const char *jid, const char *nick)
{
    struct buf answers = BUF_INIT;
    char *stanza = replaced(way, "@F", jid), *whole = replaced(stanza, "@N", nick);
    rig_send(rig, whole);
    free(stanza);
    free(whole);
    for (char *next; (next = rig_next(rig)); free(next)) {
        if (is_to(next, jid))
            buf_add_text(&answers, next);
    }
    buf_add_text(&answers, "");
    char *told = replaced(answers.data, nick, strstr(way, "@N") ? "@N" : nick);
    buf_free(&answers);
    return told;
}

/* Banned users may learn why they are. */
static bool is_own(size_t secret, size_t person)
{
    return people[person].banned && strcmp(secrets[secret].text, "secret-ban") == 0;
}

static void check(struct rig *rig, size_t room, size_t person, const char *way)
{
    enum access access = access_for(person, room);
    char *told = ask(rig, way, people[person].jid, NICK);
    for (size_t i = 0; i < COUNT(secrets); i++) {
        if (!is_own(i, person) && is_secret(i, room, access) && strstr(told, secrets[i].text))
            fail_msg("room \"%s\": %s is told of %s: asked %s, told %s", rooms[room].options,
                     people[person].jid, secrets[i].text, way, told);
    }
    if (access < ACCESS_INSIDE && strstr(way, "@N")) {
        free(ask(rig, WITHDRAW, people[person].jid, NOBODY)); /* the room must not know the asker */
        char *other = ask(rig, way, people[person].jid, NOBODY);
        if (strcmp(told, other) != 0)
            fail_msg("room \"%s\": %s learns who is there by %s: %s, and else %s",
                     rooms[room].options, people[person].jid, way, told, other);
        free(other);
    }
    free(told);
}

static void test_nothing(void **state)
{
    (void)state;
    for (size_t room = 0; room < COUNT(rooms); room++) {
        for (size_t person = 0; person < COUNT(people); person++) {
            struct rig rig;
            open_room(&rig, room);
            for (size_t way = 0; way < COUNT(ways); way++)
                check(&rig, room, person, ways[way]);
            rig_close(&rig);
        }
    }
}

/* ---- Control: there is something to be read ---- */

static char *ask_all(struct rig *rig, const char *jid)
{
    struct buf all = BUF_INIT;
    for (size_t way = 0; way < COUNT(ways); way++) {
        char *told = ask(rig, ways[way], jid, NICK);
        buf_add_text(&all, told);
        free(told);
    }
    return buf_take(&all);
}

/* Users who may see a secret get it, so the others were denied something that exists. */
static void test_something(void **state)
{
    static const struct {
        const char *options, *jid;
        const char *told[12];
    } rows[] = {
        {"hmlawb",
         MEMBER,
         {"secret-owner", "secret-body", "secret-subject", "orchard-title", "orchard-description",
          "orchard-language", "secret-node", "c2VjcmV0", "muc#roominfo_occupants",
          "muc#roominfo_avatarhash"}},
        {"hmla", MEMBER, {"secret-body", "secret-host", "secret-shadow"}},
        {"hpa", OWNER, {PASSWORD, "secret-reason", "secret-silent", "secret-member", NICK}},
        {"ma", "stranger@verona.lit/square", {"orchard-title", "orchard-description", "c2VjcmV0"}},
        {"hma",
         "stranger@verona.lit/square",
         {"orchard-title", "orchard-description", "muc#roominfo_occupants"}},
        {"a", "stranger@verona.lit/square", {"secret-body", "secret-subject", "secret-shadow"}},
        {"la", "stranger@verona.lit/square", {"muc#roominfo_logs"}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        size_t room = 0;
        struct rig rig;
        while (room < COUNT(rooms) && strcmp(rooms[room].options, rows[i].options) != 0)
            room++;
        assert_true(room < COUNT(rooms));
        open_room(&rig, room);
        char *told = ask_all(&rig, rows[i].jid);
        for (size_t j = 0; rows[i].told[j]; j++) {
            if (!strstr(told, rows[i].told[j]))
                fail_msg("room \"%s\": %s is not told of %s", rows[i].options, rows[i].jid,
                         rows[i].told[j]);
        }
        free(told);
        rig_close(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_something),
    };
    return cmocka_run_group_tests_name("stranger", tests, NULL, NULL);
}
