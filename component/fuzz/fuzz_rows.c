/* A store with arbitrary values in its rows: its rooms are loaded, entered, sent every kind of
 * query, and left. The worst result is an error. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/log.h"
#include "rig_fuzz.h"

#define DAMAGES_MAX 12

struct input {
    const uint8_t *at, *end;
};

static unsigned take(struct input *input)
{
    return input->at < input->end ? *input->at++ : 0;
}

/* ---- Damage ---- */

static const struct {
    const char *table, *key, *column;
} columns[] = {
    {"room", "id", "id"},
    {"room", "id", "name"},
    {"room", "id", "created"},
    {"room", "id", "locked"},
    {"room", "id", "listed"},
    {"room", "id", "title"},
    {"room", "id", "creator"},
    {"room", "id", "salt"},
    {"room", "id", "subject"},
    {"room", "id", "subject_to"},
    {"room", "id", "subject_time"},
    {"room", "id", "keep_days"},
    {"room", "id", "keep_messages"},
    {"room_option", "var", "room"},
    {"room_option", "var", "var"},
    {"room_option", "var", "value"},
    {"room_option", "var", "value"},
    {"affiliation", "jid", "jid"},
    {"affiliation", "jid", "affiliation"},
    {"affiliation", "jid", "nick"},
    {"affiliation", "jid", "reason"},
    {"applicant", "id", "room"},
    {"applicant", "id", "jid"},
    {"applicant", "id", "nick"},
    {"applicant", "id", "asked"},
    {"tombstone", "name", "name"},
    {"tombstone", "name", "creator"},
    {"tombstone", "name", "destroyed"},
    {"tombstone", "name", "venue"},
    {"tombstone", "name", "reason"},
    {"tombstone_owner", "name", "name"},
    {"tombstone_owner", "name", "jid"},
    {"session", "id", "id"},
    {"session", "id", "room"},
    {"session", "id", "jid"},
    {"session", "id", "nick"},
    {"session", "id", "role"},
    {"session", "id", "joined"},
    {"session", "id", "changed"},
    {"session", "id", "presence"},
    {"session", "id", "presence"},
    {"confirmed", "id", "id"},
    {"confirmed", "id", "change"},
    {"departure", "change", "change"},
    {"departure", "change", "room"},
    {"departure", "change", "jid"},
    {"departure", "change", "audience"},
    {"departure", "change", "to_at"},
    {"departure", "change", "real"},
    {"departure", "change", "stanza"},
    {"message", "key", "key"},
    {"message", "key", "noise"},
    {"message", "key", "room"},
    {"message", "key", "number"},
    {"message", "key", "kind"},
    {"message", "key", "author"},
    {"message", "key", "resource"},
    {"message", "key", "nick"},
    {"message", "key", "affiliation"},
    {"message", "key", "role"},
    {"message", "key", "to_at"},
    {"message", "key", "stanza"},
    {"message", "key", "stanza"},
    {"era", "from_key", "from_key"},
    {"era", "from_key", "offset_ms"},
    {"doomed", "room", "room"},
};

/* Expressions that turn an old value into a new one: ?1 and ?2 are a place in it, ?3 and ?4 are
 * input. */
static const char *const values[] = {
    "CAST(substr(CAST(@ AS BLOB), 1, ?1) || ?3 || substr(CAST(@ AS BLOB), ?1 + ?2 + 1) AS BLOB)",
    "CAST(substr(CAST(@ AS BLOB), 1, ?1) || ?3 || substr(CAST(@ AS BLOB), ?1 + ?2 + 1) AS TEXT)",
    "?3",
    "CAST(?3 AS TEXT)",
    "?4",
    "?4",
    "@ + ?4",
    "@ | (1 << (?1 % 64))",
};

static void write_value(struct buf *sql, const char *value, const char *column)
{
    for (; *value; value++) {
        if (*value == '@')
            buf_add_text(sql, column);
        else
            buf_add_char(sql, *value);
    }
}

static int64_t take_number(struct input *input)
{
    uint64_t number = 0;
    unsigned size = take(input) % 9;
    for (unsigned i = 0; i < size; i++)
        number = number << 8 | take(input);
    return (int64_t)number;
}

static struct span take_bytes(struct input *input)
{
    size_t len = take(input), left = (size_t)(input->end - input->at);
    struct span bytes = {(const char *)input->at, len < left ? len : left};
    input->at += bytes.len;
    return bytes;
}

