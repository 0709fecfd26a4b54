/*
 * Helpers for the tests of the outbox. A stanza is written as a pattern, in which `@` stands for
 * the recipient's address and {...} encloses a part for those who may see real JIDs.
 */
#ifndef COVEN_TEST_OUTBOX_FIXTURE_H
#define COVEN_TEST_OUTBOX_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "coven/buf.h"
#include "coven/outbox.h"

#define MEGABYTE (1024u * 1024u)

static const struct hash_seed fixture_seed = {1, 2};

static inline struct outbox *fixture_outbox(void)
{
    return outbox_new(&(struct outbox_limits){.high = MEGABYTE, .low = MEGABYTE / 2},
                      &fixture_seed);
}

/* The caller owns the one reference. */
static inline struct rendered *stanza(const char *pattern)
{
    struct buf bytes = BUF_INIT;
    struct rendered_real real[RENDERED_REAL_MAX] = {0};
    uint32_t to_at = RENDERED_NO_TO;
    uint32_t count = 0;
    for (const char *at = pattern; *at; at++) {
        uint32_t here = (uint32_t)bytes.len;
        if (*at == '@')
            to_at = here;
        else if (*at == '{')
            real[count].at = here;
        else if (*at == '}')
            real[count].len = here - real[count].at, count++;
        else
            buf_add_char(&bytes, *at);
    }
    struct rendered *rendered = rendered_new(buf_span(&bytes), to_at, real, count);
    buf_free(&bytes);
    return rendered;
}

/* Adds the copy for one recipient, without using the outbox. */
static inline void pattern_add(struct buf *out, const char *pattern, const char *address,
                               bool sees_real)
{
    bool hidden = false;
    for (const char *at = pattern; *at; at++) {
        if (*at == '@')
            buf_add_text(out, address);
        else if (*at == '{' || *at == '}')
            hidden = *at == '{' && !sees_real;
        else if (!hidden)
            buf_add_char(out, *at);
    }
}

/* A session as a room would have it. `presence` is a pattern or NULL. */
struct session {
    struct audience_seat seat;
    const char *address;
    const char *presence;
    uint32_t owner;
    bool sees_real;
};

static inline void session_tell(struct audience *audience, struct session *session,
                                void (*how)(struct audience *, struct audience_seat *,
                                            const struct audience_entry *))
{
    struct audience_entry entry = {
        .address = blob_new(span_of(session->address)),
        .presence = session->presence ? stanza(session->presence) : NULL,
        .owner = session->owner,
        .sees_real = session->sees_real,
    };
    how(audience, &session->seat, &entry);
    blob_unref(entry.address);
    rendered_unref(entry.presence);
}

static inline void session_join(struct audience *audience, struct session *session)
{
    session_tell(audience, session, audience_add);
}

static inline void session_change(struct audience *audience, struct session *session)
{
    session_tell(audience, session, audience_change);
}

static inline void crowd(struct outbox *outbox, struct audience *audience, const char *address,
                         bool sees_real, uint32_t except)
{
    struct blob *to = blob_new(span_of(address));
    outbox_crowd(outbox, audience, to, sees_real, except);
    blob_unref(to);
}

/* An audience on the lane with that name. The audience has the only reference to the lane. */
static inline struct audience *fixture_audience(struct outbox *outbox, const char *name)
{
    struct lane *lane = outbox_lane(outbox, span_of(name));
    struct audience *audience = audience_new(lane);
    lane_unref(lane);
    return audience;
}

static inline void send_text(struct outbox *outbox, const char *name, const char *text)
{
    struct lane *lane = outbox_lane(outbox, span_of(name));
    outbox_send(outbox, lane, stanza(text));
    lane_unref(lane);
}

/* The pattern has an `@`. */
static inline void deliver(struct outbox *outbox, const char *name, const char *pattern,
                           const char *address, bool sees_real)
{
    struct lane *lane = outbox_lane(outbox, span_of(name));
    struct blob *to = blob_new(span_of(address));
    outbox_deliver(outbox, lane, stanza(pattern), to, sees_real);
    blob_unref(to);
    lane_unref(lane);
}

/* One slice as a string, which the caller frees. */
static inline char *take(struct outbox *outbox, size_t size)
{
    struct buf out = BUF_INIT;
    char *to = buf_reserve(&out, size);
    uint64_t weight = 0;
    out.len = outbox_take(outbox, to, size, UINT64_MAX, &weight);
    assert_true(out.len <= size);
    return buf_take(&out);
}

static inline void expect_take(struct outbox *outbox, size_t size, const char *expected)
{
    char *got = take(outbox, size);
    assert_string_equal(got, expected);
    free(got);
}

#define SLICE (64u * 1024u)

static inline void expect_all(struct outbox *outbox, const char *expected)
{
    expect_take(outbox, SLICE, expected);
    assert_false(outbox_has_work(outbox));
    assert_int_equal(outbox_queued(outbox), 0);
}

#endif
