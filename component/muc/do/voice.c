/* Requesting voice and granting it (XEP-0045, 7.13 and 8.6). Both are the same form, sent to the
 * room. A form with muc#request_allow is a moderator's answer. */

#include <string.h>

#include "affiliate.h"
#include "coven/form.h"
#include "coven/id.h"
#include "coven/ns.h"
#include "handlers.h"
#include "muc/say/deliver.h"
#include "muc/say/draft.h"
#include "muc/state/actor.h"
#include "muc/state/named_user.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"

/* ---- Asking ---- */

/* Few clients show forms in messages. */
static void write_body(struct xml *xml, const struct occupant *occupant)
{
    struct buf body = BUF_INIT;
    buf_printf(&body,
               "%s asks for voice in the room %s. To answer, fill in the form of this message. If "
               "your client does not show it, give voice to this nickname, or ignore the request.",
               occupant_nick(occupant), occupant->room->address);
    xml_element(xml, "body", NS_CLIENT, buf_span(&body));
    buf_free(&body);
}

static struct rendered *render(const struct session *session)
{
    struct room *room = session->occupant->room;
    char id[ID_TEXT_SIZE];
    id_random_text(id);
    struct draft draft = draft_open(room->service, "message", room_address(room), NULL, id);
    struct xml *xml = &draft.xml;
    draft_to_each(&draft);
    write_body(xml, session->occupant);
    form_write_open_titled(
        xml, NS_MUC_REQUEST, span_of("Voice request"),
        "Check the box to let this person speak, or cancel to ignore the request.");
    form_write_field(xml, "muc#role", "list-single", "Requested role", span_of("participant"));
    form_write_field(xml, "muc#jid", "jid-single", "User", session_jid(session));
    form_write_field(xml, "muc#roomnick", "text-single", "Nickname",
                     span_of(occupant_nick(session->occupant)));
    form_write_field(xml, "muc#request_allow", "boolean", "Grant voice to this person?",
                     span_of("false"));
    xml_close(xml);
    bool fits = draft_fits(&draft, room->service->settings.limits.stanza_bytes);
    return fits ? draft_close(&draft) : NULL;
}

static bool asks_too_soon(const struct occupant *occupant)
{
    const struct service *service = occupant->room->service;
    int64_t interval = (int64_t)service->settings.limits.voice_seconds * 1000;
    return occupant->has_asked && service->mono_ms - occupant->asked_ms < interval;
}

static const struct stanza_error *ask(struct request *request)
{
    struct occupant *occupant = request->session->occupant;
    if (occupant->role != ROLE_VISITOR)
        return &refusal_has_voice;
    if (asks_too_soon(occupant))
        return request_exceeds(request, "voice_seconds", &error_resource_constraint);
    struct rendered *form = render(request->session);
    if (!form)
        return request_exceeds(request, "stanza_bytes", &error_policy_violation);
    occupant->has_asked = true;
    occupant->asked_ms = request->service->mono_ms;
    deliver_to_moderators(request->room, form, NULL);
    rendered_unref(form);
    return NULL;
}

/* ---- Answering ---- */

/* The occupant of that user, who may have another nick by now, or another session. */
static struct occupant *find_by_jid(const struct room *room, const struct jid *user,
                                    struct span nick)
{
    const struct session *session = session_find(room, jid_full(user));
    struct occupant *occupant = occupant_find(room, nick);
    if (session)
        return session->occupant;
    if (occupant && span_is(jid_bare(user), occupant_bare(occupant)))
        return occupant;
    return occupant_of_user(room, jid_bare(user));
}

/* The nick in the form counts only if there is no JID: somebody else may have it by now. */
static const struct stanza_error *find_visitor(const struct request *request,
                                               const struct form *form, struct occupant **visitor_r)
{
    const struct room *room = request->room;
    const struct form_field *nick = form_field(form, "muc#roomnick");
    const struct form_field *jid = form_field(form, "muc#jid");
    struct jid user;
    if (!nick || *form_field_value(nick) == '\0')
        return &error_bad_request;
    if (jid && !jid_parse(span_of(form_field_value(jid)), &user))
        return &error_bad_request;
    const struct stanza_error *error = jid ? named_user_resolve(room, &user) : NULL;
    if (error)
        return error;
    struct span name = span_of(form_field_value(nick));
    *visitor_r = jid ? find_by_jid(room, &user, name) : occupant_find(room, name);
    return *visitor_r ? NULL : &refusal_asker_left;
}

static void give_voice(const struct request *request, struct occupant *visitor)
{
    struct actor actor = actor_of(request);
    affiliate_role(visitor, ROLE_PARTICIPANT, &(struct change){.actor = &actor});
    actor_free(&actor);
}

static const struct stanza_error *answer(struct request *request, const struct form *form,
                                         const struct form_field *allow)
{
    struct occupant *visitor = NULL;
    bool allowed = false;
    if (request->session->occupant->role != ROLE_MODERATOR)
        return &refusal_moderators_only;
    if (!form_boolean(form_field_value(allow), &allowed))
        return &error_bad_request;
    const struct stanza_error *error = find_visitor(request, form, &visitor);
    if (error)
        return error;
    if (allowed && visitor->role == ROLE_VISITOR)
        give_voice(request, visitor);
    return NULL;
}

/* ---- Both ---- */

static bool asks_for_voice(const struct form *form)
{
    const char *type = form_form_type(form);
    const struct form_field *role = form_field(form, "muc#role");
    return type && strcmp(type, NS_MUC_REQUEST) == 0 && role &&
           strcmp(form_field_value(role), "participant") == 0;
}

const struct stanza_error *voice_form(struct request *request)
{
    struct form form;
    const struct stanza_error *error = NULL;
    if (!request->session)
        return &error_not_acceptable;
    if (!form_read(request->payload, &form))
        return &error_bad_request;
    const struct form_field *allow = form_field(&form, "muc#request_allow");
    if (form.type == FORM_SUBMIT) {
        if (!asks_for_voice(&form))
            error = &error_bad_request;
        else
            error = allow ? answer(request, &form, allow) : ask(request);
    }
    form_free(&form);
    return error;
}
