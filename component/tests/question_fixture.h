/* What the tests of questions share: to take one out of what was sent, and to answer it. */
#ifndef COVEN_TEST_QUESTION_FIXTURE_H
#define COVEN_TEST_QUESTION_FIXTURE_H

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

#define ERRORS "urn:ietf:params:xml:ns:xmpp-stanzas"

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

/* It lives. */
static inline void answer(struct rig *rig, const char *from, const char *id)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "<iq from='%s' to='" RIG_DOMAIN "' id='%s' type='result'/>", from, id);
    rig_send(rig, text.data);
    buf_free(&text);
}

/* The message comes back, and then the ping. */
static inline void bounce(struct rig *rig, const char *from, const char *id, const char *condition)
{
    static const char *const kinds[] = {"message", "iq"};
    struct buf text = BUF_INIT;
    for (size_t i = 0; i < 2; i++) {
        buf_clear(&text);
        buf_printf(&text,
                   "<%s from='%s' to='" RIG_DOMAIN
                   "' id='%s' type='error'><error type='cancel'><%s xmlns='" ERRORS
                   "'/></error></%s>",
                   kinds[i], from, id, condition, kinds[i]);
        rig_send(rig, text.data);
    }
    buf_free(&text);
}

#endif
