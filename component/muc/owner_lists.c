#include "owner_lists.h"

#include <stdlib.h>
#include <string.h>

#include "affiliate.h"
#include "coven/jid.h"
#include "coven/mem.h"
#include "room.h"
#include "service_state.h"

static const struct {
    const char *var, *label;
    enum affiliation affiliation;
} fields[] = {
    {"muc#roomconfig_roomowners", "Owners", AFFILIATION_OWNER},
    {"muc#roomconfig_roomadmins", "Admins", AFFILIATION_ADMIN},
};

#define FIELD_COUNT (sizeof fields / sizeof *fields)

void owner_lists_write(struct xml *xml, const struct room *room)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        form_write_field_open(xml, fields[i].var, "jid-multi", fields[i].label);
        for (struct affiliation_entry *entry = room->affiliations; entry; entry = entry->next) {
            if (entry->affiliation == fields[i].affiliation)
                form_write_value(xml, span_of(entry->jid));
        }
        xml_close(xml);
    }
}

static struct owner_change *find(const struct owner_lists *lists, const char *jid)
{
    for (unsigned i = 0; i < lists->count; i++) {
        if (strcmp(lists->changes[i].jid, jid) == 0)
            return &lists->changes[i];
    }
    return NULL;
}

/* The higher of two wishes for one user counts. */
static void wish(struct owner_lists *lists, struct span jid, enum affiliation affiliation)
{
    char *text = mem_copy(jid.at, jid.len);
    struct owner_change *known = find(lists, text);
    if (known) {
        if (affiliation > known->affiliation)
            known->affiliation = affiliation;
        free(text);
        return;
    }
    lists->changes = mem_resize(lists->changes, (lists->count + 1) * sizeof *lists->changes);
    lists->changes[lists->count++] = (struct owner_change){text, affiliation};
}

static const struct stanza_error *read_field(struct owner_lists *lists,
                                             const struct form_field *field,
                                             enum affiliation affiliation, struct buf *why)
{
    for (size_t i = 0; i < field->value_count; i++) {
        struct jid jid;
        if (*field->values[i] == '\0')
            continue;
        if (!jid_parse(span_of(field->values[i]), &jid)) {
            buf_printf(why, "%s: one value is no address", field->var);
            return &error_jid_malformed;
        }
        wish(lists, jid_bare(&jid), affiliation);
    }
    return NULL;
}

/* Whoever has the affiliation of a list that was sent, and is in neither, has it no longer. */
static void demote_missing(struct owner_lists *lists, const struct room *room,
                           const struct form *form)
{
    for (struct affiliation_entry *entry = room->affiliations; entry; entry = entry->next) {
        for (size_t i = 0; i < FIELD_COUNT; i++) {
            bool listed = entry->affiliation == fields[i].affiliation;
            if (listed && form_field(form, fields[i].var))
                wish(lists, span_of(entry->jid), AFFILIATION_MEMBER);
            else if (listed)
                wish(lists, span_of(entry->jid), entry->affiliation);
        }
    }
}

static bool fits(const struct owner_lists *lists, const struct room *room)
{
    unsigned more = 0;
    for (unsigned i = 0; i < lists->count; i++)
        more += !room_affiliation_entry(room, span_of(lists->changes[i].jid));
    return more == 0 ||
           room->affiliations_by_jid.count + more <= room->service->settings.limits.affiliations;
}

const struct stanza_error *owner_lists_read(struct owner_lists *lists, const struct room *room,
                                            const struct form *form, struct buf *why)
{
    bool any = false;
    *lists = (struct owner_lists){NULL, 0};
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const struct form_field *field = form_field(form, fields[i].var);
        const struct stanza_error *error =
            field ? read_field(lists, field, fields[i].affiliation, why) : NULL;
        if (error)
            return error;
        any = any || field;
    }
    if (!any)
        return NULL;
    demote_missing(lists, room, form);
    if (!fits(lists, room))
        return &error_resource_constraint;
    for (unsigned i = 0; i < lists->count; i++) {
        if (lists->changes[i].affiliation == AFFILIATION_OWNER)
            return NULL;
    }
    buf_add_text(why, "muc#roomconfig_roomowners: a room needs an owner");
    return &error_conflict;
}

void owner_lists_free(struct owner_lists *lists)
{
    for (unsigned i = 0; i < lists->count; i++)
        free(lists->changes[i].jid);
    free(lists->changes);
}

void owner_lists_apply(const struct owner_lists *lists, struct room *room, const char *actor_nick)
{
    struct change change = {.actor_nick = actor_nick};
    for (unsigned i = 0; i < lists->count; i++) {
        struct span bare = span_of(lists->changes[i].jid);
        const struct affiliation_entry *entry = room_affiliation_entry(room, bare);
        enum affiliation now = entry ? entry->affiliation : AFFILIATION_NONE;
        if (now != lists->changes[i].affiliation)
            affiliation_change(room, bare, lists->changes[i].affiliation, &change);
    }
}
