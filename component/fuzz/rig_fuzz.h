/* A rig for one input after the other, and what holds of all that is sent on it. */
#ifndef FUZZ_RIG_FUZZ_H
#define FUZZ_RIG_FUZZ_H

#include <sqlite3.h>

#include "rig.h"

/* Always the same one, with nothing in its store: to open a store takes longer than what is done
 * with it. `db_r` may be NULL. */
struct rig *rig_shared(sqlite3 **db_r);

#define RIG_ID_SIZE 64

/* Asserts that all that was sent is fit for the stream, and forgets it. The id of the last message
 * in it that an archive has goes to `id`; where there is none, that stays. */
void rig_check_output(struct rig *rig, char id[RIG_ID_SIZE]);

/* One turn with the stanza that `text` is; false, and nothing happens, when it is none. */
bool rig_try(struct rig *rig, const char *text);

#endif
