/* Random stanzas, valid and invalid. The same seed, or the same bytes, give the same stanzas. */
#ifndef TESTS_RANDOM_STANZA_H
#define TESTS_RANDOM_STANZA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RANDOM_ROOMS    2
#define RANDOM_SESSIONS 6 /* of four users */
#define RANDOM_NICKS    5
#define RANDOM_TEXT     4096

extern const char *const random_rooms[RANDOM_ROOMS];
extern const char *const random_sessions[RANDOM_SESSIONS]; /* full JIDs */
extern const char *const random_nicks[RANDOM_NICKS];

struct random {
    uint64_t state;
    const uint8_t *at, *end; /* bytes that make the choices while there are any */
};

struct random random_of(unsigned seed);
struct random random_from(const uint8_t *bytes, size_t len);
unsigned random_below(struct random *random, size_t limit);

/* What is known of a stanza, to judge the answers to it. */
struct sent {
    int from; /* the session */
    char id[16];
    bool request;      /* an IQ that must get exactly one answer */
    bool final;        /* an error or a result: never answered */
    bool simple;       /* concerns one occupant: each presence is sent at most once */
    bool reconfigures; /* may change who sees whom */
    bool probes;       /* asks for a presence that may not be shown otherwise */
    bool restarts;     /* no stanza: the service restarts on the same store */
};

void random_stanza(struct random *random, char text[RANDOM_TEXT], struct sent *sent);

#endif
