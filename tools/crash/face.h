/* The occupants of a room as somebody sees them. */
#ifndef CRASH_FACE_H
#define CRASH_FACE_H

#include <libxml/tree.h>
#include <stddef.h>

#include "coven/buf.h"

#define VIEW_TEXT  64
#define FACE_JIDS  6
#define FACE_STATE 16

/* How an occupant looks. */
struct face {
    char nick[VIEW_TEXT];
    char role[FACE_STATE], affiliation[FACE_STATE], show[FACE_STATE], status[VIEW_TEXT];
    char jids[FACE_JIDS][VIEW_TEXT]; /* that were shown, sorted */
    unsigned jid_count;
};

struct faces {
    struct face *list;
    size_t count, size;
};

struct face *faces_find(const struct faces *faces, const char *nick);
/* The face of that nick, or a new one. */
struct face *faces_add(struct faces *faces, const char *nick);
void faces_remove(struct faces *faces, const char *nick);
void face_describe(const struct face *face, struct buf *out);

/* Takes role, affiliation and address from an <item/>; the address is added to the others. */
void face_take_item(struct face *face, const xmlNode *item);

#endif
