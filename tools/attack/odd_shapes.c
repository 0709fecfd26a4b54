/*
 * Sends every shape as a message, a presence and a request, to the room, to an occupant and to the
 * service. After each the room must still work: a witness, who is in it on another connection,
 * receives his own message.
 */
#include <stdlib.h>

#include "acts.h"
#include "attempt.h"
#include "coven/clock.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "shape.h"
#include "wire/ledger.h"

#define ECHO_MS    10000
#define SHAPES_MAX 1000
#define ID_FIRST   (GROUP_ASK + 0x10000) /* marks that are ids of stanzas */
#define COUNT      9
#define LONG       4096
#define ATTACKER   0
#define WITNESS    1

struct shape_trial {
    struct attempt *attempt;
    uint32_t heard, said; /* marks of the witness */
    unsigned shapes, cut;
    unsigned char errors[SHAPES_MAX * COUNT]; /* received, by id */
};

static void on_heard(void *user, uint32_t number)
{
    struct shape_trial *trial = user;
    if (number == trial->said)
        trial->heard = number;
}

static void on_refused(void *user, uint32_t number)
{
    struct shape_trial *trial = user;
    if (number >= ID_FIRST && number < ID_FIRST + SHAPES_MAX * COUNT)
        trial->errors[number - ID_FIRST]++;
}

/* ---- One stanza ---- */

static const struct stanza_kind {
    const char *name;
    const char *types[3]; /* to the room, an occupant, the service */
} kinds[] = {
    {"message", {"groupchat", "chat", "normal"}},
    {"presence", {"", "", ""}},
    {"iq", {"get", "set", "get"}},
};

static void add_to(const struct attempt *attempt, const struct shape *shape, int whom,
                   struct buf *out)
{
    buf_printf(out, " to='%s", whom == 2 ? attempt->options->service : attempt->here);
    if (shape->to)
        buf_add_text(out, shape->to);
    else if (whom == 1)
        buf_add_text(out, "/h1");
    buf_add_char(out, '\'');
}

static void add_id(const struct shape *shape, uint32_t number, struct buf *out)
{
    char mark[MARK_LEN + 1] = "";
    mark_write(mark, number);
    if (shape->id)
        buf_add_text(out, shape->id);
    else
        buf_printf(out, " id='%s'", mark);
}

static void write_stanza(const struct attempt *attempt, const struct shape *shape,
                         const struct stanza_kind *kind, int whom, uint32_t number, struct buf *out)
{
    struct buf attrs = BUF_INIT, inside = BUF_INIT;
    const char *type = shape->type ? shape->type : kind->types[whom];
    buf_printf(out, "<%s", kind->name);
    add_to(attempt, shape, whom, out);
    if (*type || shape->type)
        buf_printf(out, " type='%s'", type);
    add_id(shape, number, out);
    buf_printf(&attrs, " %s", shape->attrs ? shape->attrs : "");
    if (shape->add)
        shape->add(&attrs, &inside, shape->number);
    buf_add_span(out, buf_span(&attrs));
    buf_printf(out, ">%s", shape->inside ? shape->inside : "");
    buf_add_span(out, buf_span(&inside));
    buf_printf(out, "</%s>", kind->name);
    buf_free(&attrs);
    buf_free(&inside);
}

/* ---- One shape ---- */

/* The last shape may have removed the attacker. */
static void go_in(struct attempt *attempt)
{
    struct group *group = &attempt->attackers;
    group_say(group, ATTACKER,
              "<presence to='%s/%c%d'><x xmlns='" NS_MUC
              "'><history maxstanzas='0'/></x></presence>",
              attempt->here, group->nick, ATTACKER);
}

