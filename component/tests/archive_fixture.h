/* A room with an archive, and queries of it. */
#ifndef TESTS_ARCHIVE_FIXTURE_H
#define TESTS_ARCHIVE_FIXTURE_H

#include <stdio.h>

#include "coven/mem.h"
#include "muc/say/message.h"
#include "room_fixture.h"

#define MAM              "urn:xmpp:mam:2"

#define QUERY_TAG        "<query xmlns='" MAM "' queryid='q'>"
#define SET(parts)       "<set xmlns='http://jabber.org/protocol/rsm'>" parts "</set>"

#define MAM_FORM(fields) FORM(MAM, fields)

#define HOUR             3600

static inline void say(struct rig *rig, const char *from, const char *id, const char *payload)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "<message xmlns='jabber:client' type='groupchat' from='%s' to='" ROOM
               "' id='%s'>%s</message>",
               from, id, payload);
    rig_send(rig, text.data);
    buf_free(&text);
    rig_drain(rig);
    rig->now_ms += 1000;
}

/* Juliet says `count` messages m0, m1, ..., one a second. */
static inline void say_some(struct rig *rig, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char id[16];
        snprintf(id, sizeof id, "m%u", i);
        say(rig, JULIET, id, "<body>hello</body>");
    }
}

static inline void ask(struct rig *rig, const char *from, const char *inner)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "<iq type='set' id='mam' from='%s' to='" ROOM "'>" QUERY_TAG "%s</query></iq>", from,
               inner);
    rig_drain(rig);
    rig_send(rig, text.data);
    buf_free(&text);
}

/* The value of the first attribute of that name after `at`; the caller frees it. */
static inline char *attribute(const char *at, const char *name)
{
    struct buf start = BUF_INIT;
    buf_printf(&start, " %s='", name);
    const char *value = strstr(at, start.data);
    assert_non_null(value);
    value += start.len;
    buf_free(&start);
    return mem_copy(value, strcspn(value, "'"));
}

/* Asserts that the answer is these messages (ids in order, with a space between) and a result that
 * contains every one of the texts. */
static inline void expect_page(struct rig *rig, const char *to, const char *ids, ...)
{
    struct buf got = BUF_INIT;
    char *stanza;
    while ((stanza = rig_receive(rig, to)) && strstr(stanza, "<message")) {
        char *id = attribute(strstr(stanza, "<message xmlns='jabber:client'"), "id");
        buf_printf(&got, "%s%s", got.len > 0 ? " " : "", id);
        free(id);
        free(stanza);
    }
    if (!span_is(buf_span(&got), ids))
        fail_msg("expected the messages \"%s\", but these came: \"%s\"", ids, got.data);
    assert_non_null(stanza);
    va_list texts;
    va_start(texts, ids);
    for (const char *text = va_arg(texts, const char *); text; text = va_arg(texts, const char *)) {
        if (!strstr(stanza, text))
            fail_msg("there is no  %s  in  %s", text, stanza);
    }
    va_end(texts);
    free(stanza);
    buf_free(&got);
}

static inline void expect_error(struct rig *rig, const char *to, const char *condition)
{
    rig_expect(rig, to, "type='error'", condition, NULL);
    rig_expect_nothing(rig, to);
}

/* The archive id of the message at that index, in an archive that Romeo may read. */
static inline char *id_of(struct rig *rig, unsigned number)
{
    struct buf part = BUF_INIT;
    buf_printf(&part, SET("<max>1</max><index>%u</index>"), number);
    ask(rig, ROMEO, part.data);
    buf_free(&part);
    char *stanza = rig_receive(rig, ROMEO);
    char *id = attribute(strstr(stanza, "<result"), "id");
    free(stanza);
    rig_drain(rig);
    return id;
}

#endif
