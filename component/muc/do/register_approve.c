/* Approval of registrations by admins (XEP-0045, 9.9). Admins get the request as a form, and also
 * in words, because few clients show forms in messages. The user waits until one of them answers.
 */

#include <string.h>

#include "coven/form.h"
#include "coven/id.h"
#include "coven/ns.h"
#include "handlers.h"
#include "muc/say/answer.h"
#include "muc/say/deliver.h"
#include "muc/state/affiliation.h"
#include "muc/state/applicant.h"
#include "muc/state/named_user.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"
#include "register.h"

#define FIELD_USER  "muc#jid"
#define FIELD_ALLOW "muc#register_allow"

struct applicant {
    struct span bare, nick;
};

/* A message of the room with a body. Without `to`, for copies. */
static struct draft message_open(struct room *room, struct span to, const char *id,
                                 const struct buf *body)
{
    struct draft draft = draft_open(room->service, "message", room_address(room), NULL, id);
    if (to.len > 0)
        draft_to(&draft, to);
    else
        draft_to_each(&draft);
    xml_element(&draft.xml, "body", NS_CLIENT, buf_span(body));
    return draft;
}

/* Tells one client. */
static void tell(struct room *room, struct span to, const struct buf *body)
{
    struct draft draft = message_open(room, to, NULL, body);
    outbox_send(room->service->outbox, room->lane, draft_close(&draft));
}

/* Tells the clients that are inside or, if none is, the account. */
static void tell_user(struct room *room, struct span bare, const struct buf *body)
{
    struct occupant *occupant = occupant_of_user(room, bare);
    if (!occupant) {
        tell(room, bare, body);
        return;
    }
    struct draft draft = message_open(room, span_of(""), NULL, body);
    struct rendered *message = draft_close(&draft);
    for (; occupant; occupant = occupant->next_same)
        deliver_to_occupant(occupant, message);
    rendered_unref(message);
}

/* ---- Asking ---- */

static void write_form(struct xml *xml, const struct applicant *applicant)
{
    form_write_open_titled(xml, NS_MUC_REGISTER, span_of("Registration request"),
                           "Check the box and submit the form to let this person register. Submit "
                           "it without a check to refuse. Cancel to decide later.");
    form_write_field(xml, FIELD_USER, "jid-single", "User", applicant->bare);
    form_write_field(xml, "muc#register_roomnick", "text-single", "Desired nickname",
                     applicant->nick);
    form_write_field(xml, FIELD_ALLOW, "boolean", "Allow this person to register with the room?",
                     span_of("0"));
    xml_close(xml);
}

static void describe(const struct applicant *applicant, const struct room *room, struct buf *out)
{
    buf_add_span(out, applicant->bare);
    buf_printf(out, " asks to register with the room %s, with the nickname ", room->address);
    buf_add_span(out, applicant->nick);
    buf_add_text(out, ". To answer, fill in the form of this message. If your client does not show "
                      "it, give this person the affiliation member, or ignore the request.");
}

/* Renders the form, for one address or, without `to`, for copies. NULL: it is too large. */
static struct rendered *render(struct room *room, const struct applicant *applicant, struct span to)
{
    char id[ID_TEXT_SIZE];
    struct buf body = BUF_INIT;
    id_random_text(id);
    describe(applicant, room, &body);
    struct draft draft = message_open(room, to, id, &body);
    buf_free(&body);
    write_form(&draft.xml, applicant);
    bool fits = draft_fits(&draft, room->service->settings.limits.stanza_bytes);
    return fits ? draft_close(&draft) : NULL;
}

#define INSIDE_MAX 1000 /* admins who are asked at once */

/* Asks the admins who are inside, who are moderators there. Returns their number. */
static unsigned ask_inside(const struct room *room, struct rendered *form)
{
    unsigned asked = 0;
    struct occupant *admin = room->moderators;
    for (; admin && asked < INSIDE_MAX; admin = admin->next_moderator) {
        if (occupant_affiliation(admin) < AFFILIATION_ADMIN)
            continue;
        deliver_to_occupant(admin, form);
        asked++;
    }
    return asked;
}

#define ABSENT_MAX 10 /* admins who are asked at their accounts */

static void ask_roll(struct room *room, const struct applicant *applicant,
                     enum affiliation affiliation, unsigned *left)
{
    const struct affiliation_entry *entry = room->rolls[affiliation].first;
    for (; entry && *left > 0; entry = entry->next) {
        if (!strchr(entry->jid, '@'))
            continue;
        struct rendered *form = render(room, applicant, span_of(entry->jid));
        if (form)
            outbox_send(room->service->outbox, room->lane, form);
        --*left;
    }
}

