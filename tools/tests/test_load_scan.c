/* Counting copies in raw bytes, however they are cut; the ledger of due copies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "coven/buf.h"
#include "wire/ledger.h"
#include "wire/scan.h"

struct seen {
    struct buf text;
    bool whole; /* all bytes come at once */
};

static void on_copy(void *user, uint32_t number, bool self)
{
    buf_printf(&((struct seen *)user)->text, "%s%u ", self ? "self " : "", number);
}

static void on_refused(void *user, uint32_t number, struct span error)
{
    struct span condition = scan_condition(error);
    buf_printf(&((struct seen *)user)->text, "refused %u ", number);
    /* A condition may be cut. */
    if (((struct seen *)user)->whole)
        buf_printf(&((struct seen *)user)->text, "%.*s ", (int)condition.len, condition.at);
}

static void on_iq(void *user, struct span tag)
{
    struct span id = scan_attr(tag, "id");
    buf_printf(&((struct seen *)user)->text, "iq %.*s ", (int)id.len, id.at ? id.at : "");
}

static void on_broken(void *user, struct span error)
{
    (void)error;
    buf_add_text(&((struct seen *)user)->text, "broken ");
}

static void on_asked(void *user, uint32_t handled)
{
    buf_printf(&((struct seen *)user)->text, "asked %u ", handled);
}

static const char traffic[] =
    "<message type='groupchat' from='r@c/n' to='u@l/load'><body>L0000000007...&lt;body></body>"
    "<stanza-id xmlns='urn:xmpp:sid:0' id='1' by='r@c'/></message>"
    "<presence from=\"r@c/n\" to=\"u@l/load\"><status>L4294967295</status>"
    "<x xmlns='http://jabber.org/protocol/muc#user'><item role='none'/><status code=\"110\"/></x>"
    "</presence><presence from='r@c/m' to='u@l/load'><x><status code='110'/></x></presence>"
    "<presence from='r@c/o' to='u@l/load'><status>Late</status></presence> "
    "<message from='r@c/n' to='u@l/load'><subject/></message>"
    "<message from='r@c' to='u@l/load' type='error'><body>L0000000012</body><error type='wait'>"
    "<resource-constraint/></error></message><iq type='get' id='a\"b' from='c' to='l'><ping/></iq>"
    "<r xmlns='urn:xmpp:sm:3'/>"
    "<message from='r@c' to='u@l/load' id='x'><body>L0000000013</body></message>"
    "<message from='r@c/n' to='u@l/load'><body xml:lang='en'>L0000000014 and more</body></message>"
    "<presence from='r@c/n' to='u@l/load'><status xml:lang=\"en\">L0000000015</status><x>"
    "<status code='110'/></x></presence>";

static const char told[] = "7 self 4294967295 refused 12 iq a\"b asked 7 13 14 self 15 ";

static struct scan_events events_to(struct seen *seen)
{
    return (struct scan_events){seen, on_copy, on_refused, on_iq, on_broken, on_asked};
}

/* Cuts the bytes in two at every place, and into pieces of every size. */
static void copies_are_found_however_bytes_are_cut(void **state)
{
    (void)state;
    size_t len = sizeof traffic - 1;
    for (size_t piece = 1; piece <= len; piece++) {
        struct seen seen = {BUF_INIT, false};
        struct scan scan = {0};
        struct scan_counts counts = {0};
        struct scan_events events = events_to(&seen);
        for (size_t at = 0; at < len; at += piece) {
            size_t part = len - at < piece ? len - at : piece;
            /* exactly that size, so that a sanitizer notices any read beyond it */
            char *bytes = malloc(part);
            memcpy(bytes, traffic + at, part);
            scan_bytes(&scan, (struct span){bytes, part}, &events, &counts);
            free(bytes);
        }
        assert_string_equal(seen.text.data, told);
        assert_int_equal(counts.messages, 5);
        assert_int_equal(counts.presences, 4);
        assert_int_equal(counts.errors, 1);
        buf_free(&seen.text);
        scan_free(&scan);
    }
}

static void check(const char *bytes, const char *expected)
{
    struct seen seen = {BUF_INIT, true};
    struct scan scan = {0};
    struct scan_counts counts = {0};
    struct scan_events events = events_to(&seen);
    buf_add_text(&seen.text, "");
    scan_bytes(&scan, span_of(bytes), &events, &counts);
    assert_string_equal(seen.text.data, expected);
    buf_free(&seen.text);
    scan_free(&scan);
}

