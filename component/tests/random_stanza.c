#include "random_stanza.h"

#include <stdio.h>
#include <string.h>

const char *const random_rooms[RANDOM_ROOMS] = {"room0@conference.localhost",
                                                "room1@conference.localhost"};
const char *const random_sessions[RANDOM_SESSIONS] = {"anna@localhost/a",  "anna@localhost/b",
                                                      "boris@localhost/a", "clara@localhost/a",
                                                      "david@localhost/a", "david@localhost/b"};
const char *const random_nicks[RANDOM_NICKS] = {"Ann", "Bob", "Cleo", "Dave", "Eve"};

static const char *const users[] = {"anna@localhost", "boris@localhost", "clara@localhost",
                                    "david@localhost"};

#define PICK(random, list) ((list)[random_below(random, sizeof(list) / sizeof *(list))])

struct random random_of(unsigned seed)
{
    return (struct random){.state = seed * UINT64_C(0x9E3779B97F4A7C15) + 1};
}

struct random random_from(const uint8_t *bytes, size_t len)
{
    return (struct random){.state = 1, .at = bytes, .end = bytes + len};
}

unsigned random_below(struct random *random, size_t limit)
{
    if (random->at < random->end)
        return (unsigned)(*random->at++ % limit);
    random->state ^= random->state << 13;
    random->state ^= random->state >> 7;
    random->state ^= random->state << 17;
    return (unsigned)((random->state >> 11) % limit);
}

static bool chance(struct random *random, unsigned percent)
{
    return random_below(random, 100) < percent;
}

/* ---- Texts ---- */

struct out {
    struct random *random;
    struct sent *sent;
    char *text;
    size_t len;
};

#define SAY(out, ...)                                                                              \
    ((out)->len +=                                                                                 \
     (size_t)snprintf((out)->text + (out)->len, RANDOM_TEXT - (out)->len, __VA_ARGS__))

static const char *some_room(struct out *out)
{
    return random_rooms[chance(out->random, 75) ? 0 : 1];
}

static const char *some_nick(struct out *out)
{
    return PICK(out->random, random_nicks);
}

static void open_stanza(struct out *out, const char *name, const char *type)
{
    out->sent->from = (int)random_below(out->random, RANDOM_SESSIONS);
    SAY(out, "<%s from='%s' to='%s", name, random_sessions[out->sent->from], some_room(out));
    if (strcmp(name, "presence") == 0 || chance(out->random, 5))
        SAY(out, "/%s", some_nick(out));
    SAY(out, "'");
    if (type)
        SAY(out, " type='%s'", type);
    out->sent->final = type && (strcmp(type, "error") == 0 || strcmp(type, "result") == 0);
}

/* An IQ to the room itself. */
static void open_request(struct out *out, const char *type)
{
    out->sent->from = (int)random_below(out->random, RANDOM_SESSIONS);
    out->sent->request = true;
    snprintf(out->sent->id, sizeof out->sent->id, "q%u", random_below(out->random, 1000000));
    SAY(out, "<iq from='%s' to='%s' type='%s' id='%s'>", random_sessions[out->sent->from],
        some_room(out), type, out->sent->id);
}

/* ---- What users do ---- */

static void join(struct out *out)
{
    open_stanza(out, "presence", NULL);
    out->sent->simple = true;
    SAY(out, "><x xmlns='http://jabber.org/protocol/muc'>");
    if (chance(out->random, 50))
        SAY(out, "<password>secret</password>");
    if (chance(out->random, 20))
        SAY(out, "<history maxstanzas='%u'/>", random_below(out->random, 5));
    SAY(out, "</x></presence>");
}

static void update(struct out *out)
{
    open_stanza(out, "presence", NULL);
    SAY(out, "><show>away</show><x xmlns='http://jabber.org/protocol/muc#user'>"
             "<item affiliation='owner'/></x></presence>");
}

static void leave(struct out *out)
{
    open_stanza(out, "presence", "unavailable");
    out->sent->simple = true;
    SAY(out, "><status>Gone</status></presence>");
}

