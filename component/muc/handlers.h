/* What people do with the service and its rooms: one function for each, each in the file of its
 * name. */
#ifndef MUC_HANDLERS_H
#define MUC_HANDLERS_H

#include "request.h"

request_handler presence_available; /* availability.c; hands on to the next three */
request_handler room_enter;         /* join.c */
request_handler room_reenter;       /* join.c */
request_handler nick_change;        /* nick.c */
request_handler room_leave;         /* leave.c */
request_handler session_bounce;     /* bounce.c */

request_handler groupchat;      /* groupchat.c; hands on to the next one */
request_handler subject_change; /* subject.c */

request_handler private_message; /* private.c */
request_handler room_message;    /* room_message.c; hands on to the next three */
request_handler invite;          /* invite.c */
request_handler decline;         /* decline.c */
request_handler voice_form;      /* voice.c */

request_handler occupant_probe; /* probe.c */
request_handler occupant_iq;    /* relay.c */
request_handler relay_answer;   /* relay.c */

request_handler archive_read;     /* archive_page.c */
request_handler archive_form;     /* archive_query.c */
request_handler archive_metadata; /* archive.c */
request_handler moderate;         /* moderate.c */

request_handler admin_get; /* admin_list.c */
request_handler admin_set; /* admin.c */

request_handler owner_form_get; /* owner.c */
request_handler owner_set;      /* owner.c */

request_handler service_info;   /* disco_service.c */
request_handler service_items;  /* disco_service.c */
request_handler room_info;      /* disco_room.c */
request_handler room_items;     /* disco_room.c */
request_handler occupant_disco; /* disco_room.c */
request_handler unique_name;    /* unique.c */

request_handler register_get;     /* register.c */
request_handler register_set;     /* register.c */
request_handler register_approve; /* register_approve.c */

request_handler avatar_get;   /* avatar.c */
request_handler avatar_set;   /* avatar.c */
request_handler service_card; /* avatar.c */

request_handler question_bounce; /* question.c */
request_handler question_answer; /* question.c */

request_handler service_ping;    /* ping.c */
request_handler occupant_ping;   /* ping.c */
request_handler service_version; /* ping.c */

#endif
