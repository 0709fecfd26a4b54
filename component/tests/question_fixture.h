/* Takes questions out of the output, and answers them. */
#ifndef COVEN_TEST_QUESTION_FIXTURE_H
#define COVEN_TEST_QUESTION_FIXTURE_H

#include "coven/buf.h"
#include "room_fixture.h"
#include "unit.h"

/* The id of the question that was sent to a session; the caller frees it. */
static inline char *take_question(struct rig *rig, const char *jid)
{
    char *message = rig_receive(rig, jid), *ping = rig_receive(rig, jid);
    if (!message || !ping)
        fail_msg("%s is not asked", jid);
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

/* The session answers: it is still there. */
static inline void answer(struct rig *rig, const char *from, const char *id)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "<iq from='%s' to='" RIG_DOMAIN "' id='%s' type='result'/>", from, id);
    rig_send(rig, text.data);
    buf_free(&text);
}

/* Both stanzas of the question bounce. */
static inline void bounce(struct rig *rig, const char *from, const char *id, const char *condition)
{
    static const char *const kinds[] = {"message", "iq"};
    struct buf text = BUF_INIT;
    for (size_t i = 0; i < 2; i++) {
        buf_clear(&text);
        buf_printf(&text,
                   "<%s from='%s' to='" RIG_DOMAIN
                   "' id='%s' type='error'><error type='cancel'><%s xmlns='" NS_STANZA_ERRORS
                   "'/></error></%s>",
                   kinds[i], from, id, condition, kinds[i]);
        rig_send(rig, text.data);
    }
    buf_free(&text);
}

/* A stanza that was sent to the session comes back. A groupchat message's copy is from its author,
 * not from the room. */
static inline void come_back(struct rig *rig, const char *from, const char *to, const char *type,
                             const char *condition)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "<message from='%s' to='%s' id='said' type='error'><error type='%s'><%s "
               "xmlns='" NS_STANZA_ERRORS "'/></error></message>",
               from, to, type, condition);
    rig_send(rig, text.data);
    buf_free(&text);
}

/* The session's server cannot be found. */
static inline void lose(struct rig *rig, const char *from)
{
    come_back(rig, from, ROOM "/Romeo", "cancel", "remote-server-not-found");
}

/* ---- Many users of another server ---- */

/* The caller frees it. */
static inline char *far_jid(int number)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "user%03d@far.example/r", number);
    return buf_take(&text);
}

static inline void fill_from_far(struct rig *rig, int count)
{
    for (int i = 0; i < count; i++) {
        char *jid = far_jid(i);
        struct buf address = BUF_INIT;
        buf_printf(&address, ROOM "/Far%03d", i);
        rig_join(rig, jid, address.data);
        buf_free(&address);
        free(jid);
    }
}

/* How often the text is in the output. */
static inline unsigned count(const struct rig *rig, const char *text)
{
    unsigned found = 0;
    const char *at = rig->out.len ? rig->out.data : "";
    for (; (at = strstr(at, text)); at++)
        found++;
    return found;
}

#endif
