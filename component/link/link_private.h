/*
 * What the files of the link share.
 *
 * libstrophe 0.12.2 is the oldest that this is made for. What has another meaning in later ones, up
 * to 0.14.0:
 * - xmpp_conn_is_connected() is true once TCP is connected, and since 0.13 once the handshake is
 *   done. What xmpp_send_raw() is given between the two is sent, and since 0.13 dropped. Nothing
 *   here asks the one or does the other: `wired` and `state` say how far a connection is.
 * - What the socket callback writes into its descriptor is used, and later not. So the descriptor
 * is right from the beginning (wire.h).
 * - A socket callback that fails with EINPROGRESS in errno has not failed, later.
 * - The end of what comes in is ECONNRESET; since 0.13 it is what errno happens to be, so that is
 *   cleared before.
 * - A connection that was refused has no error, and later has -1; so its socket is asked for one.
 * - Later ones try the next address of a host by themselves, and call the socket callback while
 * they run. They are given one address, as numbers, so there is no next one.
 *
 * What has been the same in all of them: in component mode the state of stream management is
 * missing (prime() in link.c); what is to be sent is copied, with its NUL, before anything else is
 * allocated (pool_watch()); one call renders every stanza that comes in, and seven of expat's are
 * used, all of them where another library can take their place (guard.c; link_self_test() and the
 * test guard_covers look).
 */
#ifndef COVEN_LINK_PRIVATE_H
#define COVEN_LINK_PRIVATE_H

#include "coven/id.h"
#include "coven/link.h"
#include "coven/outbox.h"
#include "coven/stanza_list.h"
#include "link/backoff.h"
#include "link/pool.h"
#include "link/resolve.h"
#include "link/wire.h"

#define LINK_PING_BYTES  2400 /* a domain has at most 1023 bytes, and stands there twice */
#define LINK_SLICE_BYTES (OUTBOX_SLICE_MIN + 4 * LINK_PING_BYTES)
#define LINK_WRITE_US    1000 /* that a turn may go on for what is to be written, */
#define LINK_REST_US     2000 /* and while nothing that came in would leave any sooner */
#define LINK_READ_BYTES  4096 /* what libstrophe reads at once */
#define LINK_TICK_MS     250  /* for libstrophe's own timers and the watch; shorter in tests */
#define LINK_BRIEF_MS    1000 /* after one that lasted so long the next is tried at once */
#define LINK_CLOSE_MS    2300 /* for the end of the stream; libstrophe gives up after 2 s */
#define LINK_REASON_SIZE 320

enum link_state {
    LINK_IDLE, /* nothing is under way, or the next attempt waits */
    LINK_RESOLVING,
    LINK_CONNECTING, /* until the handshake is done */
    LINK_UP,
    LINK_CLOSING, /* the end of our stream is on its way */
    LINK_STOPPED,
};

/* What is known of another service under our domain. */
struct rival {
    char id[ID_TEXT_SIZE]; /* of all pings that look for it */
    unsigned pings_left;   /* to be sent */
    bool echoed, answered; /* a ping came back, or its answer */
    bool told;
};

#define PACE_MARKS   3 /* a part of the window each: what a ping costs, and how even it runs */
#define PACE_ID_SIZE (ID_TEXT_SIZE + 12)

/* A ping that is under way, and what had been sent before it. */
struct pace_mark {
    uint64_t sent;
    int64_t at_us;
};

/* How far the server is with what it was given, in weights of the user's. */
struct pace {
    uint64_t window; /* that may be under way */
    uint64_t sent, marked, handled;
    struct pace_mark marks[PACE_MARKS];
    uint32_t oldest, newest; /* marks under way, counted; the newest is not made yet */
    char id[ID_TEXT_SIZE];   /* what their ids begin with */
    int64_t base_us;         /* the way there and back with nothing before it */
    int64_t cut_at;          /* when the window was last made smaller, */
    int64_t probed_at;       /* and when it was last made small to measure the way; */
    uint64_t window_before;  /* it is as large again afterwards */
    bool probes;
    uint64_t speed;     /* a second, while there was always enough to do; 0: not known */
    int64_t back_at;    /* when a mark came back the last time, */
    bool wanted_before; /* and was all of the window wanted then? */
    bool wanted;        /* more than the window left room for */
    bool off;           /* what is due does not come back */
};

