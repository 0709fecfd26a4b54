/* Damaged rows of the store are left out; the rest goes on. */
#include <sqlite3.h>

#include "muc/recovery/recovery.h"
#include "room_fixture.h"
#include "store/store_private.h"

#define ASK(payload) "<iq type='get' id='ask' from='" ROMEO "' to='" ROOM "'>" payload "</iq>"
#define CARD                                                                                       \
    "<iq type='set' id='card' from='" ROMEO "' to='" ROOM "'><vCard xmlns='vcard-temp'><PHOTO>"    \
    "<TYPE>image/png</TYPE><BINVAL>AAAA</BINVAL></PHOTO></vCard></iq>"

static sqlite3 *open_room(struct rig *rig)
{
    char *why = NULL;
    struct store *store = store_open(&(struct store_settings){NULL, true}, &why);
    assert_non_null(store);
    rig_open_on(rig, store);
    rig_join(rig, ROMEO, ROOM "/Romeo");
    room_do(rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1")));
    rig_join(rig, JULIET, ROOM "/Juliet");
    return store->db;
}

/* Damages the store and restarts the service. */
static void damage(struct rig *rig, sqlite3 *db, const char *sql)
{
    rig_drain(rig);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_not_equal(sqlite3_changes(db), 0);
    rig_restart(rig);
}

static void departures_are_left_out(void **state)
{
    (void)state;
    static const char *const damages[] = {
        "UPDATE departure SET audience = 1 - audience",
        "UPDATE departure SET real = x'0100000001000000'",
        "UPDATE departure SET stanza = replace(CAST(stanza AS TEXT), 'conference', 'elsewhere-')",
        "UPDATE departure SET stanza = x'00'",
    };
    for (size_t i = 0; i < COUNT(damages); i++) {
        struct rig rig;
        sqlite3 *db = open_room(&rig);
        rig_confirm(&rig);
        rig_send(&rig, LEAVE(JULIET));
        damage(&rig, db, damages[i]);
        rig_recover(&rig); /* recovery comes to an end */
        assert_null(rig.out.data ? strstr(rig.out.data, "unavailable") : NULL);
        rig_close(&rig);
    }
}

static void nobody_gets_the_departure_of_another(void **state)
{
    (void)state;
    struct rig rig;
    sqlite3 *db = open_room(&rig);
    rig_confirm(&rig);
    rig_send(&rig, LEAVE(JULIET));
    damage(&rig, db,
           "UPDATE departure SET stanza = replace(CAST(stanza AS TEXT), 'to=''juliet', "
           "'to=''nobody')");
    rig_recover(&rig);
    assert_null(rig.out.data ? strstr(rig.out.data, "to='nobody") : NULL);
    rig_close(&rig);
}

static void numbers_have_bounds(void **state)
{
    (void)state;
    static const char *const damages[] = {
        "UPDATE session SET changed = 9223372036854775807",
        "INSERT OR REPLACE INTO confirmed VALUES (0, 9223372036854775807)",
        "UPDATE room SET created = -9223372036854775807 - 1, locked = 1",
    };
    for (size_t i = 0; i < COUNT(damages); i++) {
        struct rig rig;
        sqlite3 *db = open_room(&rig);
        damage(&rig, db, damages[i]);
        rig_recover(&rig);
        rig_drain(&rig);
        rig_send(&rig, LEAVE(JULIET));
        rig_expect(&rig, JULIET, "unavailable", "110", NULL);
        rig_close(&rig);
    }
}

static void rooms_without_a_name_are_left_out(void **state)
{
    (void)state;
    struct rig rig;
    sqlite3 *db = open_room(&rig);
    damage(&rig, db, "UPDATE room SET name = 'a b'");
    rig_recover(&rig);
    rig_drain(&rig);
    damage(&rig, db, "UPDATE room SET name = ''");
    rig_recover(&rig);
    rig_expect_nothing(&rig, ROMEO);
    rig_close(&rig);
}

static void sessions_without_an_address_are_left_out(void **state)
{
    (void)state;
    static const char *const damages[] = {
        "UPDATE session SET nick = '' WHERE nick = 'Juliet'",
        "UPDATE session SET nick = CAST(x'4A0075' AS TEXT) WHERE nick = 'Juliet'",
        "UPDATE session SET jid = 'juliet@capulet.lit/' WHERE nick = 'Juliet'",
        "UPDATE session SET jid = 'JULIET@capulet.lit/x' WHERE nick = 'Juliet'",
    };
    for (size_t i = 0; i < COUNT(damages); i++) {
        struct rig rig;
        sqlite3 *db = open_room(&rig);
        damage(&rig, db, damages[i]);
        rig_send(&rig, JOIN(ROMEO, "Romeo"));
        rig_expect(&rig, ROMEO, "from='" ROOM "/Romeo'", "110", NULL);
        rig_close(&rig);
    }
}

/* After every JID comes a blob, whatever it says. */
static void asking_ends_though_the_order_is_broken(void **state)
{
    (void)state;
    static const char *const damages[] = {
        "UPDATE session SET jid = CAST(jid AS BLOB) WHERE nick = 'Juliet'",
        "UPDATE session SET jid = CAST(x'6A0040' AS TEXT) WHERE nick = 'Juliet'",
    };
    for (size_t i = 0; i < COUNT(damages); i++) {
        struct rig rig;
        sqlite3 *db = open_room(&rig);
        damage(&rig, db, damages[i]);
        rig_recover(&rig);
        assert_false(recovery_has_to_ask(rig.service));
        rig_close(&rig);
    }
}

/* The last row of a full step is a blob, which comes after every text, whatever it says. */
static void loading_ends_though_the_order_is_broken(void **state)
{
    (void)state;
    struct rig rig;
    sqlite3 *db = open_room(&rig);
    damage(&rig, db,
           "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 999)"
           " INSERT INTO affiliation SELECT room.id, CASE i WHEN 999 THEN x'61' ELSE"
           " printf('u%d@verona.lit', i) END, 2, '', '' FROM n, room");
    rig_send(&rig, JOIN(ROMEO, "Romeo"));
    rig_expect(&rig, ROMEO, "from='" ROOM "/Juliet'", NULL);
    rig_close(&rig);
}

static void affiliations_without_an_address_are_left_out(void **state)
{
    (void)state;
    static const char *const damages[] = {
        "UPDATE affiliation SET nick = CAST(x'0041' AS TEXT) WHERE jid LIKE 'tybalt%'",
        "UPDATE affiliation SET jid = CAST(x'7400407479' AS TEXT) WHERE jid LIKE 'tybalt%'",
        "UPDATE affiliation SET jid = '' WHERE jid LIKE 'tybalt%'",
    };
    for (size_t i = 0; i < COUNT(damages); i++) {
        struct rig rig;
        sqlite3 *db = open_room(&rig);
        room_do(&rig, AFFILIATE("tybalt@capulet.lit", "member"));
        damage(&rig, db, damages[i]);
        rig_send(&rig, JOIN(ROMEO, "Romeo"));
        rig_drain(&rig);
        room_do(&rig, AFFILIATE("tybalt@capulet.lit", "none"));
        rig_close(&rig);
    }
}

static void cards_are_left_out(void **state)
{
    (void)state;
    struct rig rig;
    sqlite3 *db = open_room(&rig);
    room_do(&rig, CARD);
    damage(&rig, db, "UPDATE room_option SET value = '<vCard><a></vCard>' WHERE var = 'vcard'");
    rig_send(&rig, ASK("<vCard xmlns='vcard-temp'/>"));
    rig_expect(&rig, ROMEO, "<vCard xmlns='vcard-temp'/></iq>", NULL);
    damage(&rig, db, "UPDATE room_option SET value = 'a0b' WHERE var = 'avatar'");
    rig_send(&rig, ASK("<query xmlns='http://jabber.org/protocol/disco#info'/>"));
    expect_without(&rig, ROMEO, "avatarhash", NULL);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(departures_are_left_out),
        cmocka_unit_test(nobody_gets_the_departure_of_another),
        cmocka_unit_test(numbers_have_bounds),
        cmocka_unit_test(rooms_without_a_name_are_left_out),
        cmocka_unit_test(sessions_without_an_address_are_left_out),
        cmocka_unit_test(asking_ends_though_the_order_is_broken),
        cmocka_unit_test(loading_ends_though_the_order_is_broken),
        cmocka_unit_test(affiliations_without_an_address_are_left_out),
        cmocka_unit_test(cards_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