static void bounce(struct out *out)
{
    static const char *const conditions[] = {"gone", "service-unavailable", "not-acceptable",
                                             "remote-server-timeout"};
    open_stanza(out, chance(out->random, 50) ? "message" : "presence", "error");
    char close[16];
    sscanf(out->text, "<%15[a-z]", close);
    SAY(out, "><error type='cancel'><%s xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></%s>",
        PICK(out->random, conditions), close);
}

static void talk(struct out *out)
{
    static const char *const types[] = {"groupchat", "groupchat", "groupchat",
                                        "chat",      "normal",    "headline"};
    static const char *const contents[] = {
        "<body>Hello &amp; good day</body>", "<subject>Of things</subject>", "<subject/>", "",
        "<body>x</body><x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x>"};
    open_stanza(out, "message", PICK(out->random, types));
    SAY(out, ">%s</message>", PICK(out->random, contents));
}

static void private_talk(struct out *out)
{
    out->sent->from = (int)random_below(out->random, RANDOM_SESSIONS);
    SAY(out, "<message from='%s' to='%s/%s' type='chat'><body>Psst</body></message>",
        random_sessions[out->sent->from], some_room(out), some_nick(out));
}

static void role_item(struct out *out)
{
    static const char *const roles[] = {"none", "visitor", "participant", "moderator", "king"};
    SAY(out, "<item nick='%s' role='%s'/>", some_nick(out), PICK(out->random, roles));
}

static void affiliation_item(struct out *out)
{
    static const char *const affiliations[] = {"outcast", "none",  "member", "member",
                                               "admin",   "owner", "king"};
    const char *affiliation = PICK(out->random, affiliations);
    if (chance(out->random, 80))
        SAY(out, "<item jid='%s' affiliation='%s'", PICK(out->random, users), affiliation);
    else if (chance(out->random, 80))
        SAY(out, "<item nick='%s' affiliation='%s'", some_nick(out), affiliation);
    else
        SAY(out, "<item jid='localhost' affiliation='%s'", affiliation);
    SAY(out, "><reason>So it is</reason></item>");
}

static void administer(struct out *out)
{
    unsigned items = 1 + random_below(out->random, 3);
    bool roles = chance(out->random, 50);
    open_request(out, "set");
    out->sent->reconfigures = true; /* a new moderator may see what others may not */
    SAY(out, "<query xmlns='http://jabber.org/protocol/muc#admin'>");
    for (unsigned i = 0; i < items; i++) {
        if (roles != chance(out->random, 3))
            role_item(out);
        else
            affiliation_item(out);
    }
    SAY(out, "</query></iq>");
}

static void list(struct out *out)
{
    static const char *const what[] = {"affiliation='owner'",   "affiliation='member'",
                                       "role='visitor'",        "role='moderator'",
                                       "affiliation='outcast'", ""};
    open_request(out, "get");
    SAY(out, "<query xmlns='http://jabber.org/protocol/muc#admin'><item %s/></query></iq>",
        PICK(out->random, what));
}

static void configure(struct out *out)
{
    static const struct {
        const char *var, *values[3];
    } options[] = {
        {"muc#roomconfig_membersonly", {"0", "1", "0"}},
        {"muc#roomconfig_moderatedroom", {"0", "1", "maybe"}},
        {"muc#roomconfig_whois", {"anyone", "moderators", "moderators"}},
        {"muc#roomconfig_persistentroom", {"0", "1", "1"}},
        {"muc#roomconfig_roomsecret", {"", "secret", ""}},
        {"muc#roomconfig_presencebroadcast", {"moderator", "participant", "visitor"}},
        {"muc#roomconfig_changesubject", {"0", "1", "true"}},
        {"muc#roomconfig_roomname", {"One", "Two", "Three"}},
        {"muc#roomconfig_roomowners", {"anna@localhost", "boris@localhost", ""}},
        {"muc#roomconfig_maxusers", {"2", "10", "none"}},
    };
    open_request(out, "set");
    out->sent->reconfigures = true;
    SAY(out,
        "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
        "type='%s'>",
        chance(out->random, 90) ? "submit" : "cancel");
    SAY(out, "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value>"
             "</field>");
    for (unsigned i = random_below(out->random, 3); i > 0; i--) {
        size_t option = random_below(out->random, sizeof options / sizeof *options);
        SAY(out, "<field var='%s'><value>%s</value></field>", options[option].var,
            options[option].values[random_below(out->random, 3)]);
    }
    SAY(out, "</x></query></iq>");
}

