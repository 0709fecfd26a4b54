#include "handlers.h"

const struct run_handler run_handlers[COMMAND_COUNT] = {
    [COMMAND_ROOMS] = {rooms_list, rooms_free},
    [COMMAND_ROOM] = {room_card_show, room_card_free},
    [COMMAND_OCCUPANTS] = {people_inside_list, NULL},
    [COMMAND_AFFILIATIONS] = {people_inside_affiliations, people_inside_free},
    [COMMAND_HISTORY] = {history_command_show, history_command_free},
    [COMMAND_GET] = {options_get, NULL},
    [COMMAND_CREATE] = {create_room, NULL},
    [COMMAND_DESTROY] = {destroy_one, NULL},
    [COMMAND_DESTROY_ROOMS] = {destroy_many, destroy_many_free},
    [COMMAND_SET] = {options_set, NULL},
    [COMMAND_UNLOCK] = {room_command_unlock, NULL},
    [COMMAND_SUBJECT] = {room_command_subject, NULL},
    [COMMAND_AFFILIATION] = {item_affiliation, NULL},
    [COMMAND_ROLE] = {item_role, NULL},
    [COMMAND_KICK] = {item_kick, NULL},
    [COMMAND_INVITE] = {room_command_invite, NULL},
    [COMMAND_USER] = {user_command_show, user_command_free},
    [COMMAND_DENIED] = {deny_list, NULL},
    [COMMAND_DENY] = {deny_begin, deny_free},
    [COMMAND_ALLOW] = {deny_end, NULL},
};
