#include "group.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "coven/clock.h"
#include "coven/ns.h"
#include "wire/handshake.h"
#include "wire/ledger.h"

#define LOGIN_MS    90000        /* a server to which hundreds return is slow */
#define SEND_BUFFER (128 * 1024) /* what was written is soon on its way */

/* ---- What comes ---- */

static void on_copy(void *user, uint32_t number, bool self)
{
    struct group *group = user;
    group->selves += self && number == GROUP_JOIN;
    if (group->heard)
        group->heard(group->user, number);
}

static void on_refused(void *user, uint32_t number, struct span error)
{
    struct group *group = user;
    (void)error;
    if (group->refused)
        group->refused(group->user, number);
}

static void answer(struct group *group, struct span tag)
{
    struct span from = scan_attr(tag, "from"), id = scan_attr(tag, "id");
    struct buf *out = net_answer(&group->net);
    buf_printf(out, "<iq type='result' to='%.*s' id='%.*s'/>", (int)from.len,
               from.at ? from.at : "", (int)id.len, id.at ? id.at : "");
}

static void on_iq(void *user, struct span tag)
{
    struct group *group = user;
    struct span type = scan_attr(tag, "type"), id = scan_attr(tag, "id");
    uint32_t number;
    group->iqs++;
    if (span_is(type, "get") || span_is(type, "set")) {
        if (!group->silent)
            answer(group, tag);
    } else if (id.len == MARK_LEN && mark_read(id.at, &number)) {
        group->answers++;
        group->met |= number == group->awaited;
        if (span_is(type, "error"))
            on_refused(user, number, (struct span){NULL, 0});
        else if (group->heard)
            group->heard(group->user, number);
    }
}

static void on_broken(void *user, struct span error)
{
    (void)user;
    (void)error;
}

/* ---- Connections ---- */

static int log_in(const struct group *group, uint32_t who, struct buf *why)
{
    const struct options *options = group->options;
    char user[128], resource[32];
    int size = SEND_BUFFER;
    snprintf(user, sizeof user, "%s%u", options->accounts,
             group->first + (group->one_account ? 0 : who));
    snprintf(resource, sizeof resource, group->one_account ? GROUP_RESOURCE "%u" : GROUP_RESOURCE,
             who);
    struct handshake_settings settings = {.host = options->host,
                                          .port = options->port,
                                          .domain = options->domain,
                                          .password = options->password,
                                          .resource = resource,
                                          .declarations = group->declarations,
                                          .timeout_ms = LOGIN_MS};
    int fd = handshake_as_client(&settings, user, why);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    return fd;
}

bool group_begin(struct group *group, struct buf *why)
{
    struct scan_events events = {group, on_copy, on_refused, on_iq, on_broken, NULL};
    net_init(&group->net, &events);
    for (uint32_t who = 0; who < group->count; who++) {
        int fd = log_in(group, who, why);
        if (fd < 0)
            return false;
        net_add(&group->net, fd);
    }
    return true;
}

void group_end(struct group *group)
{
    if (group->net.in)
        net_free(&group->net);
    group->net.in = NULL;
}

bool group_return(struct group *group, uint32_t who, struct buf *why)
{
    int fd = log_in(group, who, why);
    if (fd >= 0)
        net_replace(&group->net, who, fd);
    return fd >= 0;
}

/* ---- Out ---- */

struct buf *group_out(struct group *group, uint32_t who)
{
    group->stanzas++;
    return net_out(&group->net, who);
}

void group_say(struct group *group, uint32_t who, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int len = vasprintf(&text, format, args);
    va_end(args);
    if (len >= 0)
        buf_add(group_out(group, who), text, (size_t)len);
    free(text);
}

void group_add_jid(const struct group *group, uint32_t who, struct buf *out)
{
    buf_printf(out, "%s%u@%s/" GROUP_RESOURCE, group->options->accounts,
               group->first + (group->one_account ? 0 : who), group->options->domain);
    if (group->one_account)
        buf_printf(out, "%u", who);
}

uint64_t group_received(const struct group *group)
{
    return group->net.counts.messages + group->net.counts.presences + group->iqs;
}

/* ---- Small talk ---- */

bool group_wait(struct group *group, const uint64_t *counter, uint64_t wanted, uint32_t ms)
{
    int64_t deadline = clock_mono_ms() + ms;
    while (*counter < wanted) {
        if (clock_mono_ms() > deadline)
            return false;
        net_poll(&group->net, 10);
    }
    return true;
}

/* One at a time: everybody's presence to everybody fills every buffer. */
bool group_join(struct group *group, const char *room, const char *password)
{
    for (uint32_t who = 0; who < group->count; who++) {
        uint64_t before = group->selves;
        char mark[MARK_LEN + 1] = "";
        mark_write(mark, GROUP_JOIN);
        group_say(group, who,
                  "<presence to='%s/%c%u' id='%s'><status>%s</status><x xmlns='" NS_MUC
                  "'><history maxstanzas='0'/>%s%s%s</x></presence>",
                  room, group->nick, who, mark, mark, password ? "<password>" : "",
                  password ? password : "", password ? "</password>" : "");
        if (!group_wait(group, &group->selves, before + 1, LOGIN_MS))
            return false;
    }
    return true;
}

void group_rest(struct group *group, uint32_t ms)
{
    for (int64_t until = clock_mono_ms() + ms; clock_mono_ms() < until;)
        net_poll(&group->net, 5);
}

/* Pings the server itself, which answers when it has read everything before. */
bool group_settle(struct group *group, uint32_t who, uint32_t ms)
{
    int64_t deadline = clock_mono_ms() + ms;
    char mark[MARK_LEN + 1] = "";
    group->awaited = GROUP_SETTLE + group->settled++;
    group->met = false;
    mark_write(mark, group->awaited);
    group_say(group, who, "<iq type='get' to='%s' id='%s'><ping xmlns='" NS_PING "'/></iq>",
              group->options->domain, mark);
    while (!group->met && !net_is_ended(&group->net, who) && clock_mono_ms() < deadline)
        net_poll(&group->net, 10);
    return group->met;
}

bool group_ask(struct group *group, uint32_t who, const char *type, const char *to,
               const char *inside, uint32_t ms)
{
    char mark[MARK_LEN + 1] = "";
    mark_write(mark, GROUP_ASK);
    group_say(group, who, "<iq type='%s' to='%s' id='%s'>%s</iq>", type, to, mark, inside);
    return group_wait(group, &group->answers, group->answers + 1, ms);
}
