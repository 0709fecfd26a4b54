/*
 * Plays every shape as a message, a presence and a request, to the room, to an occupant and to the
 * service. After each the room has to be as it was: a witness, who is in it on a connection of his
 * own, hears himself.
 */
#include <stdlib.h>

#include "coven/clock.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "says.h"
#include "shapes.h"
#include "stage.h"
#include "wire/ledger.h"

#define ECHO_MS    10000
#define SHAPES_MAX 1000
#define ID_FIRST   (PARTY_ASK + 0x10000) /* the marks that are ids of stanzas */
#define COUNT      9
#define LONG       4096
#define ATTACKER   0
#define WITNESS    1

struct trial {
    struct stage *stage;
    uint32_t heard, said; /* marks of the witness */
    unsigned shapes, cut;
    unsigned char errors[SHAPES_MAX * COUNT]; /* that came, by id */
};

static void on_heard(void *user, uint32_t number)
{
    struct trial *trial = user;
    if (number == trial->said)
        trial->heard = number;
}

static void on_refused(void *user, uint32_t number)
{
    struct trial *trial = user;
    if (number >= ID_FIRST && number < ID_FIRST + SHAPES_MAX * COUNT)
        trial->errors[number - ID_FIRST]++;
}

/* ---- One stanza ---- */

static const struct kind {
    const char *name;
    const char *types[3]; /* to the room, an occupant, the service */
} kinds[] = {
    {"message", {"groupchat", "chat", "normal"}},
    {"presence", {"", "", ""}},
    {"iq", {"get", "set", "get"}},
};

static void add_to(const struct stage *stage, const struct shape *shape, int whom, struct buf *out)
{
    buf_printf(out, " to='%s", whom == 2 ? stage->options->service : stage->here);
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

static void write_stanza(const struct stage *stage, const struct shape *shape,
                         const struct kind *kind, int whom, uint32_t number, struct buf *out)
{
    struct buf attrs = BUF_INIT, inside = BUF_INIT;
    const char *type = shape->type ? shape->type : kind->types[whom];
    buf_printf(out, "<%s", kind->name);
    add_to(stage, shape, whom, out);
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

/* He may have been thrown out by the last one. */
static void go_in(struct stage *stage)
{
    struct party *party = &stage->attackers;
    party_say(party, ATTACKER,
              "<presence to='%s/%c%d'><x xmlns='" NS_MUC
              "'><history maxstanzas='0'/></x></presence>",
              stage->here, party->nick, ATTACKER);
}

static bool hear_witness(struct trial *trial)
{
    struct party *party = &trial->stage->attackers;
    char mark[MARK_LEN + 1] = "";
    int64_t deadline = clock_mono_ms() + ECHO_MS;
    mark_write(mark, ++trial->said);
    party_say(party, WITNESS, "<message type='groupchat' to='%s' id='%s'><body>%s</body></message>",
              trial->stage->here, mark, mark);
    while (trial->heard != trial->said && clock_mono_ms() < deadline)
        net_poll(&party->net, 10);
    return trial->heard == trial->said;
}

/* Behind the last, if it is long, come as many spaces: some parsers leave a long tag and all that
 * follows alone until they have twice as much. */
static void send_shape(struct trial *trial, const struct shape *shape)
{
    struct party *party = &trial->stage->attackers;
    struct buf stanza = BUF_INIT;
    for (uint32_t i = 0; i < COUNT && !net_is_ended(&party->net, ATTACKER); i++) {
        buf_clear(&stanza);
        write_stanza(trial->stage, shape, &kinds[i / 3], (int)(i % 3),
                     ID_FIRST + trial->shapes * COUNT + i, &stanza);
        buf_add_span(party_out(party, ATTACKER), buf_span(&stanza));
    }
    if (stanza.len >= LONG && !net_is_ended(&party->net, ATTACKER))
        buf_printf(net_out(&party->net, ATTACKER), "%*s", (int)stanza.len, "");
    buf_free(&stanza);
}

/* A connection of its own for prefixes that its header declares, and after one that was cut. */
static bool be_there(struct trial *trial, const struct shape *shape)
{
    struct stage *stage = trial->stage;
    struct party *party = &stage->attackers;
    struct buf why = BUF_INIT;
    const char *declarations = shape->declared ? SHAPE_DECLARATIONS : NULL;
    bool ok = true;
    if (net_is_ended(&party->net, ATTACKER) || party->declarations != declarations) {
        party->declarations = declarations;
        ok = party_return(party, ATTACKER, &why);
    }
    if (!ok)
        stage_broken(stage, "%s before \"%s\"", why.data, shape->name);
    buf_free(&why);
    return ok;
}

static bool try_shape(struct trial *trial, const struct shape *shape)
{
    struct stage *stage = trial->stage;
    struct party *party = &stage->attackers;
    if (!be_there(trial, shape))
        return false;
    go_in(stage);
    send_shape(trial, shape);
    bool settled = party_settle(party, ATTACKER, ECHO_MS),
         cut = net_is_ended(&party->net, ATTACKER);
    trial->shapes++;
    trial->cut += cut;
    if (!settled && !cut)
        stage_broken(stage, "the server is silent after \"%s\"", shape->name);
    if (!hear_witness(trial)) {
        stage_broken(stage, "the room is silent after \"%s\"", shape->name);
        return false;
    }
    return settled || cut;
}

/* Whoever is answered twice was answered once too often. */
static void judge_errors(struct trial *trial)
{
    for (unsigned i = 0; i < trial->shapes * COUNT; i++)
        if (trial->errors[i] > 1)
            stage_broken(trial->stage, "%d errors for \"%s\" as %s %u", trial->errors[i],
                         shape_at(i / COUNT)->name, kinds[i % COUNT / 3].name, i % 3);
}

void odd_shapes(struct stage *stage)
{
    struct trial *trial = mem_new(sizeof *trial);
    const struct shape *shape;
    trial->stage = stage;
    trial->said = PARTY_FLOOD + 1;
    stage->attackers.user = trial;
    stage->attackers.heard = on_heard;
    stage->attackers.refused = on_refused;
    for (size_t i = 0; i < SHAPES_MAX && (shape = shape_at(i)) && try_shape(trial, shape); i++)
        ;
    stage->attackers.heard = stage->attackers.refused = NULL;
    judge_errors(trial);
    stage_note(stage, "%u shapes, for %u of them the server ended the connection", trial->shapes,
               trial->cut);
    free(trial);
}
