/* Approval of registrations by admins (XEP-0045, 9.9). Admins get the request as a form, and the
 * form that they send back holds everything, so the room keeps no state while it waits. */

#include <string.h>

#include "coven/form.h"
#include "coven/id.h"
#include "coven/ns.h"
#include "handlers.h"
#include "muc/say/deliver.h"
#include "muc/say/draft.h"
#include "muc/state/affiliation.h"
#include "muc/state/named_user.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"
#include "register.h"

#define FIELD_USER  "muc#jid"
#define FIELD_ALLOW "muc#register_allow"

/* ---- Asking ---- */

static void write_form(struct xml *xml, struct span bare, const char *nick)
{
    form_write_open_titled(
        xml, NS_MUC_REGISTER, span_of("Registration request"),
        "Check the box to let this person register, or cancel to ignore the request.");
    form_write_field(xml, FIELD_USER, "jid-single", "User", bare);
    form_write_field(xml, "muc#register_roomnick", "text-single", "Desired nickname",
                     span_of(nick));
    form_write_field(xml, FIELD_ALLOW, "boolean", "Allow this person to register with the room?",
                     span_of("0"));
    xml_close(xml);
}

/* Renders the form, for one address or, without `to`, for copies. NULL: it is too large. */
static struct rendered *render(struct request *request, const char *nick, struct span to)
{
    char id[ID_TEXT_SIZE];
    id_random_text(id);
    struct draft draft =
        draft_open(request->service, "message", room_address(request->room), NULL, id);
    if (to.len > 0)
        draft_to(&draft, to);
    else
        draft_to_each(&draft);
    write_form(&draft.xml, jid_bare(&request->from), nick);
    bool fits = draft_fits(&draft, request->service->settings.limits.stanza_bytes);
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

static void ask_roll(struct request *request, const char *nick, enum affiliation affiliation,
                     unsigned *left)
{
    struct room *room = request->room;
    const struct affiliation_entry *entry = room->rolls[affiliation].first;
    for (; entry && *left > 0; entry = entry->next) {
        if (!strchr(entry->jid, '@'))
            continue;
        struct rendered *form = render(request, nick, span_of(entry->jid));
        if (form)
            outbox_send(request->service->outbox, room->lane, form);
        --*left;
    }
}

static void ask_absent(struct request *request, const char *nick)
{
    unsigned left = ABSENT_MAX;
    ask_roll(request, nick, AFFILIATION_OWNER, &left);
    ask_roll(request, nick, AFFILIATION_ADMIN, &left);
}

const struct stanza_error *register_ask(struct request *request, const char *nick)
{
    struct rendered *form = render(request, nick, span_of(""));
    if (!form)
        return request_exceeds(request, "stanza_bytes", &error_policy_violation);
    if (ask_inside(request->room, form) == 0)
        ask_absent(request, nick);
    rendered_unref(form);
    return NULL;
}

/* ---- The answer ---- */

static const struct stanza_error *answer(struct request *request, const struct form *form)
{
    char nick[PREP_SIZE];
    struct jid user;
    bool allowed = false;
    const struct form_field *allow = form_field(form, FIELD_ALLOW);
    const struct form_field *who = form_field(form, FIELD_USER);
    if (!allow || !form_boolean(form_field_value(allow), &allowed) || !who ||
        !jid_parse(span_of(form_field_value(who)), &user))
        return &error_bad_request;
    const struct stanza_error *error = named_user_resolve(request->room, &user);
    if (error || !allowed)
        return error;
    if (affiliation_in(request->room, jid_bare(&user)) == AFFILIATION_OUTCAST)
        return &refusal_outcast; /* banned since the request */
    error = register_read(request, form, jid_bare(&user), nick);
    if (!error)
        register_apply(request->room, jid_bare(&user), nick);
    return error;
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
