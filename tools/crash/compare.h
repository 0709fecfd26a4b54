/* Comparisons. Each returns false, and the first difference in one line of `why`, when its two
 * arguments do not say the same. */
#ifndef CRASH_COMPARE_H
#define CRASH_COMPARE_H

#include "view.h"

/* What somebody sees of the occupants, and the truth. Without `nonanonymous` he sees no address but
 * those under his `own` nick. */
bool compare_faces(const struct faces *seen, const struct faces *truth, bool nonanonymous,
                   const char *own, struct buf *why);

/* The lists of roles and affiliations, and the truth. */
bool compare_ranks(const struct faces *listed, const struct faces *truth, struct buf *why);

/*
 * What somebody saw, and the archive: each message stands there once and in the same order, without
 * a gap within a stay, except one for each disruption. With `whole` both end with the same message.
 */
bool compare_messages(const struct said_list *seen, const struct said_list *archive, bool whole,
                      struct buf *why);

/* An archive before and now: nothing has gone, changed or moved. */
bool compare_archives(const struct said_list *before, const struct said_list *now, struct buf *why);

#endif
