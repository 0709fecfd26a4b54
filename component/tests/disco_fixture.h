/* A room of Romeo's, and what is asked of it and of the service. */
#ifndef TESTS_DISCO_FIXTURE_H
#define TESTS_DISCO_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "coven/ns.h"
#include "rig.h"

#define ROOM   "room@conference.localhost"
#define ROMEO  "romeo@localhost/orchard"
#define JULIET "juliet@localhost/balcony"

#define IQ(type, from, to, payload)                                                                \
    "<iq type='" type "' id='q' from='" from "' to='" to "'>" payload "</iq>"
#define INFO            "<query xmlns='" NS_DISCO_INFO "'/>"
#define NODE(node)      "<query xmlns='" NS_DISCO_INFO "' node='" node "'/>"
#define ITEMS(children) "<query xmlns='" NS_DISCO_ITEMS "'>" children "</query>"
#define SET(children)   "<set xmlns='" NS_RSM "'>" children "</set>"
#define CONFIGURE(fields)                                                                          \
    IQ("set", ROMEO, ROOM,                                                                         \
       "<query xmlns='" NS_MUC_OWNER "'><x xmlns='jabber:x:data' type='submit'>"                   \
       "<field var='FORM_TYPE'><value>" NS_MUC_ROOMCONFIG "</value></field>" fields                \
       "</x></query>")
#define FIELD(var, value) "<field var='" var "'><value>" value "</value></field>"
#define FEATURE(var)      "<feature var='" var "'/>"

static inline void open_room(struct rig *rig)
{
    rig_open(rig);
    rig_join(rig, ROMEO, ROOM "/Romeo");
    rig_send(rig, CONFIGURE(""));
    rig_drain(rig);
}

#define ANSWER(rig, from, text, ...)                                                               \
    do {                                                                                           \
        rig_send(rig, text);                                                                       \
        rig_expect(rig, from, "<iq ", __VA_ARGS__, NULL);                                          \
        rig_expect_nothing(rig, from);                                                             \
    } while (0)

#endif