static bool hear_witness(struct shape_trial *trial)
{
    struct group *group = &trial->attempt->attackers;
    char mark[MARK_LEN + 1] = "";
    int64_t deadline = clock_mono_ms() + ECHO_MS;
    mark_write(mark, ++trial->said);
    group_say(group, WITNESS, "<message type='groupchat' to='%s' id='%s'><body>%s</body></message>",
              trial->attempt->here, mark, mark);
    while (trial->heard != trial->said && clock_mono_ms() < deadline)
        net_poll(&group->net, 10);
    return trial->heard == trial->said;
}

/* A long stanza is followed by as many spaces: some parsers do not read a long tag, and what
 * follows, before they have twice as many bytes. */
static void send_shape(struct shape_trial *trial, const struct shape *shape)
{
    struct group *group = &trial->attempt->attackers;
    struct buf stanza = BUF_INIT;
    for (uint32_t i = 0; i < COUNT && !net_is_ended(&group->net, ATTACKER); i++) {
        buf_clear(&stanza);
        write_stanza(trial->attempt, shape, &kinds[i / 3], (int)(i % 3),
                     ID_FIRST + trial->shapes * COUNT + i, &stanza);
        buf_add_span(group_out(group, ATTACKER), buf_span(&stanza));
    }
    if (stanza.len >= LONG && !net_is_ended(&group->net, ATTACKER))
        buf_printf(net_out(&group->net, ATTACKER), "%*s", (int)stanza.len, "");
    buf_free(&stanza);
}

/* Connects again when the shape needs other prefixes in the header, or the server closed the
 * connection. */
static bool be_there(struct shape_trial *trial, const struct shape *shape)
{
    struct attempt *attempt = trial->attempt;
    struct group *group = &attempt->attackers;
    struct buf why = BUF_INIT;
    const char *declarations = shape->declared ? SHAPE_DECLARATIONS : NULL;
    bool ok = true;
    if (net_is_ended(&group->net, ATTACKER) || group->declarations != declarations) {
        group->declarations = declarations;
        ok = group_return(group, ATTACKER, &why);
    }
    if (!ok)
        attempt_broken(attempt, "%s before \"%s\"", why.data, shape->name);
    buf_free(&why);
    return ok;
}

static bool try_shape(struct shape_trial *trial, const struct shape *shape)
{
    struct attempt *attempt = trial->attempt;
    struct group *group = &attempt->attackers;
    if (!be_there(trial, shape))
        return false;
    go_in(attempt);
    send_shape(trial, shape);
    bool settled = group_settle(group, ATTACKER, ECHO_MS),
         cut = net_is_ended(&group->net, ATTACKER);
    trial->shapes++;
    trial->cut += cut;
    if (!settled && !cut)
        attempt_broken(attempt, "the server did not answer after \"%s\"", shape->name);
    if (!hear_witness(trial)) {
        attempt_broken(attempt, "the room did not answer after \"%s\"", shape->name);
        return false;
    }
    return settled || cut;
}

/* No stanza may be answered twice. */
static void judge_errors(struct shape_trial *trial)
{
    for (unsigned i = 0; i < trial->shapes * COUNT; i++)
        if (trial->errors[i] > 1)
            attempt_broken(trial->attempt, "%d errors for \"%s\" as %s %u", trial->errors[i],
                           shape_at(i / COUNT)->name, kinds[i % COUNT / 3].name, i % 3);
}

void odd_shapes(struct attempt *attempt)
{
    struct shape_trial *trial = mem_new(sizeof *trial);
    const struct shape *shape;
    trial->attempt = attempt;
    trial->said = GROUP_FLOOD + 1;
    attempt->attackers.user = trial;
    attempt->attackers.heard = on_heard;
    attempt->attackers.refused = on_refused;
    for (size_t i = 0; i < SHAPES_MAX && (shape = shape_at(i)) && try_shape(trial, shape); i++)
        ;
    attempt->attackers.heard = attempt->attackers.refused = NULL;
    judge_errors(trial);
    attempt_note(attempt, "%u shapes; for %u of them the server closed the connection",
                 trial->shapes, trial->cut);
    free(trial);
}
