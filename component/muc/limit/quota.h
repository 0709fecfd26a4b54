/*
 * Quotas of each user: stanzas that others see, server load, bytes of answers, history,
 * invitations, refusals. Quotas refill with time, and none of them has to survive a restart. A
 * moderator of a room is exempt there from limits that protect the room, but not from those that
 * protect the service: anybody can create a room.
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

/* Frees the entries of users whose quotas are full again. Called once a second. */
void quota_tick(struct service *service);

/* Returns the key of the limit that refuses the request; NULL: none. Called before a request is
 * handled. Charges the cost of a message or an available presence. */
const char *quota_refuses(const struct request *request);

/* The same for an IQ that others are told of, such as a registration. */
const char *quota_refuses_visit(const struct request *request);

/* Charges the user for all that was staged since the tally `since`. */
void quota_charge(struct service *service, struct span bare, const struct outbox_tally *since);

/* Charges the sender for all that the request caused, in the service and in its room. */
void quota_charge_request(const struct request *request, const struct outbox_tally *since);

/* Returns whether the user may be sent the room's history once more, and counts it if so. */
bool quota_allows_history(const struct request *request);

/* Returns whether the user may invite `count` more users, and counts them if so. */
bool quota_allows_invites(struct service *service, struct span bare, unsigned count);

/* Returns the seconds after which the rate in request->limit lets the sender go on; 0: the limit is
 * not a rate. */
unsigned quota_wait_seconds(const struct request *request);

/* Returns whether the sender may be sent one more refusal, and counts it if so. */
bool quota_allows_refusal(const struct request *request);

#endif
