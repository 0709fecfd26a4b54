/* The view that a client of coven-crash has of a room, and its comparison with the truth. */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libxml/parser.h>

#include "crash/compare.h"
#include "crash/excused.h"
#include "crash/view.h"

#define USER "<x xmlns='http://jabber.org/protocol/muc#user'>"
#define SID  "<stanza-id xmlns='urn:xmpp:sid:0' by='room@rooms' id='%s'/>"
#define PAST "<delay xmlns='urn:xmpp:delay' stamp='2026-11-30T11:00:00Z'/>"

struct fixture {
    struct view view, truth;
    struct said_list archive;
    struct buf why;
};

static enum view_change receive(struct view *view, const char *nick, const char *text)
{
    xmlDoc *doc = xmlReadMemory(text, (int)strlen(text), "stanza", NULL, 0);
    assert_non_null(doc);
    enum view_change change = view_presence(view, nick, xmlDocGetRootElement(doc));
    xmlFreeDoc(doc);
    return change;
}

/* A message with that number, and an archive id made of it. */
static void say(struct view *view, uint32_t number, const char *children)
{
    char text[512], id[MESSAGE_ID_LEN + 1];
    snprintf(id, sizeof id, "%032u", number);
    snprintf(text, sizeof text, "<message type='groupchat' id='m%u'>%s" SID "</message>", number,
             children, id);
    xmlDoc *doc = xmlReadMemory(text, (int)strlen(text), "stanza", NULL, 0);
    assert_non_null(doc);
    view_message(view, xmlDocGetRootElement(doc));
    xmlFreeDoc(doc);
}

static void archive(struct fixture *fixture, uint32_t first, uint32_t last)
{
    for (uint32_t number = first; number <= last; number++) {
        struct said said = {.number = number};
        snprintf(said.id, sizeof said.id, "%032u", number);
        *said_add(&fixture->archive) = said;
    }
}

static void see_two(struct view *view)
{
    receive(view, "p1.0",
            "<presence>" USER "<item role='participant' affiliation='none'/></x></presence>");
    receive(view, "p2.0",
            "<presence id='j1'>" USER
            "<status code='110'/><item role='moderator' affiliation='owner' "
            "jid='user2@a/a0'/></x></presence>");
}

/* The view is joining; the truth is inside with one other. */
static int make(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->view.state = fixture->truth.state = VIEW_JOINING;
    snprintf(fixture->view.join, sizeof fixture->view.join, "j1");
    snprintf(fixture->truth.join, sizeof fixture->truth.join, "j1");
    see_two(&fixture->truth);
    *state = fixture;
    return 0;
}

static int clean(void **state)
{
    struct fixture *fixture = *state;
    view_free(&fixture->view);
    view_free(&fixture->truth);
    said_free(&fixture->archive);
    buf_free(&fixture->why);
    free(fixture);
    return 0;
}

static void assert_faces(struct fixture *fixture, bool nonanonymous, const char *why)
{
    buf_clear(&fixture->why);
    bool same = compare_faces(&fixture->view.faces, &fixture->truth.faces, nonanonymous, "p2.0",
                              &fixture->why);
    assert_int_equal(same, why == NULL);
    if (why)
        assert_string_equal(fixture->why.data, why);
}

static void assert_messages(struct fixture *fixture, bool whole, const char *why)
{
    buf_clear(&fixture->why);
    bool same = compare_messages(&fixture->view.seen, &fixture->archive, whole, &fixture->why);
    if (!why && !same)
        fail_msg("%s", fixture->why.data);
    assert_int_equal(same, why == NULL);
    if (why)
        assert_string_equal(fixture->why.data, why);
}

/* ---- Standing ---- */

static void an_answered_join_enters(void **state)
{
    struct fixture *fixture = *state;
    see_two(&fixture->view);
    assert_int_equal(fixture->view.state, VIEW_INSIDE);
    assert_string_equal(fixture->view.nick, "p2.0");
    assert_faces(fixture, true, NULL);
}

