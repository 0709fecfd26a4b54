/* Handles what a run receives. */
#include "coven/ns.h"
#include "run_private.h"

/* Somebody who joins again receives the presence of those who stayed, with the marks of their
 * joins. */
static bool is_of_those_who_stayed(const struct load_run *run, uint32_t number)
{
    return run->options->work == WORK_HISTORY && number < run->fill_first;
}

static bool is_of_fill(const struct load_run *run, uint32_t number)
{
    return number >= run->fill_first && number < run->work_first;
}

static void on_copy(void *user, uint32_t number, bool self)
{
    struct load_run *run = user;
    uint64_t sent_ns, now = run->net.now_ns;
    run->alive_ns = now;
    run->selves += self;
    if (run->replay_due && is_of_fill(run, number)) {
        run->replay_due--;
        run->replayed++;
        return;
    }
    if (is_of_those_who_stayed(run, number))
        return;
    if (number >= RUN_FLOOD) {
        ledger_receive(&run->flood, number, &sent_ns);
        return;
    }
    if (!ledger_receive(&run->ledger, number, &sent_ns) || (run->joining && !self))
        return;
    uint64_t latency = now > sent_ns ? now - sent_ns : 0;
    histogram_add(&run->gauge.slice, latency);
    if (run->counting)
        histogram_add(&run->latency, latency);
}

static void break_off(struct load_run *run, const char *what, struct span condition)
{
    run->broken = true;
    if (run->why->len == 0)
        buf_printf(run->why, "%s: %.*s (while %s)", what, (int)condition.len, condition.at,
                   run->phase);
}

/* A refused join ends the run: later copies would be missing. */
static void on_refused(void *user, uint32_t number, struct span error)
{
    struct load_run *run = user;
    run->alive_ns = run->net.now_ns;
    ledger_refuse(number >= RUN_FLOOD ? &run->flood : &run->ledger, number);
    if (run->joining)
        break_off(run, "the service refused a join", scan_condition(error));
}

static void answer(struct load_run *run, struct span tag)
{
    struct span from = scan_attr(tag, "from"), to = scan_attr(tag, "to"), id = scan_attr(tag, "id");
    struct buf *out = net_answer(&run->net);
    buf_add_text(out, "<iq type='result'");
    if (run->options->role != ROLE_CLIENTS)
        buf_printf(out, " from='%.*s'", (int)to.len, to.at ? to.at : "");
    if (from.at)
        buf_printf(out, " to='%.*s'", (int)from.len, from.at);
    buf_printf(out, " id='%.*s'/>", (int)id.len, id.at ? id.at : "");
}

/* The answer to a page or a configuration. */
static void on_answer(struct load_run *run, struct span tag)
{
    struct span id = scan_attr(tag, "id");
    bool refused = span_is(scan_attr(tag, "type"), "error");
    uint32_t number;
    run->alive_ns = run->net.now_ns;
    if (id.len == MARK_LEN && mark_read(id.at, &number)) {
        if (refused)
            on_refused(run, number, (struct span){NULL, 0});
        else
            on_copy(run, number, false);
    } else if (span_is(id, "configure")) {
        run->results++;
        if (refused)
            break_off(run, "the service refused to configure a room", span_of(""));
    }
}

/* Every request is answered with a result. */
static void on_iq(void *user, struct span tag)
{
    struct span type = scan_attr(tag, "type");
    if (span_is(type, "get") || span_is(type, "set"))
        answer(user, tag);
    else
        on_answer(user, tag);
}

static void on_broken(void *user, struct span error)
{
    error.len = error.len < 200 ? error.len : 200;
    break_off(user, "the peer closed the stream", error);
}

static void on_asked(void *user, uint32_t handled)
{
    struct load_run *run = user;
    buf_printf(net_answer(&run->net), "<a xmlns='" NS_SM "' h='%u'/>", handled);
}

struct scan_events run_events(struct load_run *run)
{
    return (struct scan_events){run, on_copy, on_refused, on_iq, on_broken, on_asked};
}