static void ask_absent(struct room *room, const struct applicant *applicant)
{
    unsigned left = ABSENT_MAX;
    ask_roll(room, applicant, AFFILIATION_OWNER, &left);
    ask_roll(room, applicant, AFFILIATION_ADMIN, &left);
}

/* The result alone would look as if the user was registered. */
static void tell_that_it_waits(struct request *request)
{
    struct buf body = BUF_INIT;
    buf_printf(&body,
               "Your request to register with the room %s was passed on to its admins. You will "
               "get a message when one of them has answered.",
               request->room->address);
    tell(request->room, jid_full(&request->from), &body);
    buf_free(&body);
}

const struct stanza_error *register_ask(struct request *request, struct span nick)
{
    struct room *room = request->room;
    const struct applicant applicant = {jid_bare(&request->from), nick};
    bool waits = applicant_is(room, applicant.bare);
    if (!waits && applicant_is_full(room))
        return request_exceeds(request, "applicants", &error_resource_constraint);
    struct rendered *form = render(room, &applicant, span_of(""));
    if (!form)
        return request_exceeds(request, "stanza_bytes", &error_policy_violation);
    applicant_put(room, applicant.bare, nick);
    if (!waits && ask_inside(room, form) == 0)
        ask_absent(room, &applicant);
    rendered_unref(form);
    answer_result(request);
    if (!waits)
        tell_that_it_waits(request);
    return NULL;
}

#define SHOWN_MAX 10 /* applicants who are shown to an admin who enters */

struct show {
    const struct session *to;
    struct room *room;
};

/* A user who has an affiliation meanwhile does not wait any more. */
static void show_applicant(void *user, const struct store_applicant *row)
{
    const struct show *show = user;
    const struct applicant applicant = {row->jid, row->nick};
    if (affiliation_in(show->room, row->jid) != AFFILIATION_NONE)
        return;
    struct rendered *form = render(show->room, &applicant, span_of(""));
    if (form)
        deliver_to_session(show->to, form);
    rendered_unref(form);
}

void register_show_applicants(const struct session *session)
{
    struct room *room = session->occupant->room;
    struct show show = {session, room};
    if (room->config.registration == REGISTRATION_APPROVAL &&
        occupant_affiliation(session->occupant) >= AFFILIATION_ADMIN)
        service_wrote(room->service, store_applicants(room->service->store, room->id, SHOWN_MAX,
                                                      show_applicant, &show));
}

/* ---- The answer ---- */

static void tell_answer(struct room *room, struct span bare, const char *nick)
{
    struct buf body = BUF_INIT;
    buf_printf(&body, "Your request to register with the room %s was ", room->address);
    if (nick)
        buf_printf(&body, "granted. You are a member, and the nickname %s is reserved for you.",
                   nick);
    else
        buf_add_text(&body, "refused.");
    tell_user(room, bare, &body);
    buf_free(&body);
}

static const struct stanza_error *refuse(struct room *room, struct span bare)
{
    if (!applicant_is(room, bare))
        return &refusal_answered;
    applicant_remove(room, bare);
    tell_answer(room, bare, NULL);
    return NULL;
}

/* The form need not come from an applicant: admins may register anybody. */
static const struct stanza_error *grant(struct request *request, const struct form *form,
                                        struct span bare)
{
    char nick[PREP_SIZE];
    struct room *room = request->room;
    if (affiliation_in(room, bare) == AFFILIATION_OUTCAST)
        return &refusal_outcast; /* banned since the request */
    const struct stanza_error *error = register_read(request, form, bare, nick);
    if (error)
        return error;
    bool waits = applicant_is(room, bare);
    applicant_remove(room, bare);
    register_apply(room, bare, nick);
    if (waits)
        tell_answer(room, bare, nick);
    return NULL;
}

static const struct stanza_error *answer(struct request *request, const struct form *form)
{
    struct jid user;
    bool allowed = false;
    const struct form_field *allow = form_field(form, FIELD_ALLOW);
    const struct form_field *who = form_field(form, FIELD_USER);
    if (!allow || !form_boolean(form_field_value(allow), &allowed) || !who ||
        !jid_parse_typed(span_of(form_field_value(who)), &user))
        return &error_bad_request;
    const struct stanza_error *error = named_user_resolve(request->room, &user);
    if (error)
        return error;
    return allowed ? grant(request, form, jid_bare(&user)) : refuse(request->room, jid_bare(&user));
}

const struct stanza_error *register_approve(struct request *request)
{
    struct form form;
    const struct stanza_error *error = NULL;
    if (affiliation_in(request->room, jid_bare(&request->from)) < AFFILIATION_ADMIN)
        return &refusal_admins_only;
    if (!form_read(request->payload, &form))
        return &error_bad_request;
    if (form.type == FORM_SUBMIT)
        error = answer(request, &form);
    form_free(&form);
    return error;
}