/* Changes one value of one row, where the table allows it. */
static void damage(sqlite3 *db, struct input *input)
{
    unsigned which = take(input) % (sizeof columns / sizeof *columns);
    unsigned how = take(input) % (sizeof values / sizeof *values);
    struct buf sql = BUF_INIT;
    sqlite3_stmt *statement = NULL;
    buf_printf(&sql, "UPDATE OR IGNORE %s SET %s = ", columns[which].table, columns[which].column);
    write_value(&sql, values[how], columns[which].column);
    buf_printf(&sql, " WHERE %s = (SELECT %s FROM %s LIMIT 1 OFFSET ?5)", columns[which].key,
               columns[which].key, columns[which].table);
    coven_assert(sqlite3_prepare_v2(db, sql.data, -1, &statement, NULL) == SQLITE_OK);
    sqlite3_bind_int(statement, 5, (int)take(input) % 8);
    sqlite3_bind_int(statement, 1, (int)take(input));
    sqlite3_bind_int(statement, 2, (int)take(input) % 16);
    sqlite3_bind_int64(statement, 4, take_number(input));
    struct span bytes = take_bytes(input);
    sqlite3_bind_blob(statement, 3, bytes.at, (int)bytes.len, SQLITE_STATIC);
    sqlite3_step(statement);
    sqlite3_finalize(statement);
    buf_free(&sql);
}

/* ---- The rows before, and the queries after ---- */

#define FROM(session)     " xmlns='jabber:client' from='" session "' to='room@conference.localhost"
#define ANNA              FROM("anna@localhost/a")
#define BORIS             FROM("boris@localhost/b")
#define CLARA             FROM("clara@localhost/c")
#define OLD(session)      " xmlns='jabber:client' from='" session "' to='old@conference.localhost"
#define MUC               "<x xmlns='http://jabber.org/protocol/muc'/>"
#define FORM              "<x xmlns='jabber:x:data' type='submit'>"
#define FIELD(var, value) "<field var='" var "'><value>" value "</value></field>"
#define SET               "<set xmlns='http://jabber.org/protocol/rsm'>"

static const char *const before[] = {
    "<presence" ANNA "/Ann'>" MUC "</presence>",
    "<iq type='set' id='1'" ANNA
    "'><query xmlns='http://jabber.org/protocol/muc#owner'>" FORM FIELD(
        "FORM_TYPE", "http://jabber.org/protocol/muc#roomconfig")
        FIELD("muc#roomconfig_persistentroom", "1") FIELD("muc#roomconfig_roomname", "Tea")
            FIELD("x-muc#roomconfig_registration", "approval")
                FIELD("muc#roomconfig_enablearchiving", "1") "</x></query></iq>",
    "<iq type='set' id='2'" ANNA "'><vCard xmlns='vcard-temp'><PHOTO><TYPE>image/png</TYPE>"
    "<BINVAL>AAAA</BINVAL></PHOTO></vCard></iq>",
    "<iq type='set' id='3'" ANNA "'><query xmlns='http://jabber.org/protocol/muc#admin'>"
    "<item affiliation='member' jid='boris@localhost' nick='Bob'><reason>Yes</reason></item>"
    "<item affiliation='outcast' jid='evil.example'/></query></iq>",
    "<presence" BORIS "/Bob'><show>away</show>" MUC "</presence>",
    "<presence" CLARA "/Cleo'>" MUC "</presence>",
    "<message type='groupchat'" ANNA "'><subject>Of tea</subject></message>",
    "<message type='groupchat' id='m'" BORIS "'><body>Good morning</body></message>",
    "<message type='groupchat' id='n'" ANNA "'><body>Good evening</body></message>",
    "<presence type='unavailable'" CLARA "/Cleo'/>",
    "<iq type='set' id='4'" CLARA "'><query xmlns='jabber:iq:register'>" FORM FIELD(
        "FORM_TYPE", "http://jabber.org/protocol/muc#register")
        FIELD("muc#register_roomnick", "Claire") "</x></query></iq>",
    "<presence" OLD("anna@localhost/a") "/Ann'>" MUC "</presence>",
    "<iq type='set' id='5'" OLD(
        "anna@localhost/a") "'><query xmlns='http://jabber.org/protocol/muc#owner'>" FORM
        FIELD("FORM_TYPE", "http://jabber.org/protocol/muc#roomconfig")
            FIELD("muc#roomconfig_persistentroom", "1") "</x></query></iq>",
    "<iq type='set' id='6'" OLD(
        "anna@localhost/a") "'><query xmlns='http://jabber.org/protocol/muc#owner'>"
                            "<destroy jid='new@conference.localhost'><reason>No "
                            "tea</reason></destroy></query></iq>",
};

