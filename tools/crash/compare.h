/* Do they say the same? Each comparison tells the first difference in one line of `why`, and
 * returns false then. */
#ifndef CRASH_COMPARE_H
#define CRASH_COMPARE_H

#include "view.h"

/* What somebody sees of who is inside, and what is so. Only `real` ones see addresses; others see
 * none but those under their `own` nick. */
bool compare_faces(const struct faces *seen, const struct faces *truth, bool real, const char *own,
                   struct buf *why);

/* A list of roles and affiliations, of some or all of those inside. */
bool compare_ranks(const struct faces *listed, const struct faces *truth, struct buf *why);

/*
 * What somebody saw is in the archive, each message once, in its order, and within a stay without a
 * gap but for one for each strike. With `whole` its last one is the archive's last one.
 */
bool compare_messages(const struct said_list *seen, const struct said_list *archive, bool whole,
                      struct buf *why);

/* The archive as it was, and as it is now: nothing is gone, changed or moved. */
bool compare_archives(const struct said_list *before, const struct said_list *now, struct buf *why);

#endif
