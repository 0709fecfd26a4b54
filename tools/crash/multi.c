#include "multi.h"

#include <signal.h>
#include <string.h>

#include "coven/clock.h"
#include "receive.h"
#include "run.h"
#include "send.h"
#include "wire/multi.h"

#define LISTS_MAX 600 /* until the module goes away */
#define AWAY_MS   400 /* the longest time that it is away */
#define AWAY_EACH 4   /* so many links, and one comes up without the module */

static void leave(struct run *run)
{
    run->multi.key[0] = '\0';
    run->multi.back_ms = clock_mono_ms() + dice_below(&run->dice, AWAY_MS);
}

static void come(struct run *run)
{
    id_random_text(run->multi.key);
    run->multi.countdown = 1 + dice_below(&run->dice, LISTS_MAX);
}

void multi_begin(struct run *run)
{
    if (dice_once_in(&run->dice, AWAY_EACH))
        leave(run);
    else
        come(run);
}

/* covend asks again when it reads its configuration; otherwise only after a minute. */
void multi_tick(struct run *run)
{
    if (!run->options->multi || run->multi.key[0] || clock_mono_ms() < run->multi.back_ms)
        return;
    come(run);
    if (run->victim.pid > 0)
        kill(run->victim.pid, SIGHUP);
}

/* ---- What covend sends ---- */

static void answer(struct run *run, const struct wire_stanza *stanza)
{
    struct buf *out = connection_out(&run->link);
    buf_printf(out, "<iq type='result' from='" CRASH_SERVICE "' to='" CRASH_SERVICE "' id='%s'>",
               wire_attr(&stanza->root, "id"));
    wire_multi_write_terms(run->multi.key, out);
    buf_add_text(out, "</iq>");
}

static void hand_back(struct run *run, const struct wire_stanza *stanza)
{
    run_count(run);
    buf_add_span(connection_out(&run->link), stanza->whole);
}

static void take_question(struct run *run, const struct wire_stanza *stanza)
{
    run_count(run);
    if (run->multi.key[0])
        answer(run, stanza);
    else
        hand_back(run, stanza);
}

static void take_list(struct run *run, const struct wire_stanza *stanza)
{
    struct multi *module = &run->multi;
    struct wire_multi multi;
    module->lists++;
    if (module->key[0] && --module->countdown == 0)
        leave(run);
    if (!module->key[0] || !wire_multi_open(&multi, stanza, CRASH_SERVICE, module->key)) {
        module->returned++;
        hand_back(run, stanza);
        return;
    }
    for (const struct wire_stanza *copy; (copy = wire_multi_next(&multi));)
        receive_stanza(run, copy);
    wire_multi_close(&multi);
}

void multi_stanza(void *user, const struct wire_stanza *stanza)
{
    const char *to = wire_attr(&stanza->root, "to");
    if (wire_multi_asks(stanza, CRASH_SERVICE))
        take_question(user, stanza);
    else if (to && strcmp(to, CRASH_SERVICE) == 0 && strcmp(stanza->root.name, "iq") != 0)
        take_list(user, stanza);
    else
        receive_stanza(user, stanza);
}
