#include "send.h"

#include <stdio.h>
#include <string.h>

#include "coven/form.h"
#include "coven/ns.h"
#include "coven/xml.h"

#define ADDRESS_SIZE 64

/* ---- Addresses ---- */

static void user_address(const struct model_room *room, uint32_t seat, char text[ADDRESS_SIZE])
{
    snprintf(text, ADDRESS_SIZE, "r%us%u@" CRASH_DOMAIN, room->number, seat);
}

static struct xml open_stanza(struct buf *out, const char *name, const struct model_room *room,
                              uint32_t seat, const char *type)
{
    char from[ADDRESS_SIZE];
    struct xml xml = xml_to(out);
    snprintf(from, sizeof from, "r%us%u@" CRASH_DOMAIN "/c", room->number, seat);
    xml_open(&xml, name, NS_CLIENT);
    xml_attr_text(&xml, "type", type);
    xml_attr_text(&xml, "from", from);
    return xml;
}

static void to_room(struct xml *xml, const struct model_room *room)
{
    char to[ADDRESS_SIZE];
    snprintf(to, sizeof to, "room%u@" CRASH_SERVICE, room->number);
    xml_attr_text(xml, "to", to);
}

static void to_nick(struct xml *xml, const struct model_room *room, uint32_t seat, uint32_t nick)
{
    char to[ADDRESS_SIZE];
    snprintf(to, sizeof to, "room%u@" CRASH_SERVICE "/n%ug%u", room->number, seat, nick);
    xml_attr_text(xml, "to", to);
}

static struct xml open_query(const struct model_room *room, const char *type, uint32_t slot,
                             uint32_t serial, struct buf *out)
{
    char id[ADDRESS_SIZE];
    struct xml xml = open_stanza(out, "iq", room, 0, type);
    to_room(&xml, room);
    snprintf(id, sizeof id, "q%u-%u", slot, serial);
    xml_attr_text(&xml, "id", id);
    return xml;
}

static void close_all(struct xml *xml)
{
    while (xml->depth > 0)
        xml_close(xml);
}

/* ---- Presence ---- */

/* "WORDS NUMBER"; 0: an empty text. */
static void numbered_text(const char *words, uint32_t number, char text[ADDRESS_SIZE])
{
    text[0] = '\0';
    if (number)
        snprintf(text, ADDRESS_SIZE, "%s %u", words, number);
}

static void password_text(uint32_t password, char text[ADDRESS_SIZE])
{
    numbered_text("open & <sesame>", password, text);
}

static void enter(const struct model_room *room, uint32_t seat, const struct room_state *state,
                  uint32_t password, struct buf *out)
{
    char text[ADDRESS_SIZE];
    struct xml xml = open_stanza(out, "presence", room, seat, NULL);
    to_nick(&xml, room, seat, state->nick[seat]);
    xml_open(&xml, "x", NS_MUC);
    password_text(password, text);
    if (password)
        xml_element(&xml, "password", NULL, span_of(text));
    close_all(&xml);
}

static void send_presence(const struct model_room *room, uint32_t seats, struct buf *out)
{
    const struct model_change *change = &room->change;
    bool leaves = change->kind == CHANGE_LEAVE;
    const struct room_state *state = leaves ? &room->state : &change->after;
    struct xml xml =
        open_stanza(out, "presence", room, change->seat, leaves ? "unavailable" : NULL);
    (void)seats;
    to_nick(&xml, room, change->seat, state->nick[change->seat]);
    close_all(&xml);
}

static void send_entry(const struct model_room *room, uint32_t seats, struct buf *out)
{
    (void)seats;
    enter(room, room->change.seat, &room->change.after, room->state.password, out);
}

void send_rejoin(const struct model_room *room, uint32_t seat, struct buf *out)
{
    enter(room, seat, &room->state, 0, out);
}

/* ---- The owner's queries ---- */

static void field(struct xml *xml, const char *var, const char *value)
{
    form_write_field(xml, var, NULL, NULL, span_of(value));
}

static void send_form(const struct model_room *room, uint32_t seats, struct buf *out)
{
    const struct room_state *after = &room->change.after;
    char text[ADDRESS_SIZE];
    struct xml xml = open_query(room, "set", room->number, room->change.id, out);
    (void)seats;
    xml_open(&xml, "query", NS_MUC_OWNER);
    form_write_open(&xml, "submit", NS_MUC_ROOMCONFIG);
    field(&xml, "muc#roomconfig_persistentroom", "1");
    field(&xml, "muc#roomconfig_membersonly", after->members_only ? "1" : "0");
    field(&xml, "muc#roomconfig_moderatedroom", after->moderated ? "1" : "0");
    field(&xml, "muc#roomconfig_passwordprotectedroom", after->password ? "1" : "0");
    password_text(after->password, text);
    field(&xml, "muc#roomconfig_roomsecret", text);
    numbered_text("Title", after->title, text);
    field(&xml, "muc#roomconfig_roomname", text);
    close_all(&xml);
}

