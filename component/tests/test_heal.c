/* After the link was away: the living notice nothing, the dead leave, the far are left alone. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coven/buf.h"
#include "rig.h"

#define ROOM  "room@conference.localhost"
#define OTHER "other@conference.localhost"
#define ANNA  "anna@localhost/a"
#define BORIS "boris@localhost/b"
#define FAR   "far@elsewhere.example/f"

#define ERROR                                                                                      \
    "<error type='cancel'><service-unavailable "                                                   \
    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"

/* The id of the question that was sent to a session; the caller frees it. */
static char *take_question(struct rig *rig, const char *jid)
{
    char *message = rig_receive(rig, jid), *ping = rig_receive(rig, jid);
    assert_non_null(message);
    assert_non_null(ping);
    assert_non_null(strstr(message, "<no-store xmlns='urn:xmpp:hints'/>"));
    assert_non_null(strstr(message, "type='groupchat'"));
    assert_null(strstr(message, "<body"));
    assert_non_null(strstr(ping, "<ping xmlns='urn:xmpp:ping'/>"));
    char *id = strstr(ping, "id='") + 4;
    char *copy = strndup(id, strcspn(id, "'"));
    assert_non_null(strstr(message, copy));
    free(message);
    free(ping);
    return copy;
}

static void answer(struct rig *rig, const char *from, const char *id, bool alive)
{
    struct buf text = BUF_INIT;
    if (!alive) {
        buf_printf(&text,
                   "<message from='%s' to='" RIG_DOMAIN "' id='%s' type='error'>" ERROR
                   "</message>",
                   from, id);
        rig_send(rig, text.data);
        buf_clear(&text);
    }
    buf_printf(&text, "<iq from='%s' to='" RIG_DOMAIN "' id='%s' type='%s'/>", from, id,
               alive ? "result" : "error");
    rig_send(rig, text.data);
    buf_free(&text);
}

static void open_rooms(struct rig *rig)
{
    rig_open(rig);
    rig_join(rig, ANNA, ROOM "/Anna");
    rig_send(rig, "<iq from='" ANNA "' to='" ROOM "' type='set' id='1'><query "
                  "xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
                  "type='submit'/></query></iq>");
    rig_join(rig, BORIS, ROOM "/Boris");
    rig_join(rig, FAR, ROOM "/Far");
    rig_join(rig, BORIS, OTHER "/Boris");
    rig_drain(rig);
    rig_confirm(rig);
}

