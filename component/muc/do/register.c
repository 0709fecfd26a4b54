/* Registration with a room (XEP-0045, 7.10; XEP-0077): the form is got, submitted or cancelled, or
 * a registration is removed. */

#include <string.h>

#include "affiliate.h"
#include "coven/form.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/utf8.h"
#include "handlers.h"
#include "muc/limit/quota.h"
#include "muc/say/answer.h"
#include "muc/say/presence.h"
#include "muc/state/access.h"
#include "muc/state/affiliation.h"
#include "muc/state/applicant.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"
#include "register.h"

#define FIELD_NICK "muc#register_roomnick"

/* Affiliated users may register; for others the room's option decides. */
static const struct stanza_error *check_right(const struct request *request)
{
    switch (affiliation_in(request->room, jid_bare(&request->from))) {
    case AFFILIATION_OUTCAST:
        return &refusal_banned;
    case AFFILIATION_NONE:
        if (request->room->config.registration != REGISTRATION_MEMBERS)
            return NULL;
        return request->service->settings.strict_registration ? &refusal_registration_closed
                                                              : &refusal_register_members;
    default:
        return NULL;
    }
}

static void write_form(struct xml *xml)
{
    form_write_open(xml, "form", NS_MUC_REGISTER);
    form_write_field_open(xml, FIELD_NICK, "text-single", "Nickname");
    xml_element(xml, "required", NULL, span_of(""));
    xml_close(xml);
    xml_close(xml);
}

const struct stanza_error *register_get(struct request *request)
{
    const struct affiliation_entry *entry =
        affiliation_entry(request->room, jid_bare(&request->from));
    const struct stanza_error *error = check_right(request);
    if (error)
        return error;
    struct draft draft = answer_open(request);
    xml_open(&draft.xml, "query", NS_REGISTER);
    if (entry && *entry->nick) {
        xml_element(&draft.xml, "registered", NULL, span_of(""));
        xml_element(&draft.xml, "username", NULL, span_of(entry->nick));
    } else {
        write_form(&draft.xml);
    }
    xml_close(&draft.xml);
    answer_send(request, &draft);
    return NULL;
}

/* ---- Registering ---- */

static const struct stanza_error *check_nick(struct request *request, struct span bare,
                                             struct span nick)
{
    const struct affiliation_entry *holder = affiliation_nick_holder(request->room, nick);
    const struct occupant *occupant = occupant_find(request->room, nick);
    if (nick.len == 0)
        return &refusal_nick_invalid;
    if (utf8_count(nick) > request->service->settings.limits.nick_chars)
        return request_exceeds(request, "nick_characters", &error_policy_violation);
    bool reserved = holder && !span_is(bare, holder->jid);
    bool used = occupant && !span_is(bare, occupant_bare(occupant));
    if (reserved)
        return &refusal_nick_kept;
    return used ? &refusal_nick_used : NULL;
}

static bool needs_approval(const struct request *request)
{
    return request->room->config.registration == REGISTRATION_APPROVAL &&
           affiliation_in(request->room, jid_bare(&request->from)) == AFFILIATION_NONE;
}

const struct stanza_error *register_read(struct request *request, const struct form *form,
                                         struct span bare, char nick[PREP_SIZE])
{
    const struct room *room = request->room;
    const struct form_field *field = form_field(form, FIELD_NICK);
    if (!field || *form_field_value(field) == '\0') {
        buf_add_text(&request->why, "Nickname: a value is required");
        return &error_bad_request;
    }
    size_t len = prep_nick(span_of(form_field_value(field)), nick);
    const struct stanza_error *error = check_nick(request, bare, (struct span){nick, len});
    bool taken = error == &refusal_nick_kept || error == &refusal_nick_used;
    if (taken && access_of(request) < ACCESS_INSIDE && needs_approval(request))
        error = NULL; /* the sender must not learn who is inside; the admin will see the conflict */
    bool grows = !affiliation_entry(room, bare);
    if (!error && grows &&
        room->affiliations_by_jid.count >= request->service->settings.limits.affiliations)
        return request_exceeds(request, "affiliations", &error_resource_constraint);
    return error;
}

/* Shows occupants a new reserved nick by presence, if nothing else has changed. */
static void show(const struct room *room, struct span bare)
{
    struct occupant *occupant = occupant_of_user(room, bare);
    for (; occupant; occupant = occupant->next_same) {
        struct presence_event event = presence_event_of(occupant);
        presence_announce(occupant, &event);
    }
}

void register_apply(struct room *room, struct span bare, const char *nick)
{
    const struct affiliation_entry *entry = affiliation_entry(room, bare);
    enum affiliation own = entry ? entry->affiliation : AFFILIATION_NONE;
    bool nobody = affiliation_in(room, bare) == AFFILIATION_NONE;
    if (!nobody && entry && strcmp(entry->nick, nick) == 0)
        return;
    if (nobody) {
        affiliate_user(room, bare, AFFILIATION_MEMBER, &(struct change){.nick = nick});
        return;
    }
    affiliation_set(room, bare, own, nick, NULL);
    show(room, bare);
}

static const struct stanza_error *submit(struct request *request, const struct form *form)
{
    char nick[PREP_SIZE];
    struct span bare = jid_bare(&request->from);
    const char *type = form_form_type(form);
    if (!type || strcmp(type, NS_MUC_REGISTER) != 0)
        return &error_bad_request;
    const struct stanza_error *error = register_read(request, form, bare, nick);
    if (error)
        return error;
    if (needs_approval(request))
        return register_ask(request, span_of(nick));
    register_apply(request->room, bare, nick);
    answer_result(request);
    return NULL;
}

/* ---- Giving it up ---- */

/* Removes a registration, or the request for one. The nick is free again, and a plain membership,
 * which is what a registration gives, ends with it. */
static const struct stanza_error *resign(struct request *request)
{
    struct span bare = jid_bare(&request->from);
    const struct affiliation_entry *entry = affiliation_entry(request->room, bare);
    applicant_remove(request->room, bare);
    if (entry && entry->affiliation == AFFILIATION_MEMBER) {
        affiliate_user(request->room, bare, AFFILIATION_NONE, &(struct change){.nick = ""});
    } else if (entry && *entry->nick) {
        affiliation_set(request->room, bare, entry->affiliation, "", NULL);
        show(request->room, bare);
    }
    answer_result(request);
    return NULL;
}

const struct stanza_error *register_set(struct request *request)
{
    xmpp_stanza_t *remove = stanza_child(request->payload, "remove", NS_REGISTER);
    xmpp_stanza_t *x = stanza_child(request->payload, "x", NS_DATA);
    struct form form;
    request->limit = quota_refuses_visit(request);
    if (request->limit)
        return &error_resource_constraint;
    if (remove) {
        bool alone = stanza_child(request->payload, NULL, NULL) == remove &&
                     !stanza_next(remove, NULL, NULL);
        return alone ? resign(request) : &error_bad_request;
    }
    const struct stanza_error *error = check_right(request);
    if (error)
        return error;
    if (!x || !form_read(x, &form))
        return &error_bad_request;
    if (form.type == FORM_CANCEL)
        answer_result(request);
    else
        error = submit(request, &form);
    form_free(&form);
    return error;
}
