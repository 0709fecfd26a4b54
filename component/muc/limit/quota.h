/*
 * What each user may cause: stanzas that others see, what the server has to do for them, bytes of
 * answers, history, invitations, refusals. All of it comes back with time, and none of it needs to
 * be right after a restart. Who moderates a room is exempt in it from what protects the room, but
 * not from what protects the service: anybody may have a room.
 */
#ifndef MUC_QUOTA_H
#define MUC_QUOTA_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/outbox.h"
#include "coven/span.h"

struct quota;
struct request;
struct service;

struct quota *quota_new(void);
void quota_free(struct quota *quota);

/* Forgets those with whom all is well. */
void quota_tick(struct service *service);

/* The limit above which the request is, before anything is done about it; NULL: none. */
const char *quota_refuses(const struct request *request);

/* The same for one that registers or asks for something that others are told. */
const char *quota_refuses_visit(const struct request *request);

/* The user caused what was staged since then. */
void quota_charge(struct service *service, struct span bare, const struct outbox_tally *since);

/* The same of all that the request led to. */
void quota_charge_request(const struct request *request, const struct outbox_tally *since);

/* May the user be sent the room's history once more? Asking counts. */
bool quota_allows_history(const struct request *request);

/* May the user invite so many more? Asking counts. */
bool quota_allows_invites(struct service *service, struct span bare, unsigned count);

/* May one more refusal be sent? Asking counts. */
bool quota_allows_refusal(const struct request *request);

#endif
