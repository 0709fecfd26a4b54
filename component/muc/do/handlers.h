/* What people do with the service and its rooms: one function for each, each in the file of its
 * name. */
#ifndef MUC_HANDLERS_H
#define MUC_HANDLERS_H

#include "muc/state/request.h"

request_handler availability_change; /* availability.c; hands on to the next three */
request_handler join_room;           /* join.c */
request_handler join_again;          /* join.c */
request_handler nick_change;         /* nick.c */
request_handler leave_room;          /* leave.c */

request_handler groupchat;      /* groupchat.c; hands on to the next one */
request_handler subject_change; /* subject.c */

request_handler private_message; /* private.c */
request_handler room_message;    /* room_message.c; hands on to the next three */
request_handler invite;          /* invite.c */
request_handler decline;         /* decline.c */
request_handler voice_form;      /* voice.c */

request_handler probe_presence; /* probe.c */
request_handler relay_iq;       /* relay.c */
request_handler relay_answer;   /* relay.c */

request_handler archive_page_read;  /* archive_page.c */
request_handler archive_query_form; /* archive_query.c */
request_handler archive_metadata;   /* archive.c */
request_handler moderate;           /* moderate.c */

request_handler admin_list_get; /* admin_list.c */
request_handler admin_set;      /* admin.c */

request_handler owner_get; /* owner.c */
request_handler owner_set; /* owner.c */

request_handler disco_service_info;  /* disco_service.c */
request_handler disco_service_items; /* disco_service.c */
request_handler disco_room_info;     /* disco_room.c */
request_handler disco_room_items;    /* disco_room.c */
request_handler disco_room_occupant; /* disco_room.c */
request_handler unique_name;         /* unique.c */

request_handler register_get;     /* register.c */
request_handler register_set;     /* register.c */
request_handler register_approve; /* register_approve.c */

request_handler vcard_get;     /* avatar.c */
request_handler vcard_set;     /* avatar.c */
request_handler vcard_service; /* avatar.c */

request_handler ping_service;  /* ping.c */
request_handler ping_occupant; /* ping.c */
request_handler ping_version;  /* ping.c */

#endif
