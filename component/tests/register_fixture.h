/* Requests for registration, and their answers. */
#ifndef TESTS_REGISTER_FIXTURE_H
#define TESTS_REGISTER_FIXTURE_H

#include "room_fixture.h"

#define QUERY(children)    "<query xmlns='jabber:iq:register'>" children "</query>"
#define NICK(nick)         FORM(NS_MUC_REGISTER, FIELD("muc#register_roomnick", nick))
#define GET(from)          IQ("get", from, "g", QUERY(""))
#define SUBMIT(from, nick) IQ("set", from, "s", QUERY(NICK(nick)))
#define REMOVE(from)       IQ("set", from, "r", QUERY("<remove/>"))
#define MEMBER             "<item affiliation='member' jid='juliet@capulet.lit'/>"

/* Sends, and expects an answer that holds these. */
#define ANSWER(rig, from, text, ...)                                                               \
    do {                                                                                           \
        rig_send(rig, text);                                                                       \
        rig_expect(rig, from, "<iq ", __VA_ARGS__, NULL);                                          \
    } while (0)

#endif
