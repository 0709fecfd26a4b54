/*
 * Rooms as lines of JSON, which leave with export-rooms and come with import-rooms. Each line is an
 * object with a "type"; the others are text unless they are said to be something else, and may be
 * missing. Times are those of XEP-0082.
 *
 *     coven        the first line: version (a number), service, time
 *     room         the first line of a room: room (its address), created, creator, used (when the
 *                  last occupant left), salt (of its occupant ids), subject and vcard (as XML),
 *                  subject_time, options (an object: the values of the owner's form)
 *     affiliation  jid, affiliation, nick, reason
 *     applicant    jid, nick
 *     message      in the order of the archive: id, time, kind, jid (of the author), nick,
 *                  affiliation and role (then), passing (true: only history keeps it), stanza
 *     end          the last line of a room: room, affiliations and messages (numbers of lines)
 *     tombstone    of a destroyed room: room, destroyed, creator, venue, reason, owners (an array)
 */
#ifndef MUC_COMMAND_TRANSFER_H
#define MUC_COMMAND_TRANSFER_H

#include <jansson.h>
#include <stdbool.h>

#include "coven/span.h"
#include "coven/store.h"

#define TRANSFER_VERSION 1

/* The word for a kind of message. */
const char *transfer_kind_name(enum store_kind kind);

/* False: no kind has that name. */
bool transfer_kind_named(const char *name, enum store_kind *kind_r);

/* Values of a line; empty, or false, where it has none of that name. */
struct span transfer_text(const json_t *line, const char *name);
bool transfer_time(const json_t *line, const char *name, int64_t *ms_r);

/* A salt as text: as 32 digits, or as it is. */
json_t *transfer_print_salt(struct span salt);

/* Reads it. False: it is none. `salt_r` has STORE_SALT_MAX bytes. */
bool transfer_read_salt(struct span text, char *salt_r, size_t *len_r);

#endif
