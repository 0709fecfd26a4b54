/* Who may read an archive, and what of it. What goes on in a room is access.h's to say. */
#ifndef MUC_ARCHIVE_ACCESS_H
#define MUC_ARCHIVE_ACCESS_H

#include <stdbool.h>

#include "muc/state/request.h"

/* May the sender read the archive, now (XEP-0313, 5.1.2)? NULL: it may. */
const struct stanza_error *archive_access_refusal(const struct request *request);

/* May the sender see the real JIDs of authors? */
bool archive_access_shows_real(const struct request *request);

#endif
