/* Texts, and the JIDs that they are. */
#ifndef TESTS_JID_VECTORS_H
#define TESTS_JID_VECTORS_H

#include "coven/jid.h"
#include "unit.h"

struct vector {
    const char *text;
    const char *prepared; /* NULL: it is no JID */
};

#define SAME(text)                                                                                 \
    {                                                                                              \
        text, text                                                                                 \
    }
#define NO(text)                                                                                   \
    {                                                                                              \
        text, NULL                                                                                 \
    }

#endif