static void the_dead_leave_every_room(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_heal(&rig);
    char *anna = take_question(&rig, ANNA), *boris = take_question(&rig, BORIS);
    rig_expect_nothing(&rig, NULL); /* each once, and nobody of another server */
    answer(&rig, ANNA, anna, true);
    rig_expect_nothing(&rig, NULL);
    answer(&rig, BORIS, boris, false);
    rig_expect(&rig, ANNA, "from='" ROOM "/Boris'", "type='unavailable'", "<status code='333'/>",
               NULL);
    rig_expect(&rig, FAR, "from='" ROOM "/Boris'", "type='unavailable'", NULL);
    rig_drain(&rig);
    /* The other room was his alone, and is gone with him. */
    rig_send(&rig, "<presence from='" ANNA "' to='" OTHER
                   "/Anna'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
    rig_expect(&rig, ANNA, "<status code='201'/>", NULL);
    free(anna);
    free(boris);
    rig_close(&rig);
}

/* The message came back, and then somebody logged in with that address and entered. */
static void who_comes_back_is_not_buried(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_heal(&rig);
    char *anna = take_question(&rig, ANNA), *boris = take_question(&rig, BORIS);
    struct buf bounce = BUF_INIT;
    buf_printf(&bounce,
               "<message from='" BORIS "' to='" RIG_DOMAIN "' id='%s' type='error'>" ERROR
               "</message>",
               boris);
    rig_send(&rig, bounce.data);
    rig_join(&rig, BORIS, ROOM "/Boris");
    answer(&rig, BORIS, boris, true);
    rig_expect_nothing(&rig, NULL);
    buf_free(&bounce);
    free(anna);
    free(boris);
    rig_close(&rig);
}

static void nobody_answers_for_another(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_heal(&rig);
    char *anna = take_question(&rig, ANNA), *boris = take_question(&rig, BORIS);
    answer(&rig, BORIS, anna, false);
    answer(&rig, FAR, boris, false);
    answer(&rig, BORIS, "made-up", false);
    rig_expect_nothing(&rig, NULL);
    free(anna);
    free(boris);
    rig_close(&rig);
}

/* Who says nothing, and does not bounce, is there: a client may be slow, or asleep. */
static void silence_is_no_death(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_heal(&rig);
    rig_drain(&rig);
    rig_wait(&rig, 61);
    rig_wait(&rig, 61);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

#define CROWD 250 /* more than are asked at once */

static void everybody_is_asked_in_turn(void **state)
{
    (void)state;
    struct rig rig;
    char jid[64], address[96];
    rig_open(&rig);
    rig_join(&rig, ANNA, ROOM "/Anna");
    rig_send(&rig, "<iq from='" ANNA "' to='" ROOM "' type='set' id='1'><query "
                   "xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' "
                   "type='submit'/></query></iq>");
    for (int i = 0; i < CROWD; i++) {
        snprintf(jid, sizeof jid, "user%03d@localhost/r", i);
        snprintf(address, sizeof address, ROOM "/User%03d", i);
        rig_join(&rig, jid, address);
    }
    rig_confirm(&rig);
    rig_heal(&rig);
    free(take_question(&rig, ANNA));
    for (int i = 0; i < CROWD; i++) {
        snprintf(jid, sizeof jid, "user%03d@localhost/r", i);
        char *id = take_question(&rig, jid);
        answer(&rig, jid, id, true);
        free(id);
    }
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* Rooms that are only in the store are healed as well. */
static void after_a_restart(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_restart(&rig);
    rig_heal(&rig);
    char *boris = take_question(&rig, BORIS);
    answer(&rig, BORIS, boris, false);
    rig_drain(&rig);
    rig_send(&rig,
             "<message from='" ANNA "' to='" ROOM "' type='groupchat'><body>Hi</body></message>");
    rig_expect(&rig, ANNA, "<body>Hi</body>", NULL);
    rig_expect(&rig, FAR, "<body>Hi</body>", NULL);
    rig_expect_nothing(&rig, BORIS);
    free(boris);
    rig_close(&rig);
}

/* What was lost is told again before anybody is asked. */
static void telling_comes_first(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_send(&rig, "<presence type='unavailable' from='" FAR "' to='" ROOM "'/>");
    rig_drain(&rig);
    rig_restart(&rig);
    rig_heal(&rig);
    rig_expect(&rig, ANNA, "from='" ROOM "/Far'", "type='unavailable'", NULL);
    rig_expect(&rig, BORIS, "from='" ROOM "/Far'", "type='unavailable'", NULL);
    char *anna = take_question(&rig, ANNA), *boris = take_question(&rig, BORIS);
    rig_expect(&rig, FAR, "from='" ROOM "/Far'", "<status code='110'/>", NULL);
    rig_expect_nothing(&rig, NULL);
    free(anna);
    free(boris);
    rig_close(&rig);
}

/* The end of the service is told to everybody once, also to those of rooms that only the store
 * knows. */
static void the_end_is_told(void **state)
{
    (void)state;
    struct rig rig;
    open_rooms(&rig);
    rig_restart(&rig);
    rig_stop(&rig);
    rig_expect(&rig, ANNA, "from='" ROOM "/Anna'", "type='unavailable'",
               "<status code='332'/><item", "role='none'", "<status code='110'/>", NULL);
    rig_expect(&rig, BORIS, "<status code='332'/>", NULL);
    rig_expect(&rig, BORIS, "<status code='332'/>", NULL);
    rig_expect(&rig, FAR, "<status code='332'/>", NULL);
    rig_expect_nothing(&rig, NULL);
    rig_restart(&rig);
    rig_send(&rig,
             "<message from='" ANNA "' to='" ROOM "' type='groupchat'><body>Hi</body></message>");
    rig_expect(&rig, ANNA, "item-not-found", NULL); /* it was temporary */
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_comes_back_is_not_buried),
        cmocka_unit_test(the_dead_leave_every_room),
        cmocka_unit_test(nobody_answers_for_another),
        cmocka_unit_test(silence_is_no_death),
        cmocka_unit_test(everybody_is_asked_in_turn),
        cmocka_unit_test(after_a_restart),
        cmocka_unit_test(the_end_is_told),
        cmocka_unit_test(telling_comes_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
