/* A room that several tests of the outbox begin with. */
#ifndef COVEN_TEST_OUTBOX_THREE_H
#define COVEN_TEST_OUTBOX_THREE_H

#include "test_outbox_fixture.h"

/* A room of three sessions, two of them under one nick. */
static struct session alice = {.address = "alice", .presence = "<a@>", .owner = 1};
static struct session bob = {.address = "bob", .presence = "<b@{!}>", .owner = 2};
static struct session bob2 = {.address = "bob2", .owner = 2, .sees_real = true};

static inline struct roster *three(struct outbox *outbox)
{
    struct roster *roster = fixture_roster(outbox, "room");
    session_join(roster, &alice);
    session_join(roster, &bob);
    session_join(roster, &bob2);
    return roster;
}

static inline void end(struct outbox *outbox, struct roster *roster)
{
    roster_unref(roster);
    outbox_free(outbox);
}

#endif
