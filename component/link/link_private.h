/*
 * What the files of the link share.
 *
 * libstrophe 0.12.2 is the oldest supported version. Up to 0.14.0, later versions differ in this:
 * - xmpp_conn_is_connected() is true once TCP is connected; since 0.13, once the handshake is done.
 *   Between the two, xmpp_send_raw() sends; since 0.13 it drops. Nothing here calls either
 *   function in that time: `state` says how far a connection is.
 * - The value that the socket callback writes into its descriptor is used; later versions ignore
 *   it. So the descriptor has to be right from the beginning (wire.h).
 * - A failing socket callback with EINPROGRESS in errno counts as a success in later versions.
 * - The end of the input is reported as ECONNRESET; since 0.13, as the current errno, which is
 *   therefore cleared before.
 * - A refused connection is reported without an error, later with -1; so the socket is asked.
 * - Later versions try the next address of a host themselves, and call the socket callback as they
 *   run. They are given one numeric address, so there is no next one.
 *
 * The same in all of them: component mode does not make the state of stream management
 * (link_prime()); bytes to send are copied, with their NUL, before anything else is allocated
 * (pool_watch()); one call renders every incoming stanza, and seven functions of expat are called,
 * all of which another library can interpose (guard.c, checked by link_self_test() and the test
 * guard_covers).
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

#define LINK_PING_BYTES  2400 /* a ping names the domain, of at most 1023 bytes, twice */
#define LINK_SLICE_BYTES (OUTBOX_SLICE_MIN + 6 * LINK_PING_BYTES)
#define LINK_WRITE_US    1000 /* maximum time to prolong a turn for writing */
#define LINK_REST_US     2000 /* the same if the turn has nothing that could leave at once */
#define LINK_READ_BYTES  4096 /* what libstrophe reads at once */
#define LINK_TICK_MS     250  /* for libstrophe's own timers and the watch; shorter in tests */
#define LINK_BRIEF_MS    1000 /* a connection that lasted this long is renewed at once */
#define LINK_CLOSE_MS    2300 /* for the end of the stream; libstrophe gives up after 2 s */
#define LINK_REASON_SIZE 320

/* The table in link_state.c says which state may follow which. */
enum link_state {
    LINK_IDLE, /* not started, or the next attempt waits for its time */
    LINK_RESOLVING,
    LINK_CONNECTING, /* until the loop reports that TCP is connected or has failed */
    LINK_GREETING,   /* until the handshake is done */
    LINK_UP,
    LINK_CLOSING, /* the end of our stream is on its way */
    LINK_FAILED,  /* an attempt has failed; link_settle() is next */
    LINK_LOST,    /* a connection that was up has ended; link_settle() is next */
    LINK_STOPPED,
};

/* What runs now, and may not be entered again. */
enum link_activity {
    LINK_AT_REST,
    LINK_RUNNING, /* libstrophe */
    LINK_IN_TURN, /* and the user's turn has begun */
};

/* Who ended a connection. From LINK_REFUSED on, another attempt soon is useless. */
enum link_ending {
    LINK_BROKEN,     /* nobody, as far as is known */
    LINK_DISMISSED,  /* the server, for a reason that may pass */
    LINK_REFUSED,    /* the server, for a reason that does not pass by itself */
    LINK_CONFLICTED, /* the server: another connection has our name */
};

/* What is known of another service under our domain. */
struct rival {
    char id[ID_TEXT_SIZE]; /* of all pings that look for the rival */
    unsigned pings_left;   /* to be sent */
    bool echoed, answered; /* a ping came back as it was sent; one was answered */
    bool reported;
};

#define PACE_MARKS   3 /* maximum number under way, one for each part of the window */
#define PACE_ID_SIZE (ID_TEXT_SIZE + 12)

/* A ping on its way, the weight that was sent before it, and when it was sent (monotonic µs). */
struct pace_mark {
    uint64_t sent;
    int64_t at_us;
};

/* What is known of the module that makes copies. */
struct link_multi {
    bool asks;                  /* the next slice asks for it */
    int64_t asked_at;           /* or when it was last known to be away; monotonic ms */
    char id[ID_TEXT_SIZE];      /* of the question under way; empty: there is none */
    bool answered;              /* the module is there, and takes `terms` */
    bool on;                    /* and the user knows */
    struct multi_terms terms;   /* the last ones, also when the module is away */
    bool hold_due;              /* the next slice asks whether all that comes back is back */
    char hold_id[ID_TEXT_SIZE]; /* of that question; empty: there is none */
    int64_t held_at;            /* monotonic ms */
};

