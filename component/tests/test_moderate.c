/* Who may moderate whose messages, by which request. */

#include "retract_fixture.h"

#define OLD          "urn:xmpp:message-retract:0"
#define OLD_MODERATE "urn:xmpp:message-moderate:0"
#define BY_ROMEO     " by='" ROOM "/Romeo'>"

static void fasten(struct rig *rig, const char *from, const char *id, const char *inner)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "<iq type='set' id='mod' from='%s' to='" ROOM
               "'><apply-to xmlns='urn:xmpp:fasten:0' id='%s'>%s</apply-to></iq>",
               from, id, inner);
    rig_drain(rig);
    rig_send(rig, text.data);
    buf_free(&text);
}

#define OLD_ACTION(inner) "<moderate xmlns='" OLD_MODERATE "'>" inner "</moderate>"
#define OLD_TAKE_BACK     "<retract xmlns='" OLD "'/>"

/* Both requests have the same effect. */
static void fastened_requests_are_understood(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    char *id = say(&rig, JULIET, "said", "<body>wherefore</body>");
    fasten(&rig, ROMEO, id, OLD_ACTION(OLD_TAKE_BACK "<reason>Not here</reason>"));
    rig_expect(&rig, JULIET, "<retract xmlns='" RETRACT "' id='", id,
               "<moderated xmlns='" MODERATE "'" BY_ROMEO, "<reason>Not here</reason></retract>",
               "<moderated xmlns='" OLD_MODERATE "'" BY_ROMEO OLD_TAKE_BACK
               "<reason>Not here</reason></moderated></apply-to>",
               NULL);
    rig_expect_nothing(&rig, JULIET);
    rig_expect(&rig, ROMEO, "<retract ", NULL);
    rig_expect(&rig, ROMEO, "type='result'", "id='mod'", NULL);
    assert_false(archive_has(&rig, "wherefore"));
    fasten(&rig, ROMEO, id, OLD_ACTION(OLD_TAKE_BACK));
    rig_expect(&rig, ROMEO, "type='error'", "<item-not-found", NULL);
    free(id);
    rig_close(&rig);
}

