#include "face.h"

#include <stdio.h>
#include <string.h>

#include "coven/mem.h"
#include "tree.h"

struct face *faces_find(const struct faces *faces, const char *nick)
{
    for (size_t i = 0; i < faces->count; i++) {
        if (strcmp(faces->list[i].nick, nick) == 0)
            return &faces->list[i];
    }
    return NULL;
}

struct face *faces_add(struct faces *faces, const char *nick)
{
    struct face *face = faces_find(faces, nick);
    if (face)
        return face;
    if (faces->count == faces->size) {
        faces->size = faces->size ? 2 * faces->size : 16;
        faces->list = mem_resize(faces->list, faces->size * sizeof *faces->list);
    }
    face = &faces->list[faces->count++];
    *face = (struct face){.jid_count = 0};
    snprintf(face->nick, sizeof face->nick, "%s", nick);
    return face;
}

void faces_remove(struct faces *faces, const char *nick)
{
    struct face *face = faces_find(faces, nick);
    if (face)
        *face = faces->list[--faces->count];
}

void face_describe(const struct face *face, struct buf *out)
{
    buf_printf(out, "%s %s/%s show '%s' status '%s'", face->nick, face->role, face->affiliation,
               face->show, face->status);
    for (unsigned i = 0; i < face->jid_count; i++)
        buf_printf(out, "%s%s", i ? " " : " of ", face->jids[i]);
}

/* Keeps the addresses sorted, and each once. */
static void add_jid(struct face *face, const char *jid)
{
    unsigned at = 0;
    while (at < face->jid_count && strcmp(face->jids[at], jid) < 0)
        at++;
    if ((at < face->jid_count && strcmp(face->jids[at], jid) == 0) || face->jid_count == FACE_JIDS)
        return;
    memmove(face->jids[at + 1], face->jids[at], (face->jid_count - at) * sizeof *face->jids);
    snprintf(face->jids[at], sizeof face->jids[at], "%s", jid);
    face->jid_count++;
}

void face_take_item(struct face *face, const xmlNode *item)
{
    char jid[VIEW_TEXT];
    tree_copy_attr(item, "role", face->role, sizeof face->role);
    tree_copy_attr(item, "affiliation", face->affiliation, sizeof face->affiliation);
    tree_copy_attr(item, "jid", jid, sizeof jid);
    if (*jid)
        add_jid(face, jid);
}
