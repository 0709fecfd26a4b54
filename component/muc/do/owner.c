/* Requests of owners (muc#owner; XEP-0045, 10): to get the configuration form, to submit or cancel
 * it, and to destroy the room. */

#include <stdlib.h>
#include <string.h>

#include "audit.h"
#include "configure.h"
#include "coven/domain.h"
#include "coven/form.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "destroy.h"
#include "handlers.h"
#include "muc/say/answer.h"
#include "muc/state/actor.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"
#include "owner_lists.h"

static bool is_owner(const struct request *request)
{
    return actor_affiliation(request) == AFFILIATION_OWNER;
}

/* The options that the asking owner may not change; NULL: none, for admins of the service. */
static const bool *fixed_options(const struct request *request)
{
    const struct service_settings *settings = &request->service->settings;
    bool is_admin = domain_lists(settings->admins, jid_bare(&request->from));
    return is_admin || request->operator? NULL : settings->fixed;
}

const struct stanza_error *owner_get(struct request *request)
{
    if (!is_owner(request))
        return &refusal_owners_only;
    struct draft draft = answer_open(request);
    struct buf title = BUF_INIT;
    buf_printf(&title, "Configuration of %s", request->room->address);
    xml_open(&draft.xml, "query", NS_MUC_OWNER);
    form_write_open_titled(&draft.xml, NS_MUC_ROOMCONFIG, buf_span(&title),
                           "Choose the options of the room and submit the form.");
    buf_free(&title);
    options_write_form(&draft.xml, &request->room->config, fixed_options(request),
                       &request->service->settings.limits);
    owner_lists_write(&draft.xml, request->room);
    xml_close(&draft.xml);
    xml_close(&draft.xml);
    answer_send(request, &draft);
    return NULL;
}

/* An owner who cancels the configuration of a new room does not want it (10.1.3). Later, cancelling
 * changes nothing. */
static const struct stanza_error *cancel(struct request *request)
{
    if (room_is_locked(request->room))
        destroy_room(request->room, NULL);
    answer_result(request);
    return NULL;
}

/* The result comes first, then everybody learns what changed. */
static void carry_out(struct request *request, struct room_config *config,
                      const struct owner_lists *lists)
{
    struct room *room = request->room;
    struct actor actor = actor_of(request);
    audit_log(request, "configures the room");
    answer_result(request);
    room_unlock(room);
    owner_lists_apply(
        lists, room,
        &actor); /* first, so that new admins may stay in a room that becomes members-only */
    configure_room(room, config);
    actor_free(&actor);
}

static const struct stanza_error *submit(struct request *request, const struct form *form)
{
    const struct room *room = request->room;
    const char *form_type = form_form_type(form);
    bool ours = form_type && strcmp(form_type, NS_MUC_ROOMCONFIG) == 0;
    if (form->field_count > 0 && !ours)
        return &error_bad_request;
    struct room_config config;
    struct owner_lists lists;
    options_copy(&config, &room->config);
    const struct stanza_error *error = owner_lists_read(&lists, room, form, &request->why);
    if (error == &error_resource_constraint)
        request->limit = "affiliations";
    if (!error && !options_submit(&config, form, fixed_options(request),
                                  &request->service->settings.limits, &request->why))
        error = &error_value_not_acceptable;
    if (error)
        options_free(&config);
    else
        carry_out(request, &config, &lists);
    owner_lists_free(&lists);
    return error;
}

static const struct stanza_error *handle_form(struct request *request, xmpp_stanza_t *x)
{
    struct form form;
    if (!form_read(x, &form))
        return &error_bad_request;
    const struct stanza_error *error =
        form.type == FORM_CANCEL ? cancel(request) : submit(request, &form);
    form_free(&form);
    return error;
}

static const struct stanza_error *handle_destroy(struct request *request, xmpp_stanza_t *element)
{
    struct destroy destroy;
    const struct stanza_error *error = destroy_read(&destroy, request, element);
    if (error)
        return error;
    audit_log(request, "destroys the room");
    destroy_room(request->room, &destroy);
    answer_result(request);
    destroy_free(&destroy);
    return NULL;
}

const struct stanza_error *owner_set(struct request *request)
{
    xmpp_stanza_t *form = stanza_child(request->payload, "x", NS_DATA);
    xmpp_stanza_t *destroy = stanza_child(request->payload, "destroy", NS_MUC_OWNER);
    if (!is_owner(request))
        return &refusal_owners_only;
    if (destroy)
        return handle_destroy(request, destroy);
    return form ? handle_form(request, form) : &error_bad_request;
}
