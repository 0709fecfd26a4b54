/*
 * The link to the server: an XEP-0114 component stream on libstrophe. It connects, keeps watch,
 * connects again, and gives its user turns: begin, any number of stanzas, end. Output is pulled
 * from the user in slices when the last slice has left.
 */
#ifndef COVEN_LINK_H
#define COVEN_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <strophe.h>
#include <uv.h>

struct link;

/* Strings are borrowed until link_free() or the next link_configure(). Times are milliseconds. */
struct link_settings {
    const char *host; /* a name or an address */
    uint16_t port;
    const char *domain; /* the component's own, prepared */
    const char *secret;
    uint32_t connect_ms; /* from the start of a connection to the end of the handshake */
    uint32_t silence_ms; /* without input for so long, a ping is sent */
    uint32_t answer_ms;  /* and without input for so long after it, the connection is given up */
    /* For so long after the start, and after a connection was lost, the next attempt comes within a
     * moment; then the pauses begin with `backoff_min_ms`, doubled each time, with jitter. */
    uint32_t backoff_after_ms;
    uint32_t backoff_min_ms;
    uint32_t backoff_max_ms;
    uint32_t input_bytes; /* per turn, at most (64 KiB) */
    uint32_t input_ms;    /* per turn, at most (5 ms) */
    bool seeks_rival;     /* looks for another service under the same domain, and logs it */
};

/* What a stanza lost on its way in. */
enum link_cut {
    LINK_WHOLE,
    /* It had too many elements, attributes, levels or bytes: the rest is missing, and its last
     * child has a name that no XML can spell, so no part of it may be sent on. */
    LINK_CUT,
};

struct link_user {
    void *user;
    void (*turn_begin)(void *user);
    /* `stanza` lives until the call returns. */
    void (*stanza)(void *user, xmpp_stanza_t *stanza, enum link_cut cut);
    /* Commits. */
    void (*turn_end)(void *user);
    /* Whole stanzas of turns that were committed, at most `size` bytes; 0 when there is nothing.
     * Another turn may be open. What a server has to do for them is their weight, in a unit of the
     * user's: it is to be `most`, or one stanza. */
    size_t (*take)(void *user, char *slice, size_t size, uint64_t most, uint64_t *weight_r);
    bool (*has_work)(void *user);
    /* So much weight the server handles in a second; may be NULL. */
    void (*speed)(void *user, uint64_t weight);
    /* Could something of the open turn leave at once if it were over? */
    bool (*is_pressing)(void *user);
    /*
     * These two may be NULL. Is the server to confirm all that was taken so far? Asked behind each
     * slice, and whenever one could be sent; a question goes behind it then. When that has come
     * back, the server has read all of it: `receipt` is called once, inside a turn. It never is
     * when the connection was lost in between. link_stop() waits for it.
     */
    bool (*wants_receipt)(void *user);
    void (*receipt)(void *user);
    /* These three may be NULL; the link itself logs what they say. `status` is called whenever an
     * attempt to connect, or the connection, has come to something, with a line that says what. */
    void (*status)(void *user, const char *line);
    void (*up)(void *user);                    /* the handshake is done; inside no turn */
    void (*down)(void *user, const char *why); /* it was up and is no more; inside no turn */
    /* link_stop() has finished; may be called before link_stop() returns. link_free() is allowed.
     */
    void (*stopped)(void *user);
};

/*
 * Runs the link against a server of its own on the loopback for a few milliseconds. False, with a
 * line for the operator in `*why_r` (constant), when the guard before libstrophe's parser is not in
 * place: then coven must not run. It is to come before any loop is made: it also sees to it that
 * descriptors 0, 1 and 2 are taken, which neither libuv nor libstrophe can bear to be given.
 */
bool link_self_test(const char **why_r);

/* The middle number of libstrophe's version, of which the first is 0. */
int link_library_minor(void);

struct link *link_new(uv_loop_t *loop, const struct link_settings *settings,
                      const struct link_user *user);

/* Begins to connect, and goes on for ever. */
void link_start(struct link *link);

/* Takes other settings. Of host, port and secret the next connection is made; an attempt that waits
 * for its time is made at once. The domain must be the same. */
void link_configure(struct link *link, const struct link_settings *settings);

/* The user has new work outside a turn of the link's own. */
void link_wake(struct link *link);

/*
 * Sends what there still is (for at most `drain_ms`), closes the stream and calls `stopped`. At
 * once when the link is down.
 */
void link_stop(struct link *link, uint32_t drain_ms);

/* After `stopped`; the loop must run once more for closed handles. No stanza that the link handed
 * on may be kept longer. */
void link_free(struct link *link);

#endif
