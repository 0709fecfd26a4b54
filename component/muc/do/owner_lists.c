#include "owner_lists.h"

#include <stdlib.h>
#include <string.h>

#include "affiliate.h"
#include "coven/jid.h"
#include "coven/mem.h"
#include "muc/state/affiliation.h"
#include "muc/state/named_user.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"

static const struct {
    const char *var, *label, *help;
    enum affiliation affiliation;
    enum affiliation below; /* of users who are missing from the list (10.2) */
} fields[] = {
    {"muc#roomconfig_roomowners", "Owners",
     "The addresses of those who may change everything, this form included.", AFFILIATION_OWNER,
     AFFILIATION_ADMIN},
    {"muc#roomconfig_roomadmins", "Admins",
     "The addresses of those who moderate the room and decide who belongs to it.",
     AFFILIATION_ADMIN, AFFILIATION_MEMBER},
};

#define FIELD_COUNT      (sizeof fields / sizeof *fields)

#define FIELD_VALUES_MAX (FORM_VALUES_MAX * 2 / 5) /* the form has two lists beside the options */
#define FIELD_SHARE      8                         /* each list may take this part of a stanza */
#define VALUE_BYTES      20                        /* markup around an address */
#define ESCAPED          6                         /* bytes that one byte becomes at most */

/* Leaves out a list that is too long for a form, to be sent or to come back, so that owners can
 * still configure the room. */
static bool fits_form(const struct room *room, enum affiliation affiliation)
{
    size_t limit = room->service->settings.limits.stanza_bytes / FIELD_SHARE, bytes = 0;
    unsigned count = 0;
    const struct affiliation_entry *entry = room->rolls[affiliation].first;
    for (; entry; entry = entry->next) {
        bytes += VALUE_BYTES + ESCAPED * strlen(entry->jid);
        if (++count > FIELD_VALUES_MAX || bytes > limit)
            return false;
    }
    return true;
}

static void write_note(struct xml *xml, const char *label)
{
    static const char note[] = "This list is too long for the form and stays as it is. Change the "
                               "affiliations one by one instead.";
    form_write_field_open(xml, NULL, "fixed", label);
    form_write_value(xml, span_of(note));
    xml_close(xml);
}

void owner_lists_write(struct xml *xml, const struct room *room)
{
    form_write_fixed(xml, "Owners and admins");
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (!fits_form(room, fields[i].affiliation)) {
            write_note(xml, fields[i].label);
            continue;
        }
        form_write_field_open(xml, fields[i].var, "jid-multi", fields[i].label);
        form_write_help(xml, fields[i].help);
        const struct affiliation_entry *entry = room->rolls[fields[i].affiliation].first;
        for (; entry; entry = entry->next)
            form_write_value(xml, span_of(entry->jid));
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

/* Notes a change. If both lists name a user, the higher affiliation counts. */
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

static const struct stanza_error *read_field(struct owner_lists *lists, const struct room *room,
                                             const struct form_field *field, size_t index,
                                             struct buf *why)
{
    for (size_t i = 0; i < field->value_count; i++) {
        struct jid jid;
        if (field->values[i][strspn(field->values[i], " \t")] == '\0')
            continue;
        if (!jid_parse_typed(span_of(field->values[i]), &jid)) {
            buf_printf(why, "%s: one value is not a valid address", fields[index].label);
            return &error_jid_malformed;
        }
        const struct stanza_error *error = named_user_resolve(room, &jid);
        if (error) {
            buf_printf(why, "%s: %s: %s", fields[index].label, jid.text, error->text);
            return error;
        }
        wish(lists, jid_bare(&jid), fields[index].affiliation);
    }
    return NULL;
}

/* A user in a list that was not sent stays there, unless the other list raises the user. */
static void keep_unsent(struct owner_lists *lists, const struct room *room, const struct form *form)
{
    for (unsigned i = 0; i < lists->count; i++) {
        struct owner_change *change = &lists->changes[i];
        const struct affiliation_entry *entry = affiliation_entry(room, span_of(change->jid));
        for (size_t j = 0; entry && j < FIELD_COUNT; j++) {
            bool listed = entry->affiliation == fields[j].affiliation;
            if (listed && !form_field(form, fields[j].var) &&
                change->affiliation < entry->affiliation)
                change->affiliation = entry->affiliation;
        }
    }
}

/* Users who are missing from a list that was sent lose its affiliation. */
static void demote_missing(struct owner_lists *lists, const struct room *room, size_t index)
{
    const struct affiliation_entry *entry = room->rolls[fields[index].affiliation].first;
    for (; entry; entry = entry->next)
        wish(lists, span_of(entry->jid), fields[index].below);
}

/* Will the room have an owner? */
static bool has_owner(const struct owner_lists *lists, const struct room *room,
                      const struct form *form)
{
    for (unsigned i = 0; i < lists->count; i++) {
        if (lists->changes[i].affiliation == AFFILIATION_OWNER)
            return true;
    }
    bool sent = form_field(form, fields[0].var) != NULL;
    return !sent && room->rolls[AFFILIATION_OWNER].count > 0;
}

static bool fits(const struct owner_lists *lists, const struct room *room)
{
    unsigned more = 0;
    for (unsigned i = 0; i < lists->count; i++)
        more += !affiliation_entry(room, span_of(lists->changes[i].jid));
    return more == 0 ||
           room->affiliations_by_jid.count + more <= room->service->settings.limits.affiliations;
}

/* A list that is not in the form cannot be replaced by it: what is sent can be only a part. */
static const struct stanza_error *read_list(struct owner_lists *lists, const struct room *room,
                                            const struct form *form, size_t index, struct buf *why)
{
    const struct form_field *field = form_field(form, fields[index].var);
    if (!field)
        return NULL;
    if (!fits_form(room, fields[index].affiliation)) {
        buf_printf(why, "%s: the list is too long to be replaced by a form", fields[index].label);
        return &error_value_not_acceptable;
    }
    return read_field(lists, room, field, index, why);
}

const struct stanza_error *owner_lists_read(struct owner_lists *lists, const struct room *room,
                                            const struct form *form, struct buf *why)
{
    *lists = (struct owner_lists){NULL, 0};
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const struct stanza_error *error = read_list(lists, room, form, i, why);
        if (error)
            return error;
    }
    keep_unsent(lists, room, form);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (form_field(form, fields[i].var))
            demote_missing(lists, room, i);
    }
    if (!fits(lists, room))
        return &error_resource_constraint;
    if (lists->count == 0 || has_owner(lists, room, form))
        return NULL;
    return &refusal_last_owner;
}

void owner_lists_free(struct owner_lists *lists)
{
    for (unsigned i = 0; i < lists->count; i++)
        free(lists->changes[i].jid);
    free(lists->changes);
}

void owner_lists_apply(const struct owner_lists *lists, struct room *room,
                       const struct actor *actor)
{
    struct change change = {.actor = actor};
    for (unsigned i = 0; i < lists->count; i++) {
        struct span bare = span_of(lists->changes[i].jid);
        const struct affiliation_entry *entry = affiliation_entry(room, bare);
        enum affiliation now = entry ? entry->affiliation : AFFILIATION_NONE;
        if (now != lists->changes[i].affiliation)
            affiliate_user(room, bare, lists->changes[i].affiliation, &change);
    }
}
