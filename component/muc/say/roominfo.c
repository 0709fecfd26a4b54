#include "roominfo.h"

#include <stdio.h>

#include "coven/form.h"
#include "coven/ns.h"
#include "coven/stored_xml.h"
#include "coven/utf8.h"
#include "muc/state/access.h"
#include "muc/state/affiliation.h"
#include "muc/state/avatar.h"
#include "muc/state/request.h"
#include "muc/state/room.h"

#define TEXT_BYTES_MAX 4096 /* of a field */
#define CONTACTS_MAX   10

static void write_text(struct xml *xml, const char *var, const char *label, const char *text)
{
    struct span value = span_of(text);
    value.len = utf8_cut(value, TEXT_BYTES_MAX);
    if (value.len > 0)
        form_write_field(xml, var, "text-single", label, value);
}

static void write_number(struct xml *xml, const char *var, const char *label, unsigned number)
{
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    write_text(xml, var, label, text);
}

static void write_flag(struct xml *xml, const char *var, const char *label, bool flag)
{
    form_write_field(xml, var, "boolean", label, span_of(flag ? "1" : "0"));
}

static void write_avatar(struct xml *xml, const struct request *request)
{
    const char *hash = request->room->avatar;
    if (!hash || access_of(request) < ACCESS_SIGN)
        return;
    form_write_field_open(xml, "muc#roominfo_avatarhash", "text-multi", "Avatar hashes");
    for (; *hash; hash += AVATAR_HASH_CHARS)
        form_write_value(xml, (struct span){hash, AVATAR_HASH_CHARS});
    xml_close(xml);
}

/* ---- The subject ---- */

/* The first one that is not empty. */
static bool find_subject(const struct room *room, struct stored_xml *subject_r)
{
    const struct rendered *set_by = room->subject;
    struct stored_xml message;
    if (!set_by || !stored_xml_open((struct span){set_by->bytes, set_by->len}, &message))
        return false;
    while (stored_xml_child(&message.inner, "subject", NULL, subject_r)) {
        if (subject_r->inner.len > 0)
            return true;
    }
    return false;
}

/* A subject that is too long for a form is left out. */
static void write_subject(struct xml *xml, const struct room *room)
{
    struct buf text = BUF_INIT;
    struct stored_xml subject;
    if (!find_subject(room, &subject) || subject.inner.len > TEXT_BYTES_MAX)
        return;
    if (stored_xml_text(&subject, &text))
        write_text(xml, "muc#roominfo_subject", "Subject", text.data);
    buf_free(&text);
}

/* ---- Contacts ---- */

/* The owners, if the room shows real JIDs. */
static void write_contacts(struct xml *xml, const struct room *room)
{
    unsigned left = CONTACTS_MAX;
    const struct affiliation_entry *entry = room->rolls[AFFILIATION_OWNER].first;
    if (!entry || room->config.whois != WHOIS_ANYONE)
        return;
    form_write_field_open(xml, "muc#roominfo_contactjid", "jid-multi", "Contact addresses");
    for (; entry && left > 0; entry = entry->next, left--)
        form_write_value(xml, span_of(entry->jid));
    xml_close(xml);
}

static void write_door(struct xml *xml, const struct room_config *config)
{
    write_text(xml, "muc#roomconfig_roomname", "Name", config->name);
    write_text(xml, "muc#roominfo_description", "Description", config->description);
    write_text(xml, "muc#roominfo_lang", "Language", config->lang);
}

static void write_options(struct xml *xml, const struct room_config *config)
{
    write_number(xml, "muc#maxhistoryfetch", "Maximum number of history messages sent on entry",
                 config->history);
    write_flag(xml, "muc#roominfo_subjectmod", "Participants may change the subject",
               config->change_subject);
    write_flag(xml, "muc#roomconfig_changesubject", "Participants may change the subject",
               config->change_subject);
    write_flag(xml, "muc#roomconfig_allowinvites", "Members may invite others",
               config->allow_invites);
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