static const char *const after[] = {
    "<presence" CLARA "/Cleo'>" MUC "</presence>",
    "<presence" ANNA "/Ann'>" MUC "</presence>",
    "<presence" BORIS "/Bob'><show>dnd</show></presence>",
    "<message" ANNA "'>" FORM FIELD("FORM_TYPE", "http://jabber.org/protocol/muc#register")
        FIELD("muc#jid", "clara@localhost") FIELD("muc#register_allow", "0") "</x></message>",
    "<presence" OLD("boris@localhost/b") "/Bob'>" MUC "</presence>",
    "<presence" OLD("anna@localhost/a") "/Ann'>" MUC "</presence>",
    "<iq type='get' id='1'" ANNA "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
    "<iq type='get' id='2'" ANNA "'><query xmlns='http://jabber.org/protocol/disco#items'/></iq>",
    "<iq type='get' id='3' from='anna@localhost/a' to='conference.localhost'>"
    "<query xmlns='http://jabber.org/protocol/disco#items'>" SET "<max>1</max></set></query></iq>",
    "<iq type='get' id='4'" ANNA "'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>",
    "<iq type='get' id='5'" ANNA "'><query xmlns='http://jabber.org/protocol/muc#admin'>"
    "<item affiliation='member'/></query></iq>",
    "<iq type='get' id='6'" ANNA "'><query xmlns='http://jabber.org/protocol/muc#admin'>"
    "<item affiliation='outcast'/></query></iq>",
    "<iq type='get' id='7'" ANNA "'><query xmlns='http://jabber.org/protocol/muc#admin'>"
    "<item role='participant'/></query></iq>",
    "<iq type='get' id='8'" ANNA "'><vCard xmlns='vcard-temp'/></iq>",
    "<iq type='get' id='9'" BORIS "'><query xmlns='jabber:iq:register'/></iq>",
    "<iq type='get' id='10'" ANNA "'><metadata xmlns='urn:xmpp:mam:2'/></iq>",
    "<iq type='set' id='11'" ANNA "'><query xmlns='urn:xmpp:mam:2'>" SET "<before/><max>2</max>"
    "</set></query></iq>",
    "<iq type='set' id='12'" ANNA "'><query xmlns='urn:xmpp:mam:2'>" SET "<index>1</index></set>"
    "</query></iq>",
    "<iq type='set' id='13'" ANNA
    "'><query xmlns='urn:xmpp:mam:2'>" FORM FIELD("FORM_TYPE", "urn:xmpp:mam:2")
        FIELD("start", "2020-01-01T00:00:00Z") FIELD("with", "boris@localhost") "</x></query></iq>",
    "<iq type='set' id='14'" ANNA
    "'><query xmlns='urn:xmpp:mam:2'>" FORM FIELD("FORM_TYPE", "urn:xmpp:mam:2")
        FIELD("withtext", "good") "</x></query></iq>",
    "<message type='groupchat' id='o'" BORIS "'><body>Good night</body></message>",
    "<message type='groupchat' id='p'" ANNA "'><subject/></message>",
    "<message type='chat' id='q'" ANNA "/Bob'><body>Psst</body></message>",
    "<iq type='set' id='15'" ANNA
    "'><query xmlns='http://jabber.org/protocol/muc#owner'>" FORM FIELD(
        "FORM_TYPE", "http://jabber.org/protocol/muc#roomconfig")
        FIELD("muc#roomconfig_whois", "anyone") "</x></query></iq>",
    "<iq type='set' id='16'" ANNA "'><query xmlns='http://jabber.org/protocol/muc#admin'>"
    "<item role='none' nick='Bob'/></query></iq>",
    "<presence type='unavailable'" CLARA "/Cleo'/>",
    "<iq type='set' id='17'" ANNA "'><query xmlns='http://jabber.org/protocol/muc#owner'>"
    "<destroy/></query></iq>",
};

static void say(struct rig *rig, const char *const *texts, size_t count)
{
    char id[RIG_ID_SIZE];
    for (size_t i = 0; i < count; i++) {
        rig_send(rig, texts[i]);
        rig_check_output(rig, id);
    }
}

static void tidy(struct rig *rig)
{
    for (int i = 0; i < 20 && store_upkeep(rig->store) == STORE_OK; i++)
        continue;
}

static void ask(struct rig *rig)
{
    char id[RIG_ID_SIZE];
    rig_restart(rig);
    rig_recover(rig);
    rig_check_output(rig, id);
    say(rig, after, sizeof after / sizeof *after);
    rig_wait(rig, 100000);
    rig_confirm(rig);
    rig_check_output(rig, id);
    tidy(rig);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct input input = {bytes, bytes + len};
    sqlite3 *db;
    log_set_level(LOG_ERROR);
    struct rig *rig = rig_shared(&db);
    say(rig, before, sizeof before / sizeof *before);
    if (take(&input) % 2)
        tidy(rig);
    for (int i = 0; i < DAMAGES_MAX && input.at < input.end; i++)
        damage(db, &input);
    ask(rig);
    return 0;
}
