#include "adhoc.h"

#include <stdlib.h>
#include <string.h>

#include "adhoc_call.h"
#include "adhoc_fields.h"
#include "adhoc_form.h"
#include "adhoc_offer.h"
#include "coven/form.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "muc/say/answer.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"

/* What a request says about a command. */
struct invocation {
    const struct command *command;
    struct adhoc_form *form; /* the session; NULL: it is to begin */
    xmpp_stanza_t *x;        /* the form that came along, or NULL */
};

/* ---- Answers ---- */

/* Refuses with one of XEP-0050's own conditions. */
static const struct stanza_error *complain(struct request *request, const char *complaint)
{
    request->complaint = complaint;
    return &error_bad_request;
}

static struct draft open_answer(struct request *request, const struct invocation *invocation,
                                const char *status)
{
    struct draft draft = answer_open(request);
    xml_open(&draft.xml, "command", NS_COMMANDS);
    xml_attr_text(&draft.xml, "node", stanza_attr(request->payload, "node"));
    xml_attr_text(&draft.xml, "sessionid", invocation->form->id);
    xml_attr_text(&draft.xml, "status", status);
    return draft;
}

static void send_answer(struct request *request, struct draft *draft)
{
    request->apart = true;
    xml_close(&draft->xml);
    answer_send(request, draft);
}

/* ---- Actions ---- */

static const struct stanza_error *ask(struct request *request, struct invocation *invocation)
{
    invocation->form = adhoc_form_new(request, invocation->command);
    if (!invocation->form)
        return &error_resource_constraint;
    struct draft draft = open_answer(request, invocation, "executing");
    xml_open(&draft.xml, "actions", NULL);
    xml_attr_text(&draft.xml, "execute", "complete");
    xml_element(&draft.xml, "complete", NULL, span_of(""));
    xml_close(&draft.xml);
    adhoc_fields_write(&draft.xml, request, invocation->command);
    send_answer(request, &draft);
    return NULL;
}

static const struct stanza_error *cancel(struct request *request, struct invocation *invocation)
{
    struct draft draft = open_answer(request, invocation, "canceled");
    adhoc_form_end(invocation->form);
    send_answer(request, &draft);
    return NULL;
}

/* A form that was not accepted can be sent again. */
static const struct stanza_error *run(struct request *request, struct invocation *invocation,
                                      const struct form *form)
{
    json_t *args = adhoc_fields_read(request, invocation->command, form);
    if (!args)
        return &error_bad_request;
    const struct stanza_error *error = adhoc_call_begin(
        request, invocation->command, args, invocation->form ? invocation->form->id : NULL);
    if (!error && invocation->form)
        adhoc_form_end(invocation->form);
    return error;
}

static const struct stanza_error *complete(struct request *request, struct invocation *invocation)
{
    struct form form;
    const struct stanza_error *error = NULL;
    if (!invocation->x)
        return adhoc_fields_exist(request, invocation->command) ? complain(request, "bad-payload")
                                                                : run(request, invocation, NULL);
    if (!form_read(invocation->x, &form))
        return complain(request, "bad-payload");
    if (form.type == FORM_SUBMIT)
        error = run(request, invocation, &form);
    else if (invocation->form)
        error = cancel(request, invocation);
    else
        error = complain(request, "bad-payload");
    form_free(&form);
    return error;
}

/* A form that comes along at once needs no session. */
static const struct stanza_error *execute(struct request *request, struct invocation *invocation)
{
    if (invocation->form || invocation->x)
        return complete(request, invocation);
    return adhoc_fields_needed(request, invocation->command) ? ask(request, invocation)
                                                             : run(request, invocation, NULL);
}

static const struct stanza_error *refuse(struct request *request, struct invocation *invocation)
{
    (void)invocation;
    return complain(request, "bad-action");
}

static const struct {
    const char *name;
    const struct stanza_error *(*handler)(struct request *request, struct invocation *invocation);
    bool begins; /* needs no session */
} actions[] = {
    {"execute", execute, true}, {"complete", complete, false},
    {"cancel", cancel, false},  {"next", refuse, false}, /* there is one form only */
    {"prev", refuse, false},
};

static const struct stanza_error *act(struct request *request, struct invocation *invocation,
                                      const char *action)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (strcmp(actions[i].name, action) != 0)
            continue;
        if (!invocation->form && !actions[i].begins)
            return complain(request, "bad-sessionid");
        return actions[i].handler(request, invocation);
    }
    return complain(request, "malformed-action");
}

const struct stanza_error *adhoc_command(struct request *request)
{
    const char *node = stanza_attr(request->payload, "node");
    const char *action = stanza_attr(request->payload, "action");
    const char *id = stanza_attr(request->payload, "sessionid");
    struct invocation invocation = {
        .command = adhoc_find(request, node ? node : ""),
        .x = stanza_child(request->payload, "x", NS_DATA),
    };
    if (!invocation.command)
        return &refusal_no_node;
    if (!adhoc_allows(request, invocation.command))
        return &error_forbidden;
    if (id)
        invocation.form = adhoc_form_find(request, invocation.command, id);
    if (id && !invocation.form)
        return complain(request, "bad-sessionid");
    return act(request, &invocation, action ? action : "execute");
}

/* ---- The life of it ---- */

void adhoc_open(struct service *service)
{
    service->adhoc = mem_new(sizeof *service->adhoc);
}

/* Before the runs are freed. */
void adhoc_free(struct service *service)
{
    adhoc_form_free_all(service);
    adhoc_call_free_all(service);
    free(service->adhoc);
}

bool adhoc_has_work(const struct service *service)
{
    return adhoc_call_has_work(service);
}

void adhoc_step(struct service *service)
{
    adhoc_call_step(service);
}

void adhoc_settle(struct service *service, bool committed)
{
    adhoc_form_settle(service, committed);
    adhoc_call_settle(service, committed);
}

void adhoc_tick(struct service *service)
{
    adhoc_form_tick(service);
}