static void send_affiliations(const struct model_room *room, uint32_t seats, struct buf *out)
{
    struct xml xml = open_query(room, "set", room->number, room->change.id, out);
    xml_open(&xml, "query", NS_MUC_ADMIN);
    for (uint32_t seat = 0; seat < seats; seat++) {
        char jid[ADDRESS_SIZE];
        uint8_t after = room->change.after.affiliation[seat];
        if (after == room->state.affiliation[seat])
            continue;
        user_address(room, seat, jid);
        xml_open(&xml, "item", NULL);
        xml_attr_text(&xml, "jid", jid);
        xml_attr_text(&xml, "affiliation", affiliation_words[after]);
        xml_close(&xml);
    }
    close_all(&xml);
}

static void send_kick(const struct model_room *room, uint32_t seats, struct buf *out)
{
    struct xml xml = open_query(room, "set", room->number, room->change.id, out);
    xml_open(&xml, "query", NS_MUC_ADMIN);
    for (uint32_t seat = 0; seat < seats; seat++) {
        char nick[ADDRESS_SIZE];
        if (room->change.after.nick[seat] == room->state.nick[seat])
            continue;
        snprintf(nick, sizeof nick, "n%ug%u", seat, room->state.nick[seat]);
        xml_open(&xml, "item", NULL);
        xml_attr_text(&xml, "nick", nick);
        xml_attr_text(&xml, "role", "none");
        xml_close(&xml);
    }
    close_all(&xml);
}

static void send_destroy(const struct model_room *room, uint32_t seats, struct buf *out)
{
    struct xml xml = open_query(room, "set", room->number, room->change.id, out);
    (void)seats;
    xml_open(&xml, "query", NS_MUC_OWNER);
    xml_element(&xml, "destroy", NULL, span_of(""));
    close_all(&xml);
}

void send_change(const struct model_room *room, uint32_t seats, struct buf *out)
{
    static void (*const senders[CHANGE_KINDS])(const struct model_room *room, uint32_t seats,
                                               struct buf *out) = {
        [CHANGE_CREATE] = send_entry,    [CHANGE_CONFIGURE] = send_form,
        [CHANGE_JOIN] = send_entry,      [CHANGE_LEAVE] = send_presence,
        [CHANGE_RENAME] = send_presence, [CHANGE_AFFILIATE] = send_affiliations,
        [CHANGE_KICK] = send_kick,       [CHANGE_DESTROY] = send_destroy,
    };
    senders[room->change.kind](room, seats, out);
}

void send_form_query(const struct model_room *room, uint32_t slot, uint32_t serial, struct buf *out)
{
    struct xml xml = open_query(room, "get", slot, serial, out);
    xml_element(&xml, "query", NS_MUC_OWNER, span_of(""));
    close_all(&xml);
}

void send_disco_query(const struct model_room *room, uint32_t slot, uint32_t serial,
                      struct buf *out)
{
    struct xml xml = open_query(room, "get", slot, serial, out);
    xml_element(&xml, "query", NS_DISCO_INFO, span_of(""));
    close_all(&xml);
}

void send_list_query(const struct model_room *room, const char *what, const char *value,
                     uint32_t slot, uint32_t serial, struct buf *out)
{
    struct xml xml = open_query(room, "get", slot, serial, out);
    xml_open(&xml, "query", NS_MUC_ADMIN);
    xml_open(&xml, "item", NULL);
    xml_attr_text(&xml, what, value);
    close_all(&xml);
}

void send_archive_query(const struct model_room *room, const char *after, uint32_t slot,
                        uint32_t serial, struct buf *out)
{
    struct xml xml = open_query(room, "set", slot, serial, out);
    xml_open(&xml, "query", NS_MAM);
    xml_open(&xml, "set", NS_RSM);
    xml_element(&xml, "max", NULL, span_of("50"));
    if (after)
        xml_element(&xml, "after", NULL, span_of(after));
    close_all(&xml);
}

/* ---- Messages and answers ---- */

void send_message(const struct model_room *room, uint32_t seat, uint32_t number, struct buf *out)
{
    char body[ADDRESS_SIZE];
    struct xml xml = open_stanza(out, "message", room, seat, "groupchat");
    to_room(&xml, room);
    snprintf(body, sizeof body, "%u", number);
    xml_element(&xml, "body", NULL, span_of(body));
    close_all(&xml);
}

static struct xml open_answer(const char *name, const char *type, const char *from, const char *to,
                              const char *id, struct buf *out)
{
    struct xml xml = xml_to(out);
    xml_open(&xml, name, NS_CLIENT);
    xml_attr_text(&xml, "type", type);
    xml_attr_text(&xml, "from", from);
    xml_attr_text(&xml, "to", to);
    xml_attr_text(&xml, "id", id);
    return xml;
}

void send_result(const char *from, const char *to, const char *id, struct buf *out)
{
    struct xml xml = open_answer("iq", "result", from, to, id, out);
    close_all(&xml);
}

void send_error(const char *name, const char *from, const char *to, const char *id, struct buf *out)
{
    struct xml xml = open_answer(name, "error", from, to, id, out);
    xml_open(&xml, "error", NULL);
    xml_attr_text(&xml, "type", "cancel");
    xml_element(&xml, "service-unavailable", NS_STANZA_ERRORS, span_of(""));
    close_all(&xml);
}
