#include "adhoc_call.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "adhoc.h"
#include "adhoc_offer.h"
#include "adhoc_rows.h"
#include "coven/id.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/run.h"
#include "muc/limit/quota.h"
#include "muc/say/answer.h"
#include "muc/state/service_state.h"

#define ROWS_MAX    200  /* in an answer */
#define SPARE_BYTES 4096 /* of an answer, for what is not rows */

struct adhoc_call {
    struct adhoc_call *prev, *next;
    struct service *service;
    const struct command *command;
    struct run *run; /* NULL: it has ended */
    xmpp_stanza_t *stanza;
    char *bare; /* who calls */
    char id[ID_TEXT_SIZE];
    struct buf rows;       /* those that fit, rendered */
    unsigned shown, count; /* rows that fit, and all that came */
    bool cut;              /* more might have come */
    const struct stanza_error *error;
    char *text;    /* of the error */
    bool fresh;    /* begun in this turn */
    bool answered; /* in this turn */
};

static void free_call(struct adhoc_call *call)
{
    DL_DELETE(call->service->adhoc->calls, call);
    if (call->run)
        run_abandon(call->run);
    xmpp_stanza_release(call->stanza);
    buf_free(&call->rows);
    free(call->bare);
    free(call->text);
    free(call);
}

/* ---- What the run tells ---- */

static void take_row(void *user, json_t *row)
{
    struct adhoc_call *call = user;
    size_t before = call->rows.len;
    if (call->count++ > call->shown || call->shown == ROWS_MAX)
        return;
    adhoc_rows_add(&call->rows, call->command, row, call->count);
    if (call->rows.len + SPARE_BYTES > call->service->settings.limits.stanza_bytes)
        buf_cut(&call->rows, before);
    else
        call->shown++;
}

static void take_end(void *user, const struct stanza_error *error, const char *text)
{
    struct adhoc_call *call = user;
    call->run = NULL;
    call->error = error;
    call->text = text ? mem_string(text) : NULL;
}

/* ---- Beginning ---- */

static unsigned count_of_user(const struct request *request)
{
    const struct adhoc_call *call;
    unsigned count = 0;
    DL_FOREACH (request->service->adhoc->calls, call) {
        count += span_is(jid_bare(&request->from), call->bare);
    }
    return count;
}

const struct stanza_error *adhoc_call_begin(struct request *request, const struct command *command,
                                            json_t *args, const char *id)
{
    struct service *service = request->service;
    struct span bare = jid_bare(&request->from);
    if (count_of_user(request) >= service->settings.limits.user_commands) {
        json_decref(args);
        return request_exceeds(request, "user_commands", &error_resource_constraint);
    }
    struct adhoc_call *call = mem_new(sizeof *call);
    call->bare = mem_copy(bare.at, bare.len);
    struct run_caller caller = {.name = call->bare,
                                .jid = jid_full(&request->from),
                                .is_operator = adhoc_is_operator(request)};
    struct run_sink sink = {.user = call, .row = take_row, .end = take_end};
    call->run = run_begin(service, command, args, &caller, &sink);
    if (!call->run) {
        free(call->bare);
        free(call);
        return request_exceeds(request, "commands", &error_resource_constraint);
    }
    call->service = service;
    call->command = command;
    call->stanza = xmpp_stanza_clone(request->stanza);
    call->fresh = true;
    if (id)
        memcpy(call->id, id, sizeof call->id);
    else
        id_random_text(call->id);
    DL_APPEND(service->adhoc->calls, call);
    return NULL;
}

/* ---- Answers ---- */

static void write_note(struct xml *xml, const char *type, const char *text)
{
    xml_open(xml, "note", NULL);
    xml_attr_text(xml, "type", type);
    xml_text(xml, span_of(text));
    xml_close(xml);
}

/* What does not fit into the answer can be asked for, where the command lets rows be skipped. */
static void add_count(const struct adhoc_call *call, struct buf *out)
{
    const struct command_argument *skip = command_argument_find(call->command, "skip");
    if (call->count == 0)
        buf_add_text(out, call->command->none ? call->command->none : "Done.");
    else if (call->shown == call->count)
        buf_printf(out, "%u %s.", call->count, call->count == 1 ? "row" : "rows");
    else if (call->cut)
        buf_printf(out, "Only the first %u rows are shown.", call->shown);
    else
        buf_printf(out, "Only the first %u of %u rows are shown.", call->shown, call->count);
    if (call->shown < call->count && skip)
        buf_printf(out, " For more, run the command again with \"%s\" raised by %u.", skip->label,
                   call->shown);
}

static void write_notes(struct xml *xml, const struct adhoc_call *call)
{
    struct buf text = BUF_INIT;
    if (call->command->shape == SHAPE_TABLE)
        add_count(call, &text);
    else if (call->count > call->shown)
        buf_add_text(&text, "The answer is too large to be shown.");
    else
        buf_add_text(&text, "Done.");
    write_note(xml, "info", text.data);
    buf_free(&text);
    if (call->error)
        write_note(xml, "error", call->text ? call->text : call->error->text);
}

static void answer(struct request *request, const struct adhoc_call *call)
{
    struct buf node = BUF_INIT;
    struct draft draft = answer_open(request);
    adhoc_node(call->command, &node);
    xml_open(&draft.xml, "command", NS_COMMANDS);
    xml_attr(&draft.xml, "node", buf_span(&node));
    xml_attr_text(&draft.xml, "sessionid", call->id);
    xml_attr_text(&draft.xml, "status", "completed");
    write_notes(&draft.xml, call);
    if (call->shown > 0)
        adhoc_rows_write(&draft.xml, call->command, &call->rows);
    xml_close(&draft.xml);
    answer_send(request, &draft);
    buf_free(&node);
}

/* A command that told something before it failed has an answer nevertheless. */
static void send(struct adhoc_call *call)
{
    struct request request;
    struct outbox_tally before = outbox_tally(call->service->outbox);
    if (request_read(&request, call->service, call->stanza, false)) {
        request.apart = true;
        if (call->error && call->text)
            buf_add_text(&request.why, call->text);
        if (call->error && call->shown == 0)
            answer_refuse(&request, call->error);
        else
            answer(&request, call);
        quota_charge_request(&request, &before);
    }
    request_close(&request);
    call->answered = true;
}

static struct adhoc_call *find_ended(const struct service *service)
{
    struct adhoc_call *call;
    DL_FOREACH (service->adhoc->calls, call) {
        if (!call->run && !call->fresh && !call->answered)
            return call;
    }
    return NULL;
}

bool adhoc_call_has_work(const struct service *service)
{
    return find_ended(service) != NULL;
}

void adhoc_call_step(struct service *service)
{
    struct adhoc_call *call = find_ended(service);
    if (call)
        send(call);
}

/* What would only be read and not be shown is not read. */
static void cut_short(struct adhoc_call *call)
{
    if (!call->run || call->command->changes || call->count <= call->shown)
        return;
    run_abandon(call->run);
    call->run = NULL;
    call->cut = true;
}

/* The sender of a request that was dropped gets a refusal, and the command is not run. */
void adhoc_call_settle(struct service *service, bool committed)
{
    struct adhoc_call *call, *next;
    DL_FOREACH_SAFE (service->adhoc->calls, call, next) {
        if (committed ? call->answered : call->fresh) {
            free_call(call);
        } else {
            cut_short(call);
            call->answered = false;
            call->fresh = false;
        }
    }
}

void adhoc_call_free_all(struct service *service)
{
    while (service->adhoc->calls)
        free_call(service->adhoc->calls);
}