static void repeated_presence_is_no_answer(void **state)
{
    struct fixture *fixture = *state;
    snprintf(fixture->view.join, sizeof fixture->view.join, "j2");
    see_two(&fixture->view);
    assert_int_equal(fixture->view.state, VIEW_JOINING);
}

static void a_ghost_stays_one_until_its_leave_arrives(void **state)
{
    struct fixture *fixture = *state;
    fixture->view.state = VIEW_GHOST;
    see_two(&fixture->view);
    assert_int_equal(fixture->view.state, VIEW_GHOST);
    receive(&fixture->view, "p2.0",
            "<presence type='unavailable'>" USER "<status code='110'/></x></presence>");
    assert_int_equal(fixture->view.state, VIEW_OUT);
    assert_int_equal(fixture->view.faces.count, 0);
}

static void a_change_of_nick_is_no_leave(void **state)
{
    struct fixture *fixture = *state;
    see_two(&fixture->view);
    enum view_change change =
        receive(&fixture->view, "p2.0",
                "<presence type='unavailable'>" USER
                "<item nick='p2.1'/><status code='303'/><status code='110'/></x></presence>");
    assert_int_equal(change, VIEW_ENTERED);
    assert_int_equal(fixture->view.state, VIEW_INSIDE);
    assert_string_equal(fixture->view.nick, "p2.1");
    assert_null(faces_find(&fixture->view.faces, "p2.0"));
}

/* ---- Faces ---- */

static void a_missing_occupant_is_reported(void **state)
{
    struct fixture *fixture = *state;
    see_two(&fixture->view);
    faces_remove(&fixture->view.faces, "p1.0");
    assert_faces(fixture, true, "nobody as p1.0 participant/none show '' status ''");
}

static void a_surplus_occupant_is_reported(void **state)
{
    struct fixture *fixture = *state;
    see_two(&fixture->view);
    faces_remove(&fixture->truth.faces, "p1.0");
    assert_faces(fixture, true, "p1.0 participant/none show '' status '', who is not inside");
}

static void each_difference_is_reported(void **state)
{
    struct fixture *fixture = *state;
    see_two(&fixture->view);
    struct face *face = faces_find(&fixture->view.faces, "p1.0");
    snprintf(face->status, sizeof face->status, "s7");
    assert_faces(
        fixture, true,
        "p1.0 participant/none show '' status 's7', which is p1.0 participant/none show '' "
        "status ''");
    face->status[0] = '\0';
    snprintf(face->show, sizeof face->show, "away");
    assert_faces(fixture, true,
                 "p1.0 participant/none show 'away' status '', which is p1.0 participant/none show "
                 "'' status ''");
    face->show[0] = '\0';
    snprintf(face->role, sizeof face->role, "visitor");
    assert_faces(fixture, true,
                 "p1.0 visitor/none show '' status '', which is p1.0 participant/none show '' "
                 "status ''");
}

static void addresses_matter_only_where_they_are_shown(void **state)
{
    struct fixture *fixture = *state;
    see_two(&fixture->view);
    faces_find(&fixture->view.faces, "p2.0")->jid_count = 0;
    assert_faces(fixture, false, NULL);
    assert_faces(fixture, true,
                 "p2.0 moderator/owner show '' status '', which is p2.0 moderator/owner show '' "
                 "status '' of user2@a/a0");
}

static void an_address_must_not_be_shown_to_everybody(void **state)
{
    struct fixture *fixture = *state;
    see_two(&fixture->view);
    receive(&fixture->view, "p1.0",
            "<presence>" USER "<item role='participant' affiliation='none' jid='user1@a/a0'/></x>"
            "</presence>");
    assert_faces(fixture, false,
                 "p1.0 participant/none show '' status '' of user1@a/a0, which is p1.0 "
                 "participant/none show '' status ''");
}

