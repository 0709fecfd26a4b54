/*
 * What one client knows of one room from the stanzas it received: the occupants, the subject, and
 * the messages in the order in which it saw them.
 */
#ifndef CRASH_VIEW_H
#define CRASH_VIEW_H

#include <libxml/tree.h>
#include <stdbool.h>
#include <stdint.h>

#include "face.h"
#include "said.h"

enum view_state {
    VIEW_OUT,
    VIEW_JOINING, /* join sent, not answered */
    VIEW_INSIDE,
    VIEW_LEAVING, /* leave sent, not answered */
    VIEW_GHOST,   /* left, perhaps without the room's knowledge */
    VIEW_STATES
};
extern const char *const view_state_words[VIEW_STATES];

/* Numbers below SEEN_FIRST are no messages: they separate stays, within which messages follow each
 * other without a gap. */
#define SEEN_STAY       0 /* a stay begins */
#define SEEN_DISRUPTION 1 /* from here on one more gap is allowed */
#define SEEN_FIRST      2 /* the lowest number of a message */

/* The `stay` of a message that came as history, and of an archived one that history leaves out. */
#define VIEW_PAST       1
#define VIEW_NO_HISTORY 1
/* The `stay` of a SEEN_STAY shortly after a disruption: what was under way may still arrive. */
#define VIEW_ON_ITS_WAY 1

struct view {
    bool nonanonymous; /* the room shows addresses to everybody */
    enum view_state state;
    char nick[VIEW_TEXT]; /* its own, while it is inside */
    struct faces faces;
    char subject[VIEW_TEXT];
    bool subject_sure; /* no disruption can have lost a newer one */
    bool renaming;     /* asked for another nick, not answered */
    struct said_list seen;
    struct said_list read; /* pages of the archive */
    bool reading;          /* a page is under way */
    int64_t disrupted_ms;  /* when the last disruption was */
    int64_t since_ms;      /* when `state` changed last */
    unsigned tries;        /* unanswered joins */
    char wish[VIEW_TEXT];  /* the nick to join with */
    char join[VIEW_TEXT];  /* the id of the join presence */
    bool was_inside;       /* when the connection was lost */
    bool refused;          /* its last presence was, while covend was down: some servers then do not
                              tell the room when the session ends */
};

void view_free(struct view *view);

/* Forgets the occupants and the subject: a new session, or a new join. */
void view_forget(struct view *view);
/* A disruption: messages and a subject may be lost. */
void view_disrupt(struct view *view);
/* The next message need not follow the last one. */
void view_break(struct view *view);

enum view_change {
    VIEW_UNCHANGED,
    VIEW_ENTERED, /* it is inside, perhaps under another nick */
    VIEW_LEFT,    /* it is no longer inside */
};

/* Takes a presence, which is no error, from that nick. */
enum view_change view_presence(struct view *view, const char *nick, const xmlNode *presence);

/* Takes a groupchat message. False: it has no number, or sets a subject. */
bool view_message(struct view *view, const xmlNode *message);

/* Reads an archived message. False: as above. */
bool view_archived(const xmlNode *message, struct said *said);

/* The number in the sender's id of a groupchat message. 0: none, or the message sets a subject. */
uint32_t view_number(const xmlNode *message);

#endif