/* How much of its input the server has handled. Amounts are weights (link.h). */
struct pace {
    uint64_t window; /* may be under way */
    uint64_t sent, marked, handled;
    struct pace_mark marks[PACE_MARKS];
    uint32_t oldest, newest; /* numbers of the marks under way; `newest` is the next to be made */
    char id[ID_TEXT_SIZE];   /* the ids of marks begin with it */
    int64_t base_us;         /* round trip of a ping with nothing before it */
    int64_t cut_us;          /* when the window was last made smaller, monotonic */
    int64_t probed_us;       /* when the window was last minimal, to measure base_us; monotonic */
    uint64_t window_before;  /* the window before that measurement */
    bool probes;             /* such a measurement is under way */
    uint64_t speed;          /* weight per second under full load; 0: not known */
    int64_t back_us;         /* when the last mark came back, monotonic */
    bool wanted_before;      /* `wanted` when the last mark came back */
    bool wanted;             /* the window was too small for the work since the last mark */
    bool off;                /* no mark comes back: the server gets everything at once */
};

struct link {
    uv_loop_t *loop;
    struct link_settings settings;
    struct link_user user;
    bool quiet; /* logs nothing about connections; for the self-test */

    enum link_state state; /* changed by link_set_state() alone */
    enum link_activity activity;
    bool stopping; /* link_stop() was called: no attempt follows */

    struct pool *pool;
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;
    struct wire *wire;
    int spare_fd;

    uv_timer_t tick, retry;
    unsigned open_handles;

    struct resolve *resolve;
    struct addresses addresses;
    unsigned next_address;
    struct backoff backoff;

    char *slice;
    struct stanza_list arrived;  /* since libstrophe began its run */
    struct stanza_list returned; /* see link_user.returned */

    /* Why the last connection or attempt ended; the first reason that is noted stays. */
    enum link_ending ending;
    char reason[LINK_REASON_SIZE];
    int connect_error; /* an errno */
    bool had_conflict; /* an attempt since the last connection met a conflict */
    char logged_reason[LINK_REASON_SIZE];
    uint32_t failures; /* in a row for that reason */

    /* Monotonic milliseconds. */
    int64_t deadline; /* of draining or closing */
    int64_t connect_at, up_at, input_at;
    int64_t ping_at; /* 0: no ping waits for a sign of life */
    bool ping_due;   /* the next slice begins with a ping */
    char ping_id[ID_TEXT_SIZE];
    char receipt_id[ID_TEXT_SIZE]; /* of the question under way; empty: there is none */
    bool receipt_is_void;          /* its answer means nothing */
    struct rival rival;
    struct pace pace;
    struct link_multi multi;
};

/* ---- link_state.c ---- */

/* The only place where the state changes. A change that the table does not have is a bug. */
void link_set_state(struct link *link, enum link_state next);

static inline bool link_is_connecting(const struct link *link)
{
    return link->state == LINK_CONNECTING || link->state == LINK_GREETING;
}

static inline bool link_has_ended(const struct link *link)
{
    return link->state == LINK_FAILED || link->state == LINK_LOST;
}

/* ---- link_connect.c: from one connection to the next ---- */

/* Makes libstrophe's connection usable in component mode, before the first attempt. */
void link_prime(struct link *link);

/* Resolves the host and connects; every failure leads to another attempt. From LINK_IDLE. */
void link_attempt(struct link *link);

/* Back to LINK_IDLE with no attempt to come, from there or from LINK_RESOLVING. */
void link_cancel_attempt(struct link *link);

/* If the connection has ended: cleans up, tells the user, and tries again or stops. */
void link_settle(struct link *link);

/* Ends the connection at once; the reason is noted if there is none yet. */
void link_cut_off(struct link *link, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- link.c ---- */

/* LINK_STOPPED, from LINK_IDLE or LINK_RESOLVING; the user is told, and may free the link. */
void link_finish_stop(struct link *link);

/* Closes the stream once all work has left, or the deadline for it has passed. */
void link_advance_stop(struct link *link);

/* ---- link_io.c: input and output of a connection ---- */

/* Runs libstrophe, with a turn of the user's if stanzas arrive; then settles the connection. */
void link_io_turn(struct link *link);

/* Hands the next slice to libstrophe if the last one has left. Does nothing inside a turn. */
void link_io_flush(struct link *link);

/* Has everything that was handed to libstrophe been written? */
bool link_io_has_left(const struct link *link);

/* libstrophe's handler for all input. */
int link_io_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *user);

