/* Writes the stanzas that the users of a run send. Pure: the model goes in, text comes out. */
#ifndef CRASH_SEND_H
#define CRASH_SEND_H

#include "coven/buf.h"
#include "model.h"

#define CRASH_DOMAIN  "localhost"
#define CRASH_SERVICE "rooms." CRASH_DOMAIN

/* The stanza that turns room->state into room->change.after. */
void send_change(const struct model_room *room, uint32_t seats, struct buf *out);

void send_message(const struct model_room *room, uint32_t seat, uint32_t number, struct buf *out);

/* Joins again under the present nick, to receive all presence again. */
void send_rejoin(const struct model_room *room, uint32_t seat, struct buf *out);

/* Queries of the owner; `slot` and `serial` come back in the id of the answer. */
void send_form_query(const struct model_room *room, uint32_t slot, uint32_t serial,
                     struct buf *out);
void send_disco_query(const struct model_room *room, uint32_t slot, uint32_t serial,
                      struct buf *out);
void send_list_query(const struct model_room *room, const char *what, const char *value,
                     uint32_t slot, uint32_t serial, struct buf *out);
/* Messages after that archive id; NULL: from the beginning. */
void send_archive_query(const struct model_room *room, const char *after, uint32_t slot,
                        uint32_t serial, struct buf *out);

/* Answers, with the addresses of the request as received (unescaped). */
void send_result(const char *from, const char *to, const char *id, struct buf *out);
void send_error(const char *name, const char *from, const char *to, const char *id,
                struct buf *out);

#endif
