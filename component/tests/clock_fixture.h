/* Queries of an archive while the clock is set, and the stamps in the answers. */
#ifndef TESTS_CLOCK_FIXTURE_H
#define TESTS_CLOCK_FIXTURE_H

#include <inttypes.h>

#include "archive_fixture.h"
#include "coven/datetime.h"

#define START_MS INT64_C(1767225600000) /* of the rig's clock */
#define DAY      INT64_C(86400000)
#define FAR      (400 * DAY)

#define AT(text) "2026-01-01T00:00:" text "Z"
#define BETWEEN(first, last)                                                                       \
    FIELD("start", AT(first))                                                                      \
    FIELD("end", AT(last))

/* ---- Messages with their stamps ---- */

static inline void note_stamped(const char *message, struct buf *got)
{
    int64_t ms = 0;
    const char *own = strstr(message, "<message xmlns='jabber:client'");
    char *id = attribute(own ? own : message, "id");
    char *stamp = attribute(strstr(message, "<delay"), "stamp");
    assert_true(datetime_parse(span_of(stamp), &ms));
    buf_printf(got, "%s%s@%" PRId64, got->len > 0 ? " " : "", id, (ms - START_MS) / 1000);
    free(stamp);
    free(id);
}

static inline void check_stamped(struct buf *got, const char *stamped)
{
    if (!span_is(buf_span(got), stamped))
        fail_msg("expected \"%s\", but \"%.*s\" came", stamped, (int)got->len, got->data);
    buf_free(got);
}

/* Asserts that the answer is these messages, each with the seconds since the rig's beginning, and
 * rising ids, and then a result with both texts. */
static inline void expect_archive(struct rig *rig, const char *inner, const char *stamped,
                                  const char *text, const char *other)
{
    struct buf got = BUF_INIT;
    char *stanza, *last = mem_string("");
    ask(rig, ROMEO, inner);
    while ((stanza = rig_receive(rig, ROMEO)) && strstr(stanza, "<message")) {
        char *id = attribute(strstr(stanza, "<result"), "id");
        assert_true(strcmp(last, id) < 0);
        free(last);
        last = id;
        note_stamped(stanza, &got);
        free(stanza);
    }
    free(last);
    check_stamped(&got, stamped);
    assert_non_null(stanza);
    if (!strstr(stanza, text) || !strstr(stanza, other))
        fail_msg("there is no  %s  or no  %s  in  %s", text, other, stanza);
    free(stanza);
}

/* Tybalt joins, asks for that part of the history, checks what he gets, and leaves. */
static inline void expect_history(struct rig *rig, const char *wish, const char *stamped)
{
    struct buf text = BUF_INIT, got = BUF_INIT;
    char *stanza;
    buf_printf(&text,
               "<presence from='" TYBALT "' to='" ROOM
               "/Tybalt'><x xmlns='http://jabber.org/protocol/muc'><history %s/></x></presence>",
               wish);
    rig_drain(rig);
    rig_send(rig, text.data);
    while ((stanza = rig_receive(rig, TYBALT))) {
        if (strstr(stanza, "<delay"))
            note_stamped(stanza, &got);
        free(stanza);
    }
    rig_send(rig, "<presence type='unavailable' from='" TYBALT "' to='" ROOM "/Tybalt'/>");
    rig_drain(rig);
    buf_free(&text);
    check_stamped(&got, stamped);
}

static inline void speak(struct rig *rig, const char *id)
{
    say(rig, JULIET, id, "<body>hello</body>");
}

/* Juliet says a and b, then c while the clock is 400 days ahead, then d and e. */
static inline void open_twisted(struct rig *rig, const char *configure)
{
    room_open(rig, configure);
    speak(rig, "a");
    speak(rig, "b");
    rig->ahead_ms = FAR;
    speak(rig, "c");
    rig->ahead_ms = 0;
    speak(rig, "d");
    speak(rig, "e");
}

#define TWISTED "a@0 b@1 c@34560002 d@3 e@4"

#endif