/* ---- link_watch.c: is the other side still there? ---- */

/* Milliseconds between ticks, short enough for the times of the settings. */
uint32_t link_watch_interval(const struct link_settings *settings);

/* At every tick: enforces the time limits, and asks for a ping after silence. */
void link_watch(struct link *link);

/* Notes a sign of life. */
void link_watch_input(struct link *link);

bool link_watch_is_own_ping(const struct link *link, xmpp_stanza_t *stanza);

/* The functions *_take() add to a slice, of which `size` bytes are left, and return how many bytes
 * they added. This one adds the ping that is due. */
size_t link_watch_take(struct link *link, char *slice, size_t size);

/* A question to our own domain, which every server sends back to us: a ping, or an element of
 * another name. Both return the length. */
size_t link_ping_write(const struct link *link, const char *id, char *slice, size_t size);
size_t link_question_write(const struct link *link, const char *id, const char *name,
                           const char *ns, char *slice, size_t size);

/* Is the stanza the question with that id, or an answer to it? */
bool link_ping_is(const struct link *link, const char *id, xmpp_stanza_t *stanza);

/* ---- link_receipt.c: what has the server read? ---- */

/* Adds a question if the user wants a receipt and none is under way. */
size_t link_receipt_take(struct link *link, char *slice, size_t size);

/* Is the stanza the answer to that question? Then the question is no longer under way. */
bool link_receipt_is_back(struct link *link, xmpp_stanza_t *stanza);

/* Something before that question did not arrive: the answer means nothing. */
void link_receipt_void(struct link *link);

/* ---- link_pace.c: how much may be under way? ---- */

void link_pace_begin(struct link *link);

/* The weight that may be sent now; 0: none. */
uint64_t link_pace_room(struct link *link);

/* Notes that `weight` was added to the slice, and adds a mark when one is due. */
size_t link_pace_take(struct link *link, char *slice, size_t size, uint64_t weight);

/* Is the stanza a mark that comes back? The window is then adapted. */
bool link_pace_is_back(struct link *link, xmpp_stanza_t *stanza);

/* ---- link_multi.c: does the server make copies? ---- */

void link_multi_begin(struct link *link);

/* After the settings have changed. */
void link_multi_configure(struct link *link);

/* Adds the questions that are due. */
size_t link_multi_take(struct link *link, char *slice, size_t size);

/* At every tick: asks again now and then. */
void link_multi_watch(struct link *link);

/* Is the stanza the answer to one of them? */
bool link_multi_is_answer(struct link *link, xmpp_stanza_t *stanza);

/* Tells the user of a module that has answered, if the time has come. */
void link_multi_advance(struct link *link);

/* No more stanzas for many: tells the user, until link_multi_advance() finds that all is well. */
void link_multi_end(struct link *link, const char *why);

/* Is it a stanza for many that comes back? Then it is kept for link_multi_return(), which hands all
 * of them to the user once no other is under way. Until then, for some seconds at most, the user's
 * work waits, or it would overtake them. */
bool link_multi_is_back(struct link *link, xmpp_stanza_t *stanza);
void link_multi_return(struct link *link);
bool link_multi_holds(const struct link *link); /* is work waiting for that? */

/* ---- link_pad.c ---- */

/* Adds spaces to a slice of `len` bytes, within `size`, if a server's parser would otherwise wait
 * for more input before it looks at a long tag. Returns how many. */
size_t link_pad_take(char *slice, size_t len, size_t size);

/* ---- link_rival.c: does another service have our domain? ---- */

void link_rival_begin(struct link *link);
size_t link_rival_take(struct link *link, char *slice, size_t size);

/* Learns from any of our pings that comes back. True: the ping was one that looks for a rival. */
bool link_rival_see(struct link *link, xmpp_stanza_t *stanza);

/* ---- link_reason.c: why a connection ended, in words ---- */

void link_reason_clear(struct link *link);

/* Notes the reason and who ended it, unless a reason is noted already. `error`: libstrophe's. */
void link_reason_note(struct link *link, int error, const xmpp_stream_error_t *stream_error);

/* Tell the log and user.status. */
void link_tell_up(struct link *link);
void link_tell_loss(struct link *link, bool was_up, uint32_t pause_ms);

#endif
