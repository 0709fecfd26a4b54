#include "roominfo.h"

#include <stdio.h>
#include <string.h>

#include "coven/form.h"
#include "coven/ns.h"
#include "coven/utf8.h"
#include "muc/state/access.h"
#include "muc/state/affiliation.h"
#include "muc/state/avatar.h"
#include "muc/state/occupant.h"
#include "muc/state/request.h"
#include "muc/state/room.h"

#define TEXT_BYTES_MAX 4096 /* of a field */
#define CONTACTS_MAX   10

static void write_text(struct xml *xml, const char *var, const char *label, const char *text)
{
    struct span value = span_of(text);
    value.len = utf8_cut(value, TEXT_BYTES_MAX);
    if (value.len > 0)
        form_write_field(xml, var, "text-single", label, &value, 1);
}

static void write_number(struct xml *xml, const char *var, const char *label, unsigned number)
{
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    write_text(xml, var, label, text);
}

static void write_flag(struct xml *xml, const char *var, const char *label, bool flag)
{
    struct span value = span_of(flag ? "1" : "0");
    form_write_field(xml, var, "boolean", label, &value, 1);
}

static void write_avatar(struct xml *xml, const struct request *request)
{
    const char *hash = request->room->avatar;
    if (!hash || access_of(request) < ACCESS_SIGN)
        return;
    form_write_field_open(xml, "muc#roominfo_avatarhash", "text-multi", "Avatar hash");
    for (; *hash; hash += AVATAR_HASH_CHARS)
        form_write_value(xml, (struct span){hash, AVATAR_HASH_CHARS});
    xml_close(xml);
}

/* ---- The subject ---- */

/* One of the message's own: an element of another namespace would name it. */
static bool opens_subject(struct span tag)
{
    static const char name[] = "<subject", xmlns[] = " xmlns=";
    size_t len = sizeof name - 1;
    bool named = tag.len > len && memcmp(tag.at, name, len) == 0 &&
                 (tag.at[len] == '>' || tag.at[len] == ' ');
    return named && !memmem(tag.at, tag.len, xmlns, sizeof xmlns - 1);
}

/* The next tag, from `<` to `>`; what the writer wrote has these for nothing else. */
static bool next_tag(struct span text, struct span *tag_r)
{
    const char *at = text.len > 0 ? memchr(text.at, '<', text.len) : NULL;
    const char *close = at ? memchr(at, '>', text.len - (size_t)(at - text.at)) : NULL;
    if (!close)
        return false;
    *tag_r = (struct span){at, (size_t)(close + 1 - at)};
    return true;
}

static struct span behind(struct span text, struct span tag)
{
    const char *at = tag.at + tag.len;
    return (struct span){at, text.len - (size_t)(at - text.at)};
}

/* The escaped text of the subject in the message that set it. */
static struct span subject_of(const struct room *room)
{
    struct span none = {NULL, 0}, tag;
    struct span rest =
        room->subject ? (struct span){room->subject->bytes, room->subject->len} : none;
    for (int depth = 0; next_tag(rest, &tag); rest = behind(rest, tag)) {
        bool empty = tag.at[tag.len - 2] == '/';
        if (depth == 1 && !empty && opens_subject(tag)) {
            struct span text = behind(rest, tag);
            return next_tag(text, &tag) ? (struct span){text.at, (size_t)(tag.at - text.at)} : none;
        }
        depth += tag.at[1] == '/' ? -1 : empty ? 0 : 1;
    }
    return none;
}

/* Leaves out a subject that is too long: cutting it could break a character reference. */
static void write_subject(struct xml *xml, const struct room *room)
{
    struct span subject = subject_of(room);
    if (subject.len == 0 || subject.len > TEXT_BYTES_MAX)
        return;
    form_write_field_open(xml, "muc#roominfo_subject", "text-single", "Subject");
    xml_open(xml, "value", NULL);
    xml_raw(xml, subject);
    xml_close(xml);
    xml_close(xml);
}

/* ---- Contacts ---- */

/* The owners, if the room shows real JIDs. */
static void write_contacts(struct xml *xml, const struct room *room)
{
    struct span owners[CONTACTS_MAX];
    size_t count = 0;
    struct affiliation_entry *entry = room->affiliations;
    for (; entry && count < CONTACTS_MAX; entry = entry->next) {
        if (entry->affiliation == AFFILIATION_OWNER)
            owners[count++] = span_of(entry->jid);
    }
    if (count > 0 && room->config.whois == WHOIS_ANYONE)
        form_write_field(xml, "muc#roominfo_contactjid", "jid-multi", "Contact addresses", owners,
                         count);
}

static void write_door(struct xml *xml, const struct room_config *config)
{
    write_text(xml, "muc#roomconfig_roomname", "Name", config->name);
    write_text(xml, "muc#roominfo_description", "Description", config->description);
    write_text(xml, "muc#roominfo_lang", "Language", config->lang);
}

static void write_options(struct xml *xml, const struct room_config *config)
{
    write_number(xml, "muc#maxhistoryfetch", "Messages of history on entry", config->history);
    write_flag(xml, "muc#roominfo_subjectmod", "Participants may change the subject",
               config->change_subject);
    write_flag(xml, "muc#roomconfig_changesubject", "Participants may change the subject",
               config->change_subject);
    write_flag(xml, "muc#roomconfig_allowinvites", "Members may invite", config->allow_invites);
}

void roominfo_write(struct xml *xml, const struct request *request)
{
    const struct room *room = request->room;
    enum access access = access_of(request);
    form_write_open(xml, "result", NS_MUC_ROOMINFO);
    write_door(xml, &room->config);
    if (access >= ACCESS_SIGN)
        write_text(xml, "muc#roomconfig_pubsub", "Associated pubsub node", room->config.pubsub);
    write_number(xml, "muc#roominfo_occupants", "Number of occupants", access_count(request));
    write_options(xml, &room->config);
    if (access >= ACCESS_INSIDE) {
        write_subject(xml, room);
        write_contacts(xml, room);
    }
    write_avatar(xml, request);
    xml_close(xml);
}