static void a_former_moderator_forgets_addresses(void **state)
{
    static const char demoted[] =
        "<presence>" USER "<status code='110'/><item role='participant' affiliation='none' "
        "jid='user2@a/a0'/></x></presence>";
    struct fixture *fixture = *state;
    see_two(&fixture->view);
    struct face *face = faces_find(&fixture->view.faces, "p1.0");
    face->jid_count = 1;
    fixture->view.nonanonymous = true;
    receive(&fixture->view, "p2.0", demoted);
    assert_int_equal(face->jid_count, 1);
    fixture->view.nonanonymous = false;
    receive(&fixture->view, "p2.0", demoted);
    assert_int_equal(face->jid_count, 0);
    assert_int_equal(faces_find(&fixture->view.faces, "p2.0")->jid_count, 1);
}

static void lists_are_compared(void **state)
{
    struct fixture *fixture = *state;
    see_two(&fixture->view);
    assert_true(compare_ranks(&fixture->view.faces, &fixture->truth.faces, &fixture->why));
    snprintf(faces_find(&fixture->view.faces, "p1.0")->affiliation, FACE_STATE, "member");
    assert_false(compare_ranks(&fixture->view.faces, &fixture->truth.faces, &fixture->why));
}

/* ---- Messages ---- */

static void seen_messages_are_in_the_archive(void **state)
{
    struct fixture *fixture = *state;
    archive(fixture, 2, 6);
    for (uint32_t number = 3; number <= 6; number++)
        say(&fixture->view, number, "<body/>");
    assert_messages(fixture, true, NULL);
    say(&fixture->view, 7, "<body/>");
    assert_messages(fixture, false,
                    "message m7 as 00000000000000000000000000000007, which the archive does not "
                    "have");
}

static void a_gap_is_reported(void **state)
{
    struct fixture *fixture = *state;
    archive(fixture, 2, 6);
    say(&fixture->view, 3, "<body/>");
    say(&fixture->view, 5, "<body/>");
    assert_messages(fixture, false, "message m5 next to m3, and not m4 between them");
}

static void a_disruption_allows_one_gap(void **state)
{
    struct fixture *fixture = *state;
    archive(fixture, 2, 8);
    say(&fixture->view, 2, "<body/>");
    view_disrupt(&fixture->view);
    say(&fixture->view, 3, "<body/>");
    say(&fixture->view, 6, "<body/>");
    assert_messages(fixture, false, NULL);
    say(&fixture->view, 8, "<body/>");
    assert_messages(fixture, false, "message m8 next to m6, and not m7 between them");
}

static void a_disruption_may_cut_history(void **state)
{
    struct fixture *fixture = *state;
    archive(fixture, 2, 9);
    say(&fixture->view, 2, "<body/>");
    view_disrupt(&fixture->view);
    say(&fixture->view, 3, "<body/>" PAST);
    say(&fixture->view, 6, "<body/>");
    assert_messages(fixture, false, NULL);
    fixture->view.disrupted_ms -= 5000;
    say(&fixture->view, 4, "<body/>" PAST);
    say(&fixture->view, 6, "<body/>");
    assert_messages(fixture, false, "message m6 next to m4, and not m5 between them");
}

static void messages_arrive_once_and_in_order(void **state)
{
    struct fixture *fixture = *state;
    archive(fixture, 2, 6);
    say(&fixture->view, 3, "<body/>");
    say(&fixture->view, 3, "<body/>");
    assert_messages(fixture, false, "message m3 behind m3, which is not its order");
    fixture->view.seen.count = 0;
    view_disrupt(&fixture->view);
    say(&fixture->view, 4, "<body/>");
    say(&fixture->view, 3, "<body/>");
    assert_messages(fixture, false, "message m3 behind m4, which is not its order");
}

static void the_last_message_must_arrive(void **state)
{
    struct fixture *fixture = *state;
    archive(fixture, 2, 6);
    assert_messages(fixture, true, "no message, and the last one is m6");
    say(&fixture->view, 4, "<body/>");
    say(&fixture->view, 5, "<body/>");
    assert_messages(fixture, true, "message m5 as the last one, which is m6");
    assert_messages(fixture, false, NULL);
}

