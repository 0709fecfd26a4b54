#include "roominfo.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "coven/form.h"
#include "coven/ns.h"
#include "coven/stored_xml.h"
#include "coven/utf8.h"
#include "muc/state/access.h"
#include "muc/state/affiliation.h"
#include "muc/state/avatar.h"
#include "muc/state/request.h"
#include "muc/state/service_state.h"

#define TEXT_BYTES_MAX 4096 /* of a field */
#define CONTACTS_MAX   10

/* ---- Options of the room ---- */

/* The options that are shown, under which name, and the least access that it takes to see them.
 * Some have several names, because clients look for one or another: only muc#roominfo_subjectmod
 * is registered, but clients know muc#roominfo_changesubject from earlier versions of XEP-0045. */
static const struct {
    const char *var, *option;
    enum access least;
} shown[] = {
    {"muc#roomconfig_roomname", "muc#roomconfig_roomname", ACCESS_DOOR},
    {"muc#roominfo_description", "muc#roomconfig_roomdesc", ACCESS_DOOR},
    {"muc#roominfo_lang", "muc#roomconfig_lang", ACCESS_DOOR},
    {"muc#roomconfig_pubsub", "muc#roomconfig_pubsub", ACCESS_SIGN},
    {"muc#roominfo_pubsub", "muc#roomconfig_pubsub", ACCESS_SIGN},
    {"muc#maxhistoryfetch", "muc#maxhistoryfetch", ACCESS_DOOR},
    {"muc#roominfo_subjectmod", "muc#roomconfig_changesubject", ACCESS_DOOR},
    {"muc#roominfo_changesubject", "muc#roomconfig_changesubject", ACCESS_DOOR},
    {"muc#roomconfig_changesubject", "muc#roomconfig_changesubject", ACCESS_DOOR},
    {"muc#roomconfig_allowinvites", "muc#roomconfig_allowinvites", ACCESS_DOOR},
    {"muc#roomconfig_allowpm", "muc#roomconfig_allowpm", ACCESS_DOOR},
    {"muc#roomconfig_enablelogging", "muc#roomconfig_enablelogging", ACCESS_DOOR},
    {"{urn:coven:0}queries", "{urn:coven:0}queries", ACCESS_DOOR},
};

static void write_option(struct xml *xml, const char *var, const struct room_option *option,
                         const struct room_config *config)
{
    struct buf text = BUF_INIT;
    options_print(option, config, &text);
    struct span value = buf_span(&text);
    value.len = utf8_cut(value, TEXT_BYTES_MAX);
    if (value.len > 0)
        form_write_field(xml, var, options_shown_type(option), options_label(option), value);
    buf_free(&text);
}

static void write_options(struct xml *xml, const struct room_config *config, enum access access)
{
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        if (access >= shown[i].least)
            write_option(xml, shown[i].var, options_find(shown[i].option), config);
    }
}

/* ---- What else is known of it ---- */

static void write_text(struct xml *xml, const char *var, const char *label, const char *text)
{
    form_write_field(xml, var, "text-single", label, span_of(text));
}

static void write_number(struct xml *xml, const char *var, const char *label, unsigned number)
{
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    write_text(xml, var, label, text);
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
    if (stored_xml_text(&subject, &text) && text.len > 0)
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

/* ---- The logs ---- */

static void add_encoded(struct buf *url, struct span text)
{
    static const char plain[] = "-._~"; /* beside letters and digits: RFC 3986, 2.3 */
    for (size_t i = 0; i < text.len; i++) {
        unsigned char byte = (unsigned char)text.at[i];
        if (byte < 0x80 && (isalnum(byte) || strchr(plain, byte)))
            buf_add_char(url, text.at[i]);
        else
            buf_printf(url, "%%%02X", byte);
    }
}

/* Where the world reads what is said: only if the world may enter, and is told on entry. */
static void write_logs(struct xml *xml, const struct room *room)
{
    const char *prefix = room->service->settings.logs_url;
    struct buf url = BUF_INIT;
    if (!prefix || !room->config.logging || !access_is_public(room))
        return;
    buf_add_text(&url, prefix);
    add_encoded(&url, room_node(room));
    form_write_field(xml, "muc#roominfo_logs", "text-single", "Logs on the web", buf_span(&url));
    buf_free(&url);
}

void roominfo_write(struct xml *xml, const struct request *request)
{
    const struct room *room = request->room;
    enum access access = access_of(request);
    form_write_open(xml, "result", NS_MUC_ROOMINFO);
    write_options(xml, &room->config, access);
    write_number(xml, "muc#roominfo_occupants", "Number of occupants", access_count(request));
    if (access >= ACCESS_INSIDE) {
        write_subject(xml, room);
        write_contacts(xml, room);
        write_logs(xml, room);
    }
    write_avatar(xml, request);
    xml_close(xml);
}
