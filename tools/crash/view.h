/*
 * What one client knows of one room, from nothing but what came to it: who is inside and how they
 * are, the subject, and the messages in the order in which it saw them.
 */
#ifndef CRASH_VIEW_H
#define CRASH_VIEW_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"
#include "world.h"

#define VIEW_TEXT  64
#define FACE_JIDS  6
#define FACE_STATE 16

/* How an occupant looks. */
struct face {
    char nick[VIEW_TEXT];
    char role[FACE_STATE], affiliation[FACE_STATE], show[FACE_STATE], status[VIEW_TEXT];
    char jids[FACE_JIDS][VIEW_TEXT]; /* in their order; those that were shown */
    unsigned jid_count;
};

struct faces {
    struct face *list;
    size_t count, size;
};

struct face *faces_find(const struct faces *faces, const char *nick);
/* The one of that nick, or a new one. */
struct face *faces_add(struct faces *faces, const char *nick);
void faces_remove(struct faces *faces, const char *nick);
void face_describe(const struct face *face, struct buf *out);

/* What the <item/> says of rank and address; an address is added to those that are there. */
void face_take_item(struct face *face, const xmlNode *item);

enum standing {
    STANDING_OUT,
    STANDING_JOINING, /* asked, and not answered */
    STANDING_INSIDE,
    STANDING_LEAVING, /* left, and not answered */
    STANDING_GHOST,   /* left, and nobody knows whether the room heard of it */
    STANDINGS
};
extern const char *const standing_words[STANDINGS];

/* Messages of one stay follow each other without a gap; numbers below stand between them. */
#define SEEN_STAY   0 /* a stay begins */
#define SEEN_STRIKE 1 /* from here on one gap more is allowed */
#define SEEN_FIRST  2 /* the least number of a message */

/* What a message's `stay` says: it came as history; in an archive, history leaves it out. */
#define VIEW_PAST       1
#define VIEW_NO_HISTORY 1
/* And that of a stay which begins: what it begins with was on its way when covend was struck. */
#define VIEW_ON_ITS_WAY 1

struct view {
    bool real; /* the room shows to everybody who people are */
    enum standing standing;
    char nick[VIEW_TEXT]; /* its own, while it is inside */
    struct faces faces;
    char subject[VIEW_TEXT];
    bool subject_sure; /* no strike can have swallowed another one */
    bool renaming;     /* asked for another nick, and not answered */
    struct said_list seen;
    struct said_list read; /* pages of the archive that it asked for */
    bool reading;          /* it has asked, and not all of the page has come */
    int64_t struck_ms;     /* when covend was struck last */
    int64_t since_ms;      /* when the standing became what it is */
    unsigned tries;        /* to enter, that were not answered */
    char wish[VIEW_TEXT];  /* the nick under which it enters, or will */
    char join[VIEW_TEXT];  /* the id of the presence with which it does */
    bool was_inside;       /* when it lost its connection */
    bool refused;          /* its last presence was, when covend was away: some servers forget then
                              that the room is to be told of the session's end */
};

void view_free(struct view *view);

/* The session is new, or it asks to enter: it knows nothing. */
void view_forget(struct view *view);
/* covend was struck: messages may be lost, and a subject with them. */
void view_strike(struct view *view);
/* The next message is not the one behind the last. */
void view_break(struct view *view);

enum news {
    NEWS_NOTHING,
    NEWS_INSIDE, /* it is inside, perhaps under another nick */
    NEWS_OUT,    /* it is not inside any more */
};

/* A presence of that occupant of the room, which is no error. */
enum news view_presence(struct view *view, const char *nick, const xmlNode *presence);

/* A message to all: false when it has no number, and is not to be looked for in the archive. */
bool view_message(struct view *view, const xmlNode *message);

/* The same of an archived one; false: it is none to be looked for. */
bool view_archived(const xmlNode *message, struct said *said);

/* The number in the id that its sender gave a message to all; 0: it has none, or sets a subject. */
uint32_t view_number(const xmlNode *message);

#endif
