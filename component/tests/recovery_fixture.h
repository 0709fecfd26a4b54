/* Shared by the tests of resending: rooms in which everything so far was delivered and confirmed,
 * and ways to lose output. */
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

/* Sends the stanza; the output that it causes is lost. */
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

/* Asserts that `to` gets what newcomers get: the others (NULL ends the list), itself with the text
 * `self`, the subject. */
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

/* Asserts that confirmed presence is not sent again, and closes the rig. */
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
