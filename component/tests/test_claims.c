/* What clients take for the word of the service is removed from the presences that were stored,
 * too, and inside of elements. The wire shows the rest: scenarios/forgery_claims.scs. */

#include "muc/state/claims.h"
#include "room_fixture.h"

#define HATS  "<hats xmlns='urn:xmpp:hats:0'><hat uri='urn:x' title='Admin'/></hats>"
#define DELAY "<delay xmlns='urn:xmpp:delay' stamp='2001-01-01T00:00:00Z'/>"
#define AWAY  "<show>away</show>"

static void stored_presences_are_cleaned(void **state)
{
    static const struct {
        const char *in, *out; /* NULL: the same */
    } rows[] = {
        {"", NULL},
        {AWAY, NULL},
        {HATS, ""},
        {AWAY HATS DELAY "<status>hats</status>", AWAY "<status>hats</status>"},
        {"<hats xmlns='xmpp:prosody.im/protocol/hats:1'/>" AWAY, AWAY},
        {"<x xmlns='jabber:x:delay'/><x xmlns='vcard-temp:x:update'><photo/></x>",
         "<x xmlns='vcard-temp:x:update'><photo/></x>"},
        {"<retract xmlns='urn:xmpp:message-retract:1'/>", NULL},
        {"<retracted xmlns='urn:xmpp:message-retract:1'/>", ""},
        {"<stanza-id xmlns='urn:xmpp:sid:0' by='a@b'/>", NULL},
        {"<hats/><hats xmlns='urn:xmpp:hats:0:and-a-very-long-end-that-no-namespace-has'/>", NULL},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf out = BUF_INIT;
        buf_add_text(&out, ">");
        claims_clean(span_of(rows[i].in), &out);
        assert_string_equal(out.data + 1, rows[i].out ? rows[i].out : rows[i].in);
        buf_free(&out);
    }
}

/* A version that let hats pass stored them. */
static void a_restored_session_claims_nothing(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    struct store_session row = {
        .jid = span_of(JULIET),
        .nick = span_of("Juliet"),
        .role = 2,
        .presence = span_of(AWAY HATS DELAY),
        .change = 1000,
    };
    assert_int_equal(store_session_put(rig.store, 1, &row), STORE_OK);
    assert_int_equal(store_commit(rig.store), STORE_OK);
    rig_restart(&rig);
    rig_recover(&rig);
    rig_drain(&rig);
    rig_send(&rig, JOIN(TYBALT, "Tybalt"));
    rig_expect(&rig, TYBALT, "from='" ROOM "/Romeo'", NULL);
    rig_expect(&rig, TYBALT, "from='" ROOM "/Juliet'", AWAY "<occupant-id ", NULL);
    rig_close(&rig);
}

#define CAPS "<c xmlns='http://jabber.org/protocol/caps' ver='1'/>"
#define CLAIMS                                                                                     \
    HATS DELAY "<hats xmlns='xmpp:prosody.im/protocol/hats:1'/>"                                   \
               "<x xmlns='jabber:x:delay' from='nurse@verona.lit'/>"                               \
               "<moderated xmlns='urn:xmpp:message-moderate:1'/>"                                  \
               "<retracted xmlns='urn:xmpp:message-retract:0'/><fin xmlns='urn:xmpp:mam:2'/>"      \
               "<result xmlns='urn:xmpp:mam:1'/><sent xmlns='urn:xmpp:carbons:2'/>"                \
               "<received xmlns='urn:xmpp:carbons:2'/><mentions xmlns='urn:xmpp:mmn:0'/>"          \
               "<rai xmlns='urn:xmpp:rai:0'/><mav xmlns='urn:xmpp:muc:affiliations:1'/>"           \
               "<captcha xmlns='urn:xmpp:captcha'/>"

static void no_presence_claims_anything(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_drain(&rig);
    rig_send(&rig, "<presence xmlns='jabber:client' from='" ROMEO "' to='" ROOM
                   "/Romeo'>" CLAIMS AWAY CLAIMS "</presence>");
    rig_expect(&rig, JULIET, "to='" JULIET "'>" AWAY "<occupant-id ", NULL);
    rig_send(&rig, "<presence xmlns='jabber:client' from='" ROMEO "' to='" ROOM "/R'>" CLAIMS CAPS
                   "</presence>");
    rig_expect(&rig, JULIET, "type='unavailable'", "code='303'", NULL);
    rig_expect(&rig, JULIET, "to='" JULIET "'>" CAPS "<occupant-id ", NULL);
    rig_send(&rig, "<presence xmlns='jabber:client' from='" ROMEO "' to='" ROOM
                   "/R' type='unavailable'>" CLAIMS "<status>Adieu</status></presence>");
    rig_expect(&rig, JULIET, "to='" JULIET "'><status>Adieu</status><occupant-id ", NULL);
    rig_send(&rig, "<presence xmlns='jabber:client' from='" TYBALT "' to='" ROOM "/Tybalt'>" CLAIMS
                   "<x xmlns='http://jabber.org/protocol/muc'/>" CAPS "</presence>");
    rig_expect(&rig, JULIET, "to='" JULIET "'>" CAPS "<occupant-id ", NULL);
    rig_close(&rig);
}

static void no_subject_claims_anything(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(CONFIG_FIELD("changesubject", "1")));
    rig_drain(&rig);
    rig_send(&rig,
             "<message xmlns='jabber:client' type='groupchat' id='s' from='" MERCUTIO "' to='" ROOM
             "'>" CLAIMS "<subject>Feud</subject>" CLAIMS "<body/><thread/></message>");
    rig_expect(&rig, JULIET, "id='s'", "to='" JULIET "'><subject>Feud</subject><stanza-id ", NULL);
    rig_drain(&rig);
    rig_send(&rig, JOIN(TYBALT, "Tybalt"));
    for (int i = 0; i < 4; i++)
        free(rig_receive(&rig, TYBALT));
    rig_expect(&rig, TYBALT, "to='" TYBALT "'><subject>Feud</subject><stanza-id ", NULL);
    rig_close(&rig);
}

/* Clients may take an id that names no archive for the room's. */
static void an_id_of_no_archive_does_not_pass(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    rig_drain(&rig);
    rig_send(&rig, "<message xmlns='jabber:client' type='groupchat' from='" JULIET "' to='" ROOM
                   "'><body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' id='forged'/>"
                   "<stanza-id xmlns='urn:xmpp:sid:0' by='other@verona.lit' id='kept'/></message>");
    char *stanza = rig_receive(&rig, ROMEO);
    assert_non_null(strstr(stanza, "id='kept'"));
    assert_null(strstr(stanza, "forged"));
    free(stanza);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stored_presences_are_cleaned),
        cmocka_unit_test(a_restored_session_claims_nothing),
        cmocka_unit_test(no_presence_claims_anything),
        cmocka_unit_test(no_subject_claims_anything),
        cmocka_unit_test(an_id_of_no_archive_does_not_pass),
    };
    return cmocka_run_group_tests_name("claims", tests, NULL, NULL);
}