static void history_leaves_out_retractions(void **state)
{
    struct fixture *fixture = *state;
    archive(fixture, 2, 6);
    fixture->archive.items[1].stay = VIEW_NO_HISTORY; /* m3 */
    say(&fixture->view, 2, "<body/>" PAST);
    say(&fixture->view, 4, "<body/>");
    assert_messages(fixture, false, NULL);
    fixture->view.seen.count = 0;
    say(&fixture->view, 2, "<body/>");
    say(&fixture->view, 4, "<body/>");
    assert_messages(fixture, false, "message m4 next to m2, and not m3 between them");
}

/* Messages of somebody who was thrown out. */
static void an_excused_message_may_be_missing(void **state)
{
    struct fixture *fixture = *state;
    archive(fixture, 2, 6);
    fixture->archive.items[1].stay = EXCUSED; /* m3 */
    say(&fixture->view, 2, "<body/>");
    say(&fixture->view, 4, "<body/>");
    assert_messages(fixture, false, NULL);
    say(&fixture->view, 6, "<body/>");
    assert_messages(fixture, false, "message m6 next to m4, and not m5 between them");
}

static void repeated_history_begins_a_stay(void **state)
{
    struct fixture *fixture = *state;
    archive(fixture, 2, 6);
    say(&fixture->view, 5, "<body/>");
    for (int round = 0; round < 2; round++) {
        say(&fixture->view, 2, "<body/>" PAST);
        say(&fixture->view, 3, "<body/>" PAST);
    }
    say(&fixture->view, 5, "<body/>");
    assert_messages(fixture, false, "message m5 next to m3, and not m4 between them");
}

static void an_archive_only_grows(void **state)
{
    struct fixture *fixture = *state;
    struct said_list before = {NULL, 0, 0};
    archive(fixture, 2, 4);
    *said_add(&before) = fixture->archive.items[0];
    assert_true(compare_archives(&before, &fixture->archive, &fixture->why));
    before.items[0].number = 3;
    assert_false(compare_archives(&before, &fixture->archive, &fixture->why));
    buf_clear(&fixture->why);
    fixture->archive.count = 0;
    assert_false(compare_archives(&before, &fixture->archive, &fixture->why));
    said_free(&before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_answered_join_enters, make, clean),
        cmocka_unit_test_setup_teardown(repeated_presence_is_no_answer, make, clean),
        cmocka_unit_test_setup_teardown(a_ghost_stays_one_until_its_leave_arrives, make, clean),
        cmocka_unit_test_setup_teardown(a_change_of_nick_is_no_leave, make, clean),
        cmocka_unit_test_setup_teardown(a_missing_occupant_is_reported, make, clean),
        cmocka_unit_test_setup_teardown(a_surplus_occupant_is_reported, make, clean),
        cmocka_unit_test_setup_teardown(each_difference_is_reported, make, clean),
        cmocka_unit_test_setup_teardown(addresses_matter_only_where_they_are_shown, make, clean),
        cmocka_unit_test_setup_teardown(an_address_must_not_be_shown_to_everybody, make, clean),
        cmocka_unit_test_setup_teardown(a_former_moderator_forgets_addresses, make, clean),
        cmocka_unit_test_setup_teardown(lists_are_compared, make, clean),
        cmocka_unit_test_setup_teardown(seen_messages_are_in_the_archive, make, clean),
        cmocka_unit_test_setup_teardown(a_gap_is_reported, make, clean),
        cmocka_unit_test_setup_teardown(a_disruption_allows_one_gap, make, clean),
        cmocka_unit_test_setup_teardown(a_disruption_may_cut_history, make, clean),
        cmocka_unit_test_setup_teardown(messages_arrive_once_and_in_order, make, clean),
        cmocka_unit_test_setup_teardown(the_last_message_must_arrive, make, clean),
        cmocka_unit_test_setup_teardown(history_leaves_out_retractions, make, clean),
        cmocka_unit_test_setup_teardown(an_excused_message_may_be_missing, make, clean),
        cmocka_unit_test_setup_teardown(repeated_history_begins_a_stay, make, clean),
        cmocka_unit_test_setup_teardown(an_archive_only_grows, make, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
