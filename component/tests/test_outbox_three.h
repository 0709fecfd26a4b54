/* A room that several tests of the outbox begin with. */
#ifndef COVEN_TEST_OUTBOX_THREE_H
#define COVEN_TEST_OUTBOX_THREE_H

#include "test_outbox_fixture.h"

/* A room of three sessions, two of them under one nick. */
static struct session alice = {.address = "alice", .presence = "<a@>", .owner = 1};
static struct session bob = {.address = "bob", .presence = "<b@{!}>", .owner = 2};
static struct session bob2 = {.address = "bob2", .owner = 2, .sees_real = true};

static inline struct audience *three(struct outbox *outbox)
{
    struct audience *audience = fixture_audience(outbox, "room");
    session_join(audience, &alice);
    session_join(audience, &bob);
    session_join(audience, &bob2);
    return audience;
}

static inline void end(struct outbox *outbox, struct audience *audience)
{
    audience_unref(audience);
    outbox_free(outbox);
}

#endif
