/* A room where messages are said, and taken back. */
#ifndef TESTS_RETRACT_FIXTURE_H
#define TESTS_RETRACT_FIXTURE_H

#include "coven/mem.h"
#include "room_fixture.h"

#define RETRACT  "urn:xmpp:message-retract:1"
#define MODERATE "urn:xmpp:message-moderate:1"

/* Says something and returns the id that the room gave it; NULL: none, because no archive keeps it.
 */
static inline char *say(struct rig *rig, const char *from, const char *id, const char *payload)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "<message xmlns='jabber:client' type='groupchat' from='%s' to='" ROOM
               "' id='%s'>%s</message>",
               from, id, payload);
    rig_drain(rig);
    rig_send(rig, text.data);
    buf_free(&text);
    char *stanza = rig_receive(rig, ROMEO);
    assert_non_null(stanza);
    const char *at = strstr(stanza, "<stanza-id");
    at = at ? strstr(at, " id='") + strlen(" id='") : NULL;
    char *found = at ? mem_copy(at, strcspn(at, "'")) : NULL;
    free(stanza);
    rig->now_ms += 1000;
    return found;
}

static inline void retract(struct rig *rig, const char *from, const char *id)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "<retract xmlns='" RETRACT "' id='%s'/><body>I take it back</body>", id);
    free(say(rig, from, "back", text.data));
    buf_free(&text);
}

static inline void moderate(struct rig *rig, const char *from, const char *id, const char *inner)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "<iq type='set' id='mod' from='%s' to='" ROOM "'><moderate xmlns='" MODERATE
               "' id='%s'>%s</moderate></iq>",
               from, id, inner);
    rig_drain(rig);
    rig_send(rig, text.data);
    buf_free(&text);
}

#define TAKE_BACK "<retract xmlns='" RETRACT "'/>"

static inline void read_archive(struct rig *rig, const char *from)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "<iq type='set' id='mam' from='%s' to='" ROOM
               "'><query xmlns='urn:xmpp:mam:2'/></iq>",
               from);
    rig_drain(rig);
    rig_send(rig, text.data);
    buf_free(&text);
}

/* Enters as Tybalt; next come the messages of history, then the subject. */
static inline void enter(struct rig *rig, unsigned occupants)
{
    rig_drain(rig);
    rig_send(rig, JOIN(TYBALT, "Tybalt"));
    for (unsigned i = 0; i <= occupants; i++)
        free(rig_receive(rig, TYBALT));
}

/* Is that text in the archive, as far as Romeo's first page goes? */
static inline bool archive_has(struct rig *rig, const char *text)
{
    read_archive(rig, ROMEO);
    bool found = rig->out.data && strstr(rig->out.data, text);
    rig_drain(rig);
    return found;
}

#endif
