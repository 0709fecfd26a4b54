/* Which rooms a command is about: those that fit its arguments `match`, `state`, `owner`, `empty`
 * and `unused`, read from the store in another thread, some at a time. */
#ifndef MUC_COMMAND_SELECT_H
#define MUC_COMMAND_SELECT_H

#include "coven/store.h"
#include "muc/state/options.h"
#include "running.h"

#define SELECT_OWNERS_MAX 10 /* that are told of a room */

struct selected {
    int64_t id;
    char *name, *title, *creator;
    int64_t used, created,
        last_ms; /* milliseconds since 1970; last_ms 0: nobody has said anything */
    int64_t occupants, messages;
    bool locked, listed;
    bool persistent, public, members_only, protected;
};

/* Called in the other thread. False: enough, nothing more is read. `room` is the callee's to keep
 * strings of, by setting them NULL. */
typedef bool select_each(void *user, struct selected *room, struct store *store);

typedef bool select_state(const struct selected *room);

struct select {
    struct service_limits limits;
    struct eras eras;
    int64_t now_ms;
    char *match, *owner;
    select_state *is_in_state; /* NULL: in any */
    bool empty;
    int64_t unused_before; /* nobody may have said anything since; 0: it does not matter */

    char *after; /* the name up to which all is read */
    bool over;   /* all is read */
    bool failed; /* something could not be read: the command must fail */
};

/* Reads the arguments of the run. */
void select_open(struct select *select, const struct run *run);
void select_close(struct select *select);

/* Reads on, some hundred rooms, in the order of their names. In the other thread. */
void select_read(struct select *select, struct store *store, select_each *each, void *user);

/* Reads one room, whatever the arguments. False: it is gone, or `failed`. */
bool select_read_one(struct select *select, struct store *store, int64_t id,
                     struct selected *room_r);

void selected_free(struct selected *room);

/* Does a text fit a pattern, in which * stands for anything? */
bool select_matches(const char *pattern, struct span text);

#endif
