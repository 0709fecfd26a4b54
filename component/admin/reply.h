/*
 * The answer to a command as lines of JSON: one for each row, and a last one.
 *
 *   {"row": {"room": "lobby@conference.example.org", ...}}
 *   {"progress": {"done": 100, "of": 50000}}
 *   {"end": {}}
 *   {"error": {"condition": "item-not-found", "text": "..."}}
 *
 * An error is the last line, too; rows before it tell what was done nevertheless. The conditions
 * are those of XMPP (RFC 6120, 8.3.3).
 */
#ifndef ADMIN_REPLY_H
#define ADMIN_REPLY_H

#include <jansson.h>
#include <stdint.h>

#include "coven/buf.h"
#include "coven/stanza_error.h"

/* Each adds a line. */
void reply_row(struct buf *out, json_t *row);
void reply_progress(struct buf *out, int64_t done, int64_t of);
/* `error` NULL: success. `text` NULL: the error's own. */
void reply_end(struct buf *out, const struct stanza_error *error, const char *text);

/* The object that tells an error; the caller owns it. */
json_t *reply_error(const struct stanza_error *error, const char *text);

/* Adds JSON without white space. */
void reply_json(struct buf *out, const json_t *json);

#endif