static void malformed_requests_are_refused(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    char *id = say(&rig, JULIET, "said", "<body>wherefore</body>");
    static const struct {
        const char *inner, *error;
    } cases[] = {
        {"", "<service-unavailable"},
        {OLD_TAKE_BACK, "<service-unavailable"},
        {"<moderate xmlns='" MODERATE "'>" OLD_TAKE_BACK "</moderate>", "<service-unavailable"},
        {OLD_ACTION(""), "<bad-request"},
        {OLD_ACTION("<reason>Not here</reason>"), "<bad-request"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        fasten(&rig, ROMEO, id, cases[i].inner);
        rig_expect(&rig, ROMEO, "type='error'", cases[i].error, NULL);
        rig_expect_nothing(&rig, NULL);
    }
    rig_send(&rig,
             IQ("set", ROMEO, "mod",
                "<apply-to xmlns='urn:xmpp:fasten:0'>" OLD_ACTION(OLD_TAKE_BACK) "</apply-to>"));
    rig_expect(&rig, ROMEO, "type='error'", "<bad-request", NULL);
    fasten(&rig, JULIET, id, OLD_ACTION(OLD_TAKE_BACK));
    rig_expect(&rig, JULIET, "type='error'", "<forbidden", NULL);
    rig_expect_nothing(&rig, NULL);
    free(id);
    rig_close(&rig);
}

/* Admins and owners need not be inside, and are named by their reserved nick. */
static void the_absent_moderate(void **state)
{
    (void)state;
    static const struct {
        const char *item;
        const char *by;   /* NULL: refused */
        const char *by_0; /* in the version before, which requires it */
    } cases[] = {
        {"<item jid='nurse@capulet.lit' affiliation='member' nick='Nurse'/>", NULL, NULL},
        {"<item jid='nurse@capulet.lit' affiliation='outcast'/>", NULL, NULL},
        {"<item jid='nurse@capulet.lit' affiliation='admin'/>", "'><occupant-id ", "'" ROOM "'"},
        {"<item jid='nurse@capulet.lit' affiliation='owner'/>", "'><occupant-id ", "'" ROOM "'"},
        {"<item jid='nurse@capulet.lit' affiliation='admin' nick='Nurse'/>",
         "' by='" ROOM "/Nurse'><occupant-id ", "'" ROOM "/Nurse'"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct rig rig;
        struct buf text = BUF_INIT;
        room_open(&rig, CONFIGURE(""));
        buf_printf(&text, ADMIN("%s"), cases[i].item);
        room_do(&rig, text.data);
        char *id = say(&rig, JULIET, "said", "<body>wherefore</body>");
        moderate(&rig, NURSE, id, TAKE_BACK);
        if (cases[i].by) {
            buf_clear(&text);
            buf_printf(&text, "<moderated xmlns='" MODERATE "%s", cases[i].by);
            struct buf old = BUF_INIT;
            buf_printf(&old, "<moderated xmlns='" OLD_MODERATE "' by=%s>", cases[i].by_0);
            rig_expect(&rig, JULIET, text.data, old.data, NULL);
            rig_expect(&rig, NURSE, "type='result'", NULL);
            buf_free(&old);
        } else {
            rig_expect(&rig, NURSE, "type='error'", "<forbidden", NULL);
            rig_expect_nothing(&rig, NULL);
        }
        assert_int_equal(archive_has(&rig, "wherefore"), cases[i].by == NULL);
        buf_free(&text);
        free(id);
        rig_close(&rig);
    }
}

/* What counts is what the author is now, not what the author was. */
static void nobody_moderates_those_above(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    char *owners = say(&rig, ROMEO, "r", "<body>wherefore</body>");
    char *equals = say(&rig, JULIET, "j", "<body>art thou</body>");
    room_do(&rig, ADMIN("<item nick='Mercutio' role='moderator'/>"));
    moderate(&rig, MERCUTIO, owners, TAKE_BACK);
    rig_expect(&rig, MERCUTIO, "type='error'", "type='cancel'", "<not-allowed", "<text ", NULL);
    rig_expect_nothing(&rig, NULL);
    room_do(&rig, AFFILIATE("juliet@capulet.lit", "member"));
    moderate(&rig, MERCUTIO, equals, TAKE_BACK);
    rig_expect(&rig, MERCUTIO, "type='error'", "<not-allowed", NULL);
    room_do(&rig, AFFILIATE("mercutio@verona.lit", "admin"));
    moderate(&rig, MERCUTIO, owners, TAKE_BACK);
    rig_expect(&rig, MERCUTIO, "type='error'", "<not-allowed", NULL);
    moderate(&rig, MERCUTIO, equals, TAKE_BACK);
    rig_expect(&rig, MERCUTIO, "<retract ", equals, NULL);
    room_do(&rig, AFFILIATE("mercutio@verona.lit", "owner"));
    moderate(&rig, MERCUTIO, owners, TAKE_BACK);
    rig_expect(&rig, MERCUTIO, "<retract ", owners, NULL);
    free(owners);
    free(equals);
    rig_close(&rig);
}

/* What the room itself said stays. */
static void announcements_stay(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    char *id = say(&rig, JULIET, "said", "<body>wherefore</body>");
    moderate(&rig, ROMEO, id, TAKE_BACK);
    char *stanza = rig_receive(&rig, ROMEO);
    const char *at = strstr(strstr(stanza, "<stanza-id "), " id='") + strlen(" id='");
    char *announcement = mem_copy(at, strcspn(at, "'"));
    moderate(&rig, ROMEO, announcement, TAKE_BACK);
    rig_expect(&rig, ROMEO, "type='error'", "<item-not-found", NULL);
    free(announcement);
    free(stanza);
    free(id);
    rig_close(&rig);
}

/* Newcomers do not get a subject that was taken back, but those since then. */
static void a_subject_goes_with_its_message(void **state)
{
    (void)state;
    struct rig rig;
    room_open(&rig, CONFIGURE(""));
    char *first = say(&rig, ROMEO, "first", "<subject>Balcony</subject>");
    char *second = say(&rig, ROMEO, "second", "<subject>wherefore</subject>");
    moderate(&rig, ROMEO, first, TAKE_BACK);
    enter(&rig, 3);
    rig_expect(&rig, TYBALT, "<subject>wherefore</subject>", NULL);
    rig_send(&rig, LEAVE(TYBALT));
    moderate(&rig, ROMEO, second, TAKE_BACK);
    enter(&rig, 3);
    rig_expect(&rig, TYBALT, "<subject/>", NULL);
    assert_false(archive_has(&rig, "wherefore"));
    free(second);
    free(first);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fastened_requests_are_understood),
        cmocka_unit_test(malformed_requests_are_refused),
        cmocka_unit_test(the_absent_moderate),
        cmocka_unit_test(nobody_moderates_those_above),
        cmocka_unit_test(announcements_stay),
        cmocka_unit_test(a_subject_goes_with_its_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