struct link {
    uv_loop_t *loop;
    struct link_settings settings;
    struct link_user user;
    bool quiet; /* says nothing to the log */
    enum link_state state;

    struct pool *pool;
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;
    struct wire *wire;
    bool wired; /* TCP is connected, or has failed: the loop has heard of it */
    int spare_fd;

    uv_timer_t tick, retry;
    unsigned open_handles;

    struct resolve *resolve;
    struct addresses addresses;
    unsigned next_address;
    struct backoff backoff;

    bool running; /* libstrophe, or the user's turn */
    bool in_turn; /* the user's was begun */
    bool lost;    /* the connection, to be acted on when nothing runs */
    char *slice;
    struct stanza_list arrived; /* during libstrophe's run */

    /* Why it was lost, the better reason first; whether trying again soon is of no use. */
    char reason[LINK_REASON_SIZE];
    int connect_error;
    bool told; /* by the server itself */
    bool hopeless;
    bool conflicts;                     /* with another connection of our name, */
    bool contested;                     /* as an attempt did before, since one was up */
    char last_reason[LINK_REASON_SIZE]; /* what the log said, and how often it was so */
    uint32_t failures;

    bool stopping;
    int64_t deadline; /* of what is draining or closing */

    int64_t connect_at, up_at, input_at;
    int64_t ping_at; /* 0: nobody was asked */
    bool ping_waits; /* to be sent */
    char ping_id[ID_TEXT_SIZE];
    char receipt_id[ID_TEXT_SIZE]; /* of the question that is under way; empty: none is */
    struct rival rival;
    struct pace pace;
};

/* link_turn.c: what goes in and out while there is a connection. */
void link_turn(struct link *link);
void link_flush(struct link *link);
bool link_has_left(const struct link *link); /* all that was handed over */
int link_on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *user);

/* link.c: gives the connection up at once, for a reason that is kept if there is none yet. */
void link_cut_off(struct link *link, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Acts on a connection that was lost during libstrophe's run. */
void link_settle(struct link *link);

/* Goes on with link_stop(): closes when drained, ends when closed. */
void link_advance_stop(struct link *link);

/* link_watch.c: is the other side still there? */
uint32_t link_watch_interval(const struct link_settings *settings);
void link_watch(struct link *link);
void link_watch_input(struct link *link);
bool link_watch_is_own_ping(const struct link *link, xmpp_stanza_t *stanza);
size_t link_watch_take(struct link *link, char *slice, size_t size);

/* The ping with that id, which the server sends back to us; and is this stanza it? */
size_t link_ping_write(const struct link *link, const char *id, char *slice, size_t size);
bool link_ping_is(const struct link *link, const char *id, xmpp_stanza_t *stanza);

/* link_receipt.c: what has the server read? */
size_t link_receipt_take(struct link *link, char *slice, size_t size);
bool link_receipt_is_back(struct link *link, xmpp_stanza_t *stanza);

/* link_pace.c: how much may be under way? What is taken has a weight; there may be room for none.
 */
void link_pace_begin(struct link *link);
uint64_t link_pace_room(struct link *link);
size_t link_pace_take(struct link *link, char *slice, size_t size, uint64_t weight);
bool link_pace_is_back(struct link *link, xmpp_stanza_t *stanza);

/* link_pad.c: the spaces behind `len` bytes of a slice without which the server may not look at all
 * of them. */
size_t link_pad_take(char *slice, size_t len, size_t size);

/* link_rival.c: does somebody else serve our domain? True: the stanza is a ping that asked so. */
void link_rival_begin(struct link *link);
size_t link_rival_take(struct link *link, char *slice, size_t size);
bool link_rival_see(struct link *link, xmpp_stanza_t *stanza);

/* link_reason.c: why a connection was lost, in words. */
void link_reason_of(struct link *link, int error, const xmpp_stream_error_t *stream_error);
void link_tell_up(struct link *link);
void link_tell_loss(struct link *link, bool was_up, uint32_t pause_ms);

#endif