/* The empty form that unlocks a new room: often, as nobody else can enter before that. */
static void open_room(struct out *out)
{
    open_request(out, "set");
    SAY(out, "<query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
             "type='submit'/></query></iq>");
}

static void destroy(struct out *out)
{
    open_request(out, "set");
    SAY(out, "<query xmlns='http://jabber.org/protocol/muc#owner'><destroy><reason>Enough</reason>"
             "</destroy></query></iq>");
}

static void ask(struct out *out)
{
    static const char *const payloads[] = {
        "<query xmlns='http://jabber.org/protocol/disco#info'/>",
        "<query xmlns='http://jabber.org/protocol/disco#items'/>",
        "<ping xmlns='urn:xmpp:ping'/>",
        "<query xmlns='http://jabber.org/protocol/muc#owner'/>",
        "<query xmlns='urn:example:unknown'/>",
        ""};
    open_request(out, chance(out->random, 80) ? "get" : "set");
    SAY(out, "%s</iq>", PICK(out->random, payloads));
}

static void invite(struct out *out)
{
    open_stanza(out, "message", NULL);
    SAY(out,
        "><x xmlns='http://jabber.org/protocol/muc#user'><invite to='%s'><reason>Come</reason>"
        "</invite></x></message>",
        PICK(out->random, users));
}

/* With muc#request_allow it is a moderator's answer, or pretends to be one. */
static void ask_for_voice(struct out *out)
{
    open_stanza(out, "message", NULL);
    SAY(out, "><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
             "<value>http://jabber.org/protocol/muc#request</value></field>"
             "<field var='muc#role'><value>participant</value></field>");
    if (chance(out->random, 60))
        SAY(out,
            "<field var='muc#roomnick'><value>%s</value></field>"
            "<field var='muc#request_allow'><value>%u</value></field>",
            some_nick(out), random_below(out->random, 2));
    SAY(out, "</x></message>");
}

static void reserve(struct out *out)
{
    open_request(out, "set");
    if (chance(out->random, 25))
        SAY(out, "<query xmlns='jabber:iq:register'><remove/></query></iq>");
    else
        SAY(out,
            "<query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>"
            "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#register</value></field>"
            "<field var='muc#register_roomnick'><value>%s</value></field></x></query></iq>",
            some_nick(out));
}

static void probe(struct out *out)
{
    open_stanza(out, "presence", "probe");
    out->sent->probes = true;
    SAY(out, "/>");
}

static void answer_nobody(struct out *out)
{
    open_stanza(out, "iq", chance(out->random, 50) ? "result" : "error");
    SAY(out, " id='never'/>");
}

static void restart(struct out *out)
{
    out->sent->restarts = true;
    SAY(out, "(restart)");
}

static const struct {
    void (*act)(struct out *out);
    unsigned weight;
} acts[] = {
    {join, 30},         {open_room, 10},   {update, 6},        {leave, 6},      {bounce, 3},
    {talk, 8},          {private_talk, 3}, {administer, 20},   {configure, 12}, {list, 3},
    {ask, 3},           {destroy, 1},      {answer_nobody, 2}, {restart, 2},    {invite, 4},
    {ask_for_voice, 4}, {reserve, 5},      {probe, 2},
};

void random_stanza(struct random *random, char text[RANDOM_TEXT], struct sent *sent)
{
    struct out out = {random, sent, text, 0};
    unsigned total = 0, at;
    *sent = (struct sent){.from = -1};
    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++)
        total += acts[i].weight;
    at = random_below(random, total);
    size_t i = 0;
    while (at >= acts[i].weight)
        at -= acts[i++].weight;
    acts[i].act(&out);
}
