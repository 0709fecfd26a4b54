#include "limit_text.h"

#include <stddef.h>
#include <string.h>

#include "muc/state/request.h"
#include "muc/state/service_state.h"
#include "quota.h"

/* The number of the limit stands between the two parts of a text. */
static const struct {
    const char *key, *before, *after;
    size_t offset;
} sizes[] = {
#define SIZE(key, member, before, after)                                                           \
    {                                                                                              \
        key, before, after, offsetof(struct service_limits, member)                                \
    }
    SIZE("affiliations", affiliations, "The lists of the room are full: they hold at most ",
         " users"),
    SIZE("applicants", applicants, "The admins of the room have ",
         " requests for registration to answer. Try again later"),
    SIZE("hour_invites", hour_invites, "You have invited more than ",
         " people in an hour. Try again later"),
    SIZE("invites", invites, "A message can invite at most ", " people"),
    SIZE("items", items, "A request can change at most ", " entries"),
    SIZE("nick_characters", nick_chars, "The nickname is longer than ", " characters"),
    SIZE("presence_bytes", presence_bytes, "The presence is larger than ", " bytes"),
    SIZE("reason_bytes", reason_bytes, "The reason is longer than ", " bytes"),
    SIZE("room_name_bytes", room_name_bytes, "The address of the room is longer than ", " bytes"),
    SIZE("rooms", rooms, "The service has no place for another room: it holds at most ", ""),
    SIZE("sessions", sessions, "You are in the room ",
         " times under this nickname. Leave with one client first"),
    SIZE("stanza_bytes", stanza_bytes, "The message, or the answer, is larger than ", " bytes"),
    SIZE("subject_bytes", subject_bytes, "The subject is longer than ", " bytes"),
    SIZE("user_created", user_created, "You have created ",
         " rooms. Destroy one before you create another"),
    SIZE("user_sessions", user_sessions, "You are in ", " rooms. Leave one first"),
    SIZE("vcard_bytes", vcard_bytes, "The vCard is larger than ", " bytes"),
    SIZE("voice_seconds", voice_seconds, "You have asked for voice within the last ",
         " seconds. Wait for an answer"),
};

/* Limits that are no fault of the asker, or whose number tells a person nothing. */
static const struct {
    const char *key, *text;
} others[] = {
    {"answer_rate", "You are asking for too much"},
    {"command_forms", "Too many forms of commands are waiting to be filled in. Try again later"},
    {"commands", "Too many commands are under way. Try again later"},
    {"memory_mib", "The service is short of memory. Try again later"},
    {"parked", "The room is still loading. Try again in a moment"},
    {"parked_kib", "The room is still loading. Try again in a moment"},
    {"queries", "Too many archive queries are waiting. Try again later"},
    {"queue_high_mib", "The service is busy. Try again in a moment"},
    {"relays", "Too many requests between occupants are waiting. Try again later"},
    {"room_queue_ms", "The room is busy. Try again in a moment"},
    {"room_rate", "The room is busy: too many people are speaking"},
    {"user_queue_ms", "You are sending more than the room can carry. Try again in a moment"},
    {"user_commands", "Too many of your commands are under way. Try again later"},
    {"user_rate", "You are sending too much"},
    {"user_relays", "Too many of your requests to occupants are waiting. Try again later"},
    {"visit_rate", "You are sending too much to this room"},
};

static void add_size(const struct request *request, size_t index, struct buf *out)
{
    const char *limits = (const char *)&request->service->settings.limits;
    unsigned number = *(const unsigned *)(limits + sizes[index].offset);
    buf_printf(out, "%s%u%s", sizes[index].before, number, sizes[index].after);
}

static void add_wait(const struct request *request, struct buf *out)
{
    unsigned seconds = quota_wait_seconds(request);
    if (seconds > 0)
        buf_printf(out, ". Wait %u second%s", seconds, seconds == 1 ? "" : "s");
}

void limit_text_add(const struct request *request, struct buf *out)
{
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (strcmp(sizes[i].key, request->limit) == 0)
            add_size(request, i, out);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (strcmp(others[i].key, request->limit) != 0)
            continue;
        buf_add_text(out, others[i].text);
        add_wait(request, out);
    }
}
