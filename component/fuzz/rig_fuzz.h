/* A rig that serves one input after the other, and a check of everything that is sent. */
#ifndef FUZZ_RIG_FUZZ_H
#define FUZZ_RIG_FUZZ_H

#include <sqlite3.h>

#include "rig.h"

/* Returns the same rig each time, with an empty store: opening one would take longer than an input.
 * `db_r` may be NULL. */
struct rig *rig_shared(sqlite3 **db_r);

#define RIG_ID_SIZE 64

/* Asserts that the output is valid in the stream, and drops it. Sets `id` to the id of the last
 * archived message in it, if there is one. */
void rig_check_output(struct rig *rig, char id[RIG_ID_SIZE]);

/* Handles the stanza `text` in one turn. False, without a turn, if it is not a stanza. */
bool rig_try(struct rig *rig, const char *text);

#endif
