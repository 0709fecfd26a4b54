/* The stanzas that the users of the world send. Pure: what is to be said in, text out. */
#ifndef CRASH_SPEAK_H
#define CRASH_SPEAK_H

#include "coven/buf.h"
#include "world.h"

#define CRASH_DOMAIN  "localhost"
#define CRASH_SERVICE "rooms." CRASH_DOMAIN

/* room->change, from room->shape to its `after`. */
void speak_change(const struct room *room, uint32_t seats, struct buf *out);

void speak_message(const struct room *room, uint32_t seat, uint32_t number, struct buf *out);

/* Enters once more, under the nick it has, to be told everything again. */
void speak_again(const struct room *room, uint32_t seat, struct buf *out);

/* What the owner asks; `slot` and `serial` come back with the answer. */
void speak_ask_form(const struct room *room, uint32_t slot, uint32_t serial, struct buf *out);
void speak_ask_disco(const struct room *room, uint32_t slot, uint32_t serial, struct buf *out);
void speak_ask_list(const struct room *room, const char *what, const char *value, uint32_t slot,
                    uint32_t serial, struct buf *out);
/* Messages behind that id; NULL: from the first. */
void speak_ask_archive(const struct room *room, const char *after, uint32_t slot, uint32_t serial,
                       struct buf *out);

/* Answers that anybody gives; addresses as they stood in what is answered, unescaped. */
void speak_result(const char *from, const char *to, const char *id, struct buf *out);
void speak_error(const char *name, const char *from, const char *to, const char *id,
                 struct buf *out);

#endif
