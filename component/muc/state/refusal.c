#include "refusal.h"

#define REFUSAL(variable, type, condition, code, text)                                             \
    const struct stanza_error refusal_##variable = {type, condition, code, text}

#define BAD_REQUEST(variable, text)    REFUSAL(variable, "modify", "bad-request", "400", text)
#define CONFLICT(variable, text)       REFUSAL(variable, "cancel", "conflict", "409", text)
#define FORBIDDEN(variable, text)      REFUSAL(variable, "auth", "forbidden", "403", text)
#define ITEM_NOT_FOUND(variable, text) REFUSAL(variable, "cancel", "item-not-found", "404", text)
#define NOT_ALLOWED(variable, text)    REFUSAL(variable, "cancel", "not-allowed", "405", text)
#define REGISTRATION(variable, text)   REFUSAL(variable, "auth", "registration-required", "407", text)

/* ---- Entering, and nicks ---- */

FORBIDDEN(banned, "You are banned from this room");
REGISTRATION(members_only, "Only members may enter this room. Ask an admin of the room for "
                           "membership or for an invitation");
REFUSAL(nick_invalid, "modify", "jid-malformed", "400",
        "The nickname is empty or contains characters that are not allowed. Choose another one");
CONFLICT(nick_kept, "This nickname is reserved for somebody else. Choose another one");
CONFLICT(nick_used, "Somebody in the room uses this nickname. Choose another one");
NOT_ALLOWED(no_creation, "There is no such room, and you may not create rooms on this service");
ITEM_NOT_FOUND(no_room, "There is no such room");
REFUSAL(password, "auth", "not-authorized", "401", "The password is missing or wrong");
REFUSAL(room_full, "wait", "service-unavailable", "503",
        "The room is full. Try again when somebody has left");

/* ---- Inside ---- */

ITEM_NOT_FOUND(asker_left, "The person who asked for voice has left the room");
NOT_ALLOWED(has_voice, "You have voice already");
FORBIDDEN(no_invites, "You may not invite others to this room");
ITEM_NOT_FOUND(no_occupant, "There is nobody with this nickname in the room");
FORBIDDEN(no_private, "This room does not allow you to send private messages");
NOT_ALLOWED(no_queries, "This room does not allow you to send queries to other occupants");
FORBIDDEN(no_subject, "You may not change the subject of this room");
FORBIDDEN(no_voice, "You have no voice in this room. Request it from the moderators");
BAD_REQUEST(normal_type,
            "Send invitations, answers to them, and requests to a room in a message of "
            "type normal");
BAD_REQUEST(private_type, "A private message must not have the type groupchat");
BAD_REQUEST(room_type, "A message to the room must have the type groupchat");
FORBIDDEN(service_mute, "The service itself reads no messages. Send them to a room");

/* ---- What is known of a room ---- */

FORBIDDEN(card_private, "Only those who may enter the room can see its vCard");
ITEM_NOT_FOUND(no_node, "There is nothing at the node that you asked for");

/* ---- The archive ---- */

FORBIDDEN(archive_private, "Only those who may enter the room can read its archive");
REFUSAL(no_archive, "cancel", "service-unavailable", "503", "This room keeps no archive");
ITEM_NOT_FOUND(no_message, "There is no such message in the archive of this room");
FORBIDDEN(no_moderation, "Only moderators may remove messages of others");

/* ---- Roles, affiliations, registration ---- */

FORBIDDEN(admins_only, "Only admins and owners of the room may do that");
ITEM_NOT_FOUND(answered, "This user does not wait for an answer. Another admin may have given it");
CONFLICT(last_owner, "A room needs an owner. Make somebody else an owner first");
FORBIDDEN(list_private, "You may not read this list");
NOT_ALLOWED(moderators_only, "Only moderators may do that");
ITEM_NOT_FOUND(no_user, "This is an address of the chat service, not of a user");
REFUSAL(nobody_named, "modify", "not-acceptable", "406",
        "Nobody in the room has this nickname, and nobody has reserved it");
NOT_ALLOWED(outcast, "This user is banned from the room. Lift the ban first");
NOT_ALLOWED(outranked, "The rank of this user does not allow you to do that");
FORBIDDEN(owners_only, "Only owners of the room may do that");
FORBIDDEN(rank, "Your rank in this room does not allow you to do that");
REGISTRATION(register_members, "Only users with an affiliation may register with this room. Ask an "
                               "admin of the room for membership");
NOT_ALLOWED(registration_closed, "Only users with an affiliation may register with this room");
CONFLICT(self_ban, "You cannot ban yourself");

/* ---- Destroying a room ---- */

REFUSAL(venue, "modify", "jid-malformed", "400",
        "The other room is not a valid address. The address of a room looks like room@service");
REFUSAL(venue_same, "modify", "not-acceptable", "406",
        "A room cannot move to its own address. Leave the address of the other room empty");
