/*
 * The link to the server: an XEP-0114 component stream on libstrophe. It connects, watches the
 * connection, reconnects, and gives its user turns: begin, any number of stanzas, end. It takes
 * output from the user in slices, each once the previous one has left.
 */
#ifndef COVEN_LINK_H
#define COVEN_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <strophe.h>
#include <uv.h>

struct link;
struct multi_terms; /* outbox.h */

/* Strings are borrowed until link_free() or the next link_configure(). */
struct link_settings {
    const char *host; /* a name or an address */
    uint16_t port;
    const char *domain; /* the component's own, prepared */
    const char *secret;
    uint32_t connect_ms; /* limit from the start of a connection to the end of the handshake */
    uint32_t silence_ms; /* time without input before a ping is sent */
    uint32_t answer_ms;  /* time without input after the ping before the connection is given up */
    /* After the start, and after a connection was lost, attempts follow each other quickly for
     * `backoff_after_ms`. Then pauses begin with `backoff_min_ms` and double up to
     * `backoff_max_ms`, with jitter. */
    uint32_t backoff_after_ms;
    uint32_t backoff_min_ms;
    uint32_t backoff_max_ms;
    uint32_t input_bytes; /* maximum per turn */
    uint32_t input_ms;    /* maximum per turn */
    bool multiplies;      /* asks for the module that makes copies: needs multi() and returned() */
    bool seeks_rival;     /* logs an error if another service has the same domain */
};

/* Whether a stanza arrived whole. */
enum link_cut {
    LINK_WHOLE,
    /* The stanza was malformed, or had too many elements, attributes, levels or bytes: its end is
     * missing, and the last child has a name that no XML can spell. No part may be sent on. */
    LINK_CUT,
};

/* The callbacks. Those marked optional may be NULL. */
struct link_user {
    void *user;
    void (*turn_begin)(void *user);
    /* `stanza` lives until the call returns. */
    void (*stanza)(void *user, xmpp_stanza_t *stanza, enum link_cut cut);
    /* Commits. */
    void (*turn_end)(void *user);
    /* Writes whole stanzas of committed turns, at most `size` bytes, and returns their length; 0:
     * there are none. A turn may be open. `*weight_r` becomes the server's work for them, in a unit
     * of the user's: at most `most`, unless a single stanza has more. */
    size_t (*take)(void *user, char *slice, size_t size, uint64_t most, uint64_t *weight_r);
    bool (*has_work)(void *user);
    /* Optional: the weight that the server handles per second, as measured. */
    void (*speed)(void *user, uint64_t weight);
    /* Would part of the open turn leave at once if the turn ended now? */
    bool (*is_pressing)(void *user);
    /*
     * Both optional. Should the server confirm all that was taken so far? The link calls
     * wants_receipt() after each slice, and whenever it could send one. If true, a question follows
     * that slice; when it comes back, the server has read everything before it, and receipt() is
     * called once, inside a turn. receipt() is never called if the connection is lost first.
     * link_stop() waits for it.
     */
    bool (*wants_receipt)(void *user);
    void (*receipt)(void *user);
    /* Optional: the server's module makes copies, on these terms; NULL: no longer, or not yet in a
     * new connection. */
    void (*multi)(void *user, const struct multi_terms *terms);
    /* Optional, never inside a turn: the server returned a stanza for many, which nobody has got.
     * multi(NULL) has been called since it was taken, and a receipt that was asked for meanwhile is
     * not called. What comes back after the stream was closed is lost. The stanza lives until the
     * call returns. */
    void (*returned)(void *user, xmpp_stanza_t *stanza);
    /* Optional: one line on the result of each attempt to connect, and on each loss. The link logs
     * it as well. */
    void (*status)(void *user, const char *line);
    /* Both optional and never inside a turn: the handshake is done; a connection that was up is
     * lost. */
    void (*up)(void *user);
    void (*down)(void *user, const char *why);
    /* link_stop() has finished, perhaps before it returned. link_free() is allowed now. */
    void (*stopped)(void *user);
};

/*
 * Runs the link for a few milliseconds against a server of its own on the loopback. Returns false,
 * with a constant line for the operator in `*why_r`, if the guard before libstrophe's parser is not
 * in place: then coven must not run. Call it before any loop is made, because it also opens
 * descriptors 0, 1 and 2 if they are closed: libuv and libstrophe cannot use those.
 */
bool link_self_test(const char **why_r);

/* The minor number of libstrophe's version; the major number is 0. */
int link_library_minor(void);

/* `settings` and `user` are copied. The caller owns the link, and ends it with link_stop() and
 * link_free(). */
struct link *link_new(uv_loop_t *loop, const struct link_settings *settings,
                      const struct link_user *user);

/* Connects, and reconnects until link_stop(). */
void link_start(struct link *link);

/* Replaces the settings; the domain must be the same. A connection stays: host, port and secret are
 * used for the next one. A pending attempt is made at once. */
void link_configure(struct link *link, const struct link_settings *settings);

/* To be called when the user has new work outside the link's own turns. */
void link_wake(struct link *link);

/*
 * Sends the remaining work for at most `drain_ms`, closes the stream and calls `stopped`; at once
 * if the link is down.
 */
void link_stop(struct link *link, uint32_t drain_ms);

/* After `stopped`, or without link_start(). The loop must run once more to close handles. Stanzas
 * that the user has kept become invalid. */
void link_free(struct link *link);

#endif
