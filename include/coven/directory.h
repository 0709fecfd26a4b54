/*
 * Public rooms for directories on the web: those that the service lists, in the order of their
 * names, a page at a time. Another thread reads a page, so that nobody waits for it.
 *
 *   {"rooms": [{"address": "lobby@conference.example.org", "name": "The lobby",
 *               "description": "...", "language": "en", "occupants": 3, "is_open": true,
 *               "is_anonymous": true}, ...],
 *    "total": 1234, "next": "lobby@conference.example.org"}
 *
 * A field that is not set is left out. `occupants` is left out where the room does not show
 * everybody inside. `is_open`: everybody may enter. `is_anonymous`: only moderators see addresses.
 * `next` stands where there are more rooms: the page after that room goes on with them.
 */
#ifndef COVEN_DIRECTORY_H
#define COVEN_DIRECTORY_H

#include "coven/buf.h"

#define DIRECTORY_LIMIT_MAX 200 /* rooms in a page */

struct directory_page;
struct service;

/* Called once. `json` is the callee's to take from; NULL: the page cannot be read. */
typedef void directory_told(void *user, struct buf *json);

/* Asks for the rooms after the one with the name or address `after`; empty: from the first one.
 * To be called between turns; the loop must give tasks to the other threads then. */
struct directory_page *directory_ask(struct service *service, struct span after, unsigned limit,
                                     directory_told *told, void *user);

/* Nobody waits for the page any more, before it is told. */
void directory_abandon(struct directory_page *page);

#endif
