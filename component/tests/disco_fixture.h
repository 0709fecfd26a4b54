/* Requests of service discovery. */
#ifndef TESTS_DISCO_FIXTURE_H
#define TESTS_DISCO_FIXTURE_H

#include <stdio.h>

#include "room_fixture.h"

#define REQUEST(type, from, to, payload)                                                           \
    "<iq type='" type "' id='q' from='" from "' to='" to "'>" payload "</iq>"
#define INFO            "<query xmlns='" NS_DISCO_INFO "'/>"
#define NODE(node)      "<query xmlns='" NS_DISCO_INFO "' node='" node "'/>"
#define ITEMS(children) "<query xmlns='" NS_DISCO_ITEMS "'>" children "</query>"
#define SET(children)   "<set xmlns='" NS_RSM "'>" children "</set>"
#define FEATURE(var)    "<feature var='" var "'/>"

#define ANSWER(rig, from, text, ...)                                                               \
    do {                                                                                           \
        rig_send(rig, text);                                                                       \
        rig_expect(rig, from, "<iq ", __VA_ARGS__, NULL);                                          \
        rig_expect_nothing(rig, from);                                                             \
    } while (0)

#endif
