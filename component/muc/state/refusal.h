/* Refusals of this service with a text that tells a person what is wrong and what to do about it.
 * A text with a number or a name in it is written into request->why instead. */
#ifndef MUC_REFUSAL_H
#define MUC_REFUSAL_H

#include "coven/stanza_error.h"

/* Entering, and nicks. */
extern const struct stanza_error refusal_banned;       /* auth/forbidden */
extern const struct stanza_error refusal_members_only; /* auth/registration-required */
extern const struct stanza_error refusal_nick_invalid; /* modify/jid-malformed */
extern const struct stanza_error refusal_nick_kept;    /* cancel/conflict: reserved */
extern const struct stanza_error refusal_nick_used;    /* cancel/conflict: by an occupant */
extern const struct stanza_error refusal_no_creation;  /* cancel/not-allowed */
extern const struct stanza_error refusal_no_room;      /* cancel/item-not-found */
extern const struct stanza_error refusal_password;     /* auth/not-authorized */
extern const struct stanza_error refusal_room_full;    /* wait/service-unavailable */

/* Inside. */
extern const struct stanza_error refusal_asker_left;   /* cancel/item-not-found */
extern const struct stanza_error refusal_has_voice;    /* cancel/not-allowed */
extern const struct stanza_error refusal_no_invites;   /* auth/forbidden */
extern const struct stanza_error refusal_no_occupant;  /* cancel/item-not-found */
extern const struct stanza_error refusal_no_private;   /* auth/forbidden */
extern const struct stanza_error refusal_no_queries;   /* cancel/not-allowed */
extern const struct stanza_error refusal_no_subject;   /* auth/forbidden */
extern const struct stanza_error refusal_no_voice;     /* auth/forbidden */
extern const struct stanza_error refusal_normal_type;  /* modify/bad-request */
extern const struct stanza_error refusal_private_type; /* modify/bad-request */
extern const struct stanza_error refusal_room_type;    /* modify/bad-request */
extern const struct stanza_error refusal_service_mute; /* auth/forbidden */

/* What is known of a room. */
extern const struct stanza_error refusal_card_private; /* auth/forbidden */
extern const struct stanza_error refusal_no_node;      /* cancel/item-not-found */

/* The archive. */
extern const struct stanza_error refusal_archive_private; /* auth/forbidden */
extern const struct stanza_error refusal_no_archive;      /* cancel/service-unavailable */
extern const struct stanza_error refusal_no_message;      /* cancel/item-not-found */
extern const struct stanza_error refusal_no_moderation;   /* auth/forbidden */

/* Roles, affiliations, registration. */
extern const struct stanza_error refusal_admins_only;         /* auth/forbidden */
extern const struct stanza_error refusal_answered;            /* cancel/item-not-found */
extern const struct stanza_error refusal_last_owner;          /* cancel/conflict */
extern const struct stanza_error refusal_list_private;        /* auth/forbidden */
extern const struct stanza_error refusal_moderators_only;     /* cancel/not-allowed */
extern const struct stanza_error refusal_no_user;             /* cancel/item-not-found */
extern const struct stanza_error refusal_nobody_named;        /* modify/not-acceptable */
extern const struct stanza_error refusal_outcast;             /* cancel/not-allowed */
extern const struct stanza_error refusal_outranked;           /* cancel/not-allowed */
extern const struct stanza_error refusal_owners_only;         /* auth/forbidden */
extern const struct stanza_error refusal_rank;                /* auth/forbidden */
extern const struct stanza_error refusal_register_members;    /* auth/registration-required */
extern const struct stanza_error refusal_registration_closed; /* cancel/not-allowed */
extern const struct stanza_error refusal_self_ban;            /* cancel/conflict */

/* Destroying a room. */
extern const struct stanza_error refusal_venue;      /* modify/jid-malformed */
extern const struct stanza_error refusal_venue_same; /* modify/not-acceptable */

#endif
