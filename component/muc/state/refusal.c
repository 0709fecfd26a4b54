#include "refusal.h"

#define REFUSAL(variable, type, condition, code, text)                                             \
    const struct stanza_error refusal_##variable = {type, condition, code, text}

REFUSAL(banned, "auth", "forbidden", "403", "You are banned from this room");
REFUSAL(members_only, "auth", "registration-required", "407",
        "Only members may enter this room. Ask an admin of the room for membership, or for an "
        "invitation");
REFUSAL(password, "auth", "not-authorized", "401", "The password is missing or wrong");
REFUSAL(room_full, "wait", "service-unavailable", "503",
        "The room is full. Try again later, when somebody has left");
REFUSAL(nick_used, "cancel", "conflict", "409",
        "Somebody in the room uses this nickname. Choose another one");
REFUSAL(nick_kept, "cancel", "conflict", "409",
        "This nickname is reserved for somebody else. Choose another one");
