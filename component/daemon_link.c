/* What the connection to the server tells the daemon, and takes from it. */

#include <stdlib.h>

#include "coven/mem.h"
#include "daemon_private.h"
#include "returned.h"

static void on_turn_begin(void *user)
{
    struct daemon *daemon = user;
    service_memory(daemon->service, memory_is_tight(&daemon->memory));
    turn_begin(daemon->turn);
}

static void on_stanza(void *user, xmpp_stanza_t *stanza, enum link_cut cut)
{
    turn_stanza(((struct daemon *)user)->turn, stanza, cut == LINK_CUT);
}

static void on_turn_end(void *user)
{
    daemon_end_turn(user);
}

static size_t on_take(void *user, char *slice, size_t size, uint64_t most, uint64_t *weight_r)
{
    struct daemon *daemon = user;
    size_t taken = outbox_take(daemon->outbox, slice, size, most, weight_r);
    daemon_give_tasks(daemon); /* tasks may have waited for room in the outbox */
    return taken;
}

static void on_speed(void *user, uint64_t weight)
{
    service_speed(((struct daemon *)user)->service, weight);
}

static bool on_has_work(void *user)
{
    return outbox_has_work(((struct daemon *)user)->outbox);
}

static bool on_is_pressing(void *user)
{
    return outbox_is_pressing(((struct daemon *)user)->outbox);
}

/* Asks without delay while stopping: presence that the server has not confirmed would be sent again
 * after the restart, which users must not notice. */
static bool on_wants_receipt(void *user)
{
    struct daemon *daemon = user;
    return receipt_wanted(&daemon->receipt, daemon->stopping);
}

static void on_receipt(void *user)
{
    receipt_arrived(&((struct daemon *)user)->receipt);
}

static void on_multi(void *user, const struct multi_terms *terms)
{
    struct daemon *daemon = user;
    daemon->multiplies = terms != NULL;
    outbox_multiply(daemon->outbox, daemon->config->link.domain, terms);
}

/* What was sent does not count as received until its copies are. */
static void on_returned(void *user, xmpp_stanza_t *stanza)
{
    struct daemon *daemon = user;
    receipt_cancel(&daemon->receipt);
    returned_send(daemon->outbox, stanza);
}

static void on_status(void *user, const char *line)
{
    struct daemon *daemon = user;
    free(daemon->state);
    daemon->state = mem_string(line);
    manager_status(&daemon->manager, line);
}

/* Nobody knows which output of the last connection arrived, and which sessions ended meanwhile:
 * recovery finds out. */
static void on_up(void *user)
{
    struct daemon *daemon = user;
    daemon->up = true;
    daemon->connects++;
    receipt_cancel(&daemon->receipt);
    turn_begin(daemon->turn);
    service_recover(daemon->service);
    daemon_end_turn(daemon);
}

/* Drops queued presence, which recovery sends again. Messages are sent only once, so they stay. */
static void on_down(void *user, const char *why)
{
    struct daemon *daemon = user;
    (void)why;
    daemon->up = false;
    outbox_forget_presence(daemon->outbox);
}

void daemon_open_link(struct daemon *daemon)
{
    struct link_user user = {
        .user = daemon,
        .turn_begin = on_turn_begin,
        .stanza = on_stanza,
        .turn_end = on_turn_end,
        .take = on_take,
        .has_work = on_has_work,
        .speed = on_speed,
        .is_pressing = on_is_pressing,
        .wants_receipt = on_wants_receipt,
        .receipt = on_receipt,
        .multi = on_multi,
        .returned = on_returned,
        .status = on_status,
        .up = on_up,
        .down = on_down,
        .stopped = daemon_stopped,
    };
    daemon->link = link_new(&daemon->loop, &daemon->config->link, &user);
}
