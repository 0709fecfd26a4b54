/* What the tests of telling again share: rooms in which everybody has heard of everything so far,
 * and ways to lose something. */
#ifndef COVEN_TEST_RECOVERY_FIXTURE_H
#define COVEN_TEST_RECOVERY_FIXTURE_H

#include <stdio.h>

#include "room_fixture.h"

#define GONE        "type='unavailable'"
#define SELF        "<status code='110'/>"
#define ROMEO_AT    "from='" ROOM "/Romeo'"
#define JULIET_AT   "from='" ROOM "/Juliet'"
#define TYBALT_AT   "from='" ROOM "/Tybalt'"
#define MERCUTIO_AT "from='" ROOM "/Mercutio'"

/* A room whose presence has all been delivered. */
static inline void open_quietly(struct rig *rig, const char *configure)
{
    room_open(rig, configure);
    rig_confirm(rig);
    rig_drain(rig);
}

/* Sends the stanza; its effects are lost on the way. */
static inline void lose(struct rig *rig, const char *stanza)
{
    rig_send(rig, stanza);
    rig_drain(rig);
}

static inline void crash(struct rig *rig)
{
    rig_restart(rig);
    rig_recover(rig);
}

/* It gets what newcomers get: the others (NULL ends the list), itself with that text, the subject.
 */
static inline void expect_room(struct rig *rig, const char *to, const char *self, ...)
{
    va_list others;
    va_start(others, self);
    for (const char *from = va_arg(others, const char *); from; from = va_arg(others, const char *))
        rig_expect(rig, to, from, NULL);
    va_end(others);
    rig_expect(rig, to, self, SELF, NULL);
    rig_expect(rig, to, "<subject", NULL);
}

/* What was sent again and confirmed is not sent a third time. */
static inline void close_quietly(struct rig *rig)
{
    rig_expect_nothing(rig, NULL);
    rig_confirm(rig);
    assert_int_equal(service_unconfirmed(rig->service), 0);
    crash(rig);
    rig_expect_nothing(rig, NULL);
    rig_close(rig);
}

#endif
