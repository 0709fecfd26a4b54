/* The handlers of requests, each in the file whose name it begins with. */
#ifndef MUC_HANDLERS_H
#define MUC_HANDLERS_H

#include "muc/state/request.h"

request_handler availability_change; /* hands on to the next three */
request_handler join_room;
request_handler join_again;
request_handler nick_change;
request_handler leave_room;

request_handler groupchat; /* hands on to the next one */
request_handler subject_change;

request_handler private_message;
request_handler room_message_mistyped;
request_handler room_message; /* hands on to the next three */
request_handler invite;
request_handler decline;
request_handler voice_form;

request_handler probe_presence;
request_handler relay_iq;
request_handler relay_answer;

request_handler archive_page_read;
request_handler archive_query_form;
request_handler archive_metadata;
request_handler moderate;
request_handler moderate_fastened;

request_handler admin_list_get;
request_handler admin_set;

request_handler owner_get;
request_handler owner_set;

request_handler disco_service_info;
request_handler disco_service_items;
request_handler disco_room_info;
request_handler disco_room_items;
request_handler disco_room_occupant;
request_handler unique_name;

request_handler register_get;
request_handler register_set;
request_handler register_approve;

request_handler vcard_get;
request_handler vcard_set;
request_handler vcard_service;

request_handler ping_service;
request_handler ping_occupant;
request_handler ping_version;

request_handler about_uptime;
request_handler about_time;

#endif
