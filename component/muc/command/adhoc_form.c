#include "adhoc_form.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "adhoc.h"
#include "adhoc_offer.h"
#include "coven/mem.h"
#include "muc/state/service_state.h"

#define FORM_MS 600000 /* how long a form waits */

static void free_form(struct service *service, struct adhoc_form *form)
{
    DL_DELETE(service->adhoc->forms, form);
    service->adhoc->form_count--;
    free(form->from);
    free(form->to);
    free(form);
}

static bool is_of_user(const struct adhoc_form *form, struct span bare)
{
    return span_equal(bare, (struct span){form->from, strcspn(form->from, "/")});
}

/* A user who leaves many forms behind loses the oldest, not the use of commands. */
static void limit_user(struct service *service, struct span bare)
{
    struct adhoc_form *form, *oldest = NULL;
    unsigned count = 0;
    DL_FOREACH (service->adhoc->forms, form) {
        if (form->ended || !is_of_user(form, bare))
            continue;
        oldest = oldest ? oldest : form;
        count++;
    }
    if (oldest && count >= service->settings.limits.user_commands)
        oldest->ended = true;
}

/* Those who run the service find it usable whatever the owners of rooms do. */
static bool is_full(const struct request *request)
{
    const struct service *service = request->service;
    return service->adhoc->form_count >= service->settings.limits.command_forms &&
           !adhoc_is_operator(request);
}

struct adhoc_form *adhoc_form_new(struct request *request, const struct command *command)
{
    struct service *service = request->service;
    struct span from = jid_full(&request->from), to = jid_bare(&request->to);
    if (is_full(request)) {
        request_exceeds(request, "command_forms", NULL);
        return NULL;
    }
    limit_user(service, jid_bare(&request->from));
    struct adhoc_form *form = mem_new(sizeof *form);
    form->command = command;
    form->from = mem_copy(from.at, from.len);
    form->to = mem_copy(to.at, to.len);
    form->until_ms = service->mono_ms + FORM_MS;
    form->fresh = true;
    id_random_text(form->id);
    DL_APPEND(service->adhoc->forms, form);
    service->adhoc->form_count++;
    return form;
}

struct adhoc_form *adhoc_form_find(const struct request *request, const struct command *command,
                                   const char *id)
{
    struct adhoc_form *form;
    DL_FOREACH (request->service->adhoc->forms, form) {
        if (!form->ended && form->command == command && strcmp(form->id, id) == 0 &&
            form->until_ms > request->service->mono_ms &&
            span_is(jid_full(&request->from), form->from) &&
            span_is(jid_bare(&request->to), form->to))
            return form;
    }
    return NULL;
}

void adhoc_form_end(struct adhoc_form *form)
{
    form->ended = true;
}

void adhoc_form_settle(struct service *service, bool committed)
{
    struct adhoc_form *form, *next;
    DL_FOREACH_SAFE (service->adhoc->forms, form, next) {
        if (committed ? form->ended : form->fresh) {
            free_form(service, form);
        } else {
            form->fresh = false;
            form->ended = false;
        }
    }
}

void adhoc_form_tick(struct service *service)
{
    struct adhoc_form *form, *next;
    DL_FOREACH_SAFE (service->adhoc->forms, form, next) {
        if (form->until_ms <= service->mono_ms)
            free_form(service, form);
    }
}

void adhoc_form_free_all(struct service *service)
{
    while (service->adhoc->forms)
        free_form(service, service->adhoc->forms);
}
