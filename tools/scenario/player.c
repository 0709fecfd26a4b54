#include "player.h"

#include <stdlib.h>

#include "coven/clock.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "element.h"
#include "expect.h"
#include "login.h"
#include "pattern.h"
#include "play.h"
#include "sweep.h"

/* ---- Connections ---- */

static bool play_connects(struct play *play, const struct script_step *step)
{
    struct client *client = play_client(play, step);
    struct buf error = BUF_INIT;
    stage_close(play->stage, client);
    bool ok = login_run(play->stage, client, &error);
    if (ok)
        play_set(play, client, "'s full JID", client->full_jid);
    else
        play_fail(play, step, step->line, "%s", error.data);
    buf_free(&error);
    return ok;
}

static bool play_disconnects(struct play *play, const struct script_step *step)
{
    stage_close(play->stage, play_client(play, step));
    return true;
}

/* A server that greets a new connection has noticed the end of the old one. */
static bool play_dies(struct play *play, const struct script_step *step)
{
    client_cut(play_client(play, step));
    login_knock(play->stage, play_client(play, step));
    return true;
}

/* ---- Sending, and the barrier after it ---- */

/* The pings after one step: one for each bare address that it sent to. */
struct barrier {
    char **to;
    struct ask *asks;
    int count;
};

static void write_ping(struct xml *xml)
{
    xml_element(xml, "ping", NS_PING, span_of(""));
}

static void barrier_add(struct barrier *barrier, const char *to)
{
    char *bare = mem_copy(to, strcspn(to, "/"));
    for (int i = 0; i < barrier->count; i++) {
        if (strcmp(barrier->to[i], bare) != 0)
            continue;
        free(bare);
        return;
    }
    size_t count = (size_t)barrier->count++;
    barrier->to = mem_resize(barrier->to, (count + 1) * sizeof *barrier->to);
    barrier->to[count] = bare;
}

/* A stanza without an address goes to the account of its sender. */
static void barrier_read(struct barrier *barrier, struct play *play, const struct client *client,
                         struct span text)
{
    struct pattern_error ignored; /* a script may send malformed XML */
    xmlDoc *doc = pattern_parse(text, 1, &ignored);
    const xmlNode *element = doc ? pattern_first(doc) : NULL;
    for (; element; element = element_next(element)) {
        const char *to = element_attr(element, "to");
        barrier_add(barrier, to && *to ? to : client->who->jid);
        sweep_note(&play->sweep, play->stage, element);
    }
    if (barrier->count == 0)
        barrier_add(barrier, client->who->jid);
    xmlFreeDoc(doc);
}

static bool barrier_wait(struct barrier *barrier, struct stage *stage, struct client *client)
{
    int64_t deadline = stage_deadline(stage);
    bool all = true;
    barrier->asks = mem_new((size_t)barrier->count * sizeof *barrier->asks);
    for (int i = 0; i < barrier->count; i++)
        client_ask(client, &barrier->asks[i], "get", barrier->to[i], write_ping);
    for (int i = 0; i < barrier->count; i++) {
        all = stage_answer(stage, client, &barrier->asks[i], deadline) && all;
        client_unask(client, &barrier->asks[i]);
    }
    return all;
}

static void barrier_free(struct barrier *barrier)
{
    for (int i = 0; i < barrier->count; i++)
        free(barrier->to[i]);
    free(barrier->to);
    free(barrier->asks);
}

/*
 * A service that answers no ping may still do what the script expects, so a missing answer is only
 * noted. A server that sends nothing at all is dead.
 */
static bool check_silence(struct play *play, const struct script_step *step,
                          const struct client *client, uint64_t bytes_before)
{
    if (!client_is_open(client))
        return true;
    if (client->bytes_in == bytes_before)
        return play_fail(play, step, step->line,
                         "nothing came back within %g s, not even the answer to a ping",
                         play_timeout(play));
    buf_printf(&play->notes, "note: %s:%d: no answer to the ping after what %s sent\n", step->path,
               step->line, client->who->name);
    return true;
}

static bool send_text(struct play *play, const struct script_step *step, struct span text)
{
    struct client *client = play_client(play, step);
    struct barrier barrier = {NULL, NULL, 0};
    uint64_t bytes_before = client->bytes_in;
    barrier_read(&barrier, play, client, text);
    client_send(client, text, false);
    bool ok = barrier_wait(&barrier, play->stage, client) ||
              check_silence(play, step, client, bytes_before);
    barrier_free(&barrier);
    return ok;
}

static bool play_sends(struct play *play, const struct script_step *step)
{
    if (!client_is_open(play_client(play, step)))
        return true;
    struct buf text = BUF_INIT;
    bool ok = play_text(play, step, &text) && send_text(play, step, buf_span(&text));
    buf_free(&text);
    return ok;
}

/* ---- The whole ---- */

typedef bool play_function(struct play *play, const struct script_step *step);

static play_function *const plays[] = {
    [SCRIPT_CONNECTS] = play_connects,
    [SCRIPT_DISCONNECTS] = play_disconnects,
    [SCRIPT_DIES] = play_dies,
    [SCRIPT_SENDS] = play_sends,
    [SCRIPT_RECEIVES] = expect_one,
    [SCRIPT_RECEIVES_IN_ANY_ORDER] = expect_in_any_order,
    [SCRIPT_RECEIVES_NOTHING] = expect_nothing,
};

static bool play_steps(struct play *play)
{
    const struct script *script = play->stage->script;
    for (int i = 0; i < script->step_count; i++)
        if (!plays[script->steps[i].verb](play, &script->steps[i]))
            return false;
    return true;
}

bool player_run(const struct options *options, const struct script *script, struct buf *report)
{
    struct buf traffic = BUF_INIT;
    struct play play = {.stage = stage_new(options, script, options->verbose ? &traffic : NULL),
                        .variables = variables_new()};
    for (int i = 0; i < play.stage->count; i++)
        play_set(&play, &play.stage->clients[i], "'s JID", script->clients[i].jid);
    bool ok = play_steps(&play);
    sweep_run(&play.sweep, play.stage);
    buf_add_span(report, buf_span(&traffic));
    buf_add_span(report, buf_span(&play.notes));
    buf_add_span(report, buf_span(&play.failure));
    buf_free(&traffic);
    play_free(&play);
    return ok;
}