static void errors_are_told_apart(void **state)
{
    (void)state;
    check("<message type='error' id='L0000000005'><error type='wait'/></message>", "refused 5  ");
    check("<presence id=\"L0000000006\" type='error'><error></error></presence>", "refused 6  ");
    check("<presence type='error' id='L0000000007'><error type='wait' by='c'><conflict xmlns='x'/>"
          "<text>No</text></error></presence>",
          "refused 7 conflict ");
    check("<message id='other' type='error'><error></error></message>", "");
    check("<stream:error><conflict/></stream:error>", "broken ");
    /* Message text may contain such an element. */
    check("<message type='groupchat' id='L0000000008'><error type='x'/></message>", "");
    check("<message type='groupchat'><error/><body>L0000000009</body></message>", "9 ");
    check("<message ><body>L00000000x5</body></message>", "");
    check("<message ><body>L0000000005</body>", "");
}

static void attributes_are_found(void **state)
{
    (void)state;
    struct span tag = span_of("<iq xid='no' type='get'  id = 'x' id=\"a'b\" to='' from='c'/>");
    assert_true(span_is(scan_attr(tag, "id"), "a'b"));
    assert_true(span_is(scan_attr(tag, "type"), "get"));
    assert_true(span_is(scan_attr(tag, "from"), "c"));
    assert_int_equal(scan_attr(tag, "to").len, 0);
    assert_null(scan_attr(tag, "lang").at);
    assert_null(scan_attr(span_of("<iq id='"), "id").at);
}

static void marks_are_read_back(void **state)
{
    (void)state;
    static const uint32_t numbers[] = {0, 1, 9, 10, 4294967295u};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char mark[MARK_LEN];
        uint32_t number;
        mark_write(mark, numbers[i]);
        assert_true(mark_read(mark, &number));
        assert_int_equal(number, numbers[i]);
    }
    uint32_t number;
    assert_false(mark_read("L4294967296", &number));
    assert_false(mark_read("M0000000001", &number));
    assert_false(mark_read("L000000000:", &number));
}

static void due_copies_are_counted(void **state)
{
    (void)state;
    struct ledger ledger;
    uint64_t sent = 0;
    ledger_init(&ledger, 4);
    uint32_t first = ledger_send(&ledger, 100, 2), second = ledger_send(&ledger, 200, 1);
    assert_true(ledger_receive(&ledger, first, &sent));
    assert_int_equal(sent, 100);
    assert_int_equal(ledger.open, 2);
    assert_true(ledger_receive(&ledger, second, &sent));
    assert_int_equal(sent, 200);
    assert_false(ledger_receive(&ledger, second, &sent));
    assert_false(ledger_receive(&ledger, 999, &sent));
    assert_int_equal(ledger.stray, 2);
    assert_int_equal(ledger.copies, 2);
    assert_int_equal(ledger_due(&ledger), 1);
    ledger_refuse(&ledger, first);
    ledger_refuse(&ledger, first);
    assert_int_equal(ledger.lost, 1);
    assert_int_equal(ledger.open, 0);
    ledger_free(&ledger);
}

static void a_full_ring_gives_up_the_oldest(void **state)
{
    (void)state;
    struct ledger ledger;
    uint64_t sent;
    ledger_init(&ledger, 4);
    uint32_t first = ledger_send(&ledger, 1, 3);
    for (int i = 0; i < 4; i++)
        ledger_send(&ledger, 2, 1);
    assert_int_equal(ledger.lost, 3);
    assert_int_equal(ledger.open, 4);
    assert_true(ledger_is_full(&ledger));
    assert_false(ledger_receive(&ledger, first, &sent));
    ledger_reset(&ledger);
    assert_int_equal(ledger.open, 0);
    assert_int_equal(ledger_due(&ledger), 0);
    assert_int_equal(ledger_send(&ledger, 3, 1), first + 5);
    ledger_free(&ledger);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(copies_are_found_however_bytes_are_cut),
        cmocka_unit_test(errors_are_told_apart),
        cmocka_unit_test(attributes_are_found),
        cmocka_unit_test(marks_are_read_back),
        cmocka_unit_test(due_copies_are_counted),
        cmocka_unit_test(a_full_ring_gives_up_the_oldest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
