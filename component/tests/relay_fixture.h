/* IQs between occupants: asking, and answering what was passed on. */
#ifndef TESTS_RELAY_FIXTURE_H
#define TESTS_RELAY_FIXTURE_H

#include "room_fixture.h"

#define QUERY "<query xmlns='jabber:iq:version'/>"
#define ASK(from, id, to)                                                                          \
    "<iq type='get' id='" id "' from='" from "' to='" ROOM "/" to "'>" QUERY "</iq>"

/* Takes what was passed on to `to` and gives its id, which the caller frees. */
static inline char *id_passed_on(struct rig *rig, const char *to)
{
    char *stanza = rig_receive(rig, to);
    assert_non_null(stanza);
    char *at = strstr(stanza, " id='");
    assert_non_null(at);
    char *id = strndup(at + 5, strcspn(at + 5, "'"));
    free(stanza);
    return id;
}

static inline void answer(struct rig *rig, const char *from, const char *to, const char *type,
                          const char *id, const char *payload)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "<iq type='%s' id='%s' from='%s' to='%s'>%s</iq>", type, id, from, to,
               payload);
    rig_send(rig, text.data);
    buf_free(&text);
}

#endif
