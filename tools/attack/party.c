#include "party.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "coven/clock.h"
#include "coven/ns.h"
#include "wire/handshake.h"
#include "wire/ledger.h"

#define LOGIN_MS    90000        /* a server that hundreds come back to takes its time */
#define SEND_BUFFER (128 * 1024) /* what was written is soon on its way */

/* ---- What comes ---- */

static void on_copy(void *user, uint32_t number, bool self)
{
    struct party *party = user;
    party->selves += self && number == PARTY_JOIN;
    if (party->heard)
        party->heard(party->user, number);
}

static void on_refused(void *user, uint32_t number, struct span error)
{
    struct party *party = user;
    (void)error;
    if (party->refused)
        party->refused(party->user, number);
}

static void answer(struct party *party, struct span tag)
{
    struct span from = scan_attr(tag, "from"), id = scan_attr(tag, "id");
    struct buf *out = net_answer(&party->net);
    buf_printf(out, "<iq type='result' to='%.*s' id='%.*s'/>", (int)from.len,
               from.at ? from.at : "", (int)id.len, id.at ? id.at : "");
}

static void on_iq(void *user, struct span tag)
{
    struct party *party = user;
    struct span type = scan_attr(tag, "type"), id = scan_attr(tag, "id");
    uint32_t number;
    party->iqs++;
    if (span_is(type, "get") || span_is(type, "set")) {
        if (!party->silent)
            answer(party, tag);
    } else if (id.len == MARK_LEN && mark_read(id.at, &number)) {
        party->answers++;
        party->met |= number == party->awaited;
        if (span_is(type, "error"))
            on_refused(user, number, (struct span){NULL, 0});
        else if (party->heard)
            party->heard(party->user, number);
    }
}

static void on_broken(void *user, struct span error)
{
    (void)user;
    (void)error;
}

/* ---- Connections ---- */

static int log_in(const struct party *party, uint32_t who, struct buf *why)
{
    const struct options *options = party->options;
    char user[128], resource[32];
    int size = SEND_BUFFER;
    snprintf(user, sizeof user, "%s%u", options->accounts,
             party->first + (party->one_account ? 0 : who));
    snprintf(resource, sizeof resource, party->one_account ? PARTY_RESOURCE "%u" : PARTY_RESOURCE,
             who);
    struct handshake_settings settings = {.host = options->host,
                                          .port = options->port,
                                          .domain = options->domain,
                                          .password = options->password,
                                          .resource = resource,
                                          .declarations = party->declarations,
                                          .timeout_ms = LOGIN_MS};
    int fd = handshake_as_client(&settings, user, why);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    return fd;
}

bool party_begin(struct party *party, struct buf *why)
{
    struct scan_events events = {party, on_copy, on_refused, on_iq, on_broken};
    net_init(&party->net, &events);
    for (uint32_t who = 0; who < party->count; who++) {
        int fd = log_in(party, who, why);
        if (fd < 0)
            return false;
        net_add(&party->net, fd);
    }
    return true;
}

void party_end(struct party *party)
{
    if (party->net.in)
        net_free(&party->net);
    party->net.in = NULL;
}

bool party_return(struct party *party, uint32_t who, struct buf *why)
{
    int fd = log_in(party, who, why);
    if (fd >= 0)
        net_replace(&party->net, who, fd);
    return fd >= 0;
}

/* ---- Out ---- */

struct buf *party_out(struct party *party, uint32_t who)
{
    party->stanzas++;
    return net_out(&party->net, who);
}

void party_say(struct party *party, uint32_t who, const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int len = vasprintf(&text, format, args);
    va_end(args);
    if (len >= 0)
        buf_add(party_out(party, who), text, (size_t)len);
    free(text);
}

void party_add_jid(const struct party *party, uint32_t who, struct buf *out)
{
    buf_printf(out, "%s%u@%s/" PARTY_RESOURCE, party->options->accounts,
               party->first + (party->one_account ? 0 : who), party->options->domain);
    if (party->one_account)
        buf_printf(out, "%u", who);
}

uint64_t party_received(const struct party *party)
{
    return party->net.counts.messages + party->net.counts.presences + party->iqs;
}

/* ---- Small talk ---- */

bool party_wait(struct party *party, const uint64_t *counter, uint64_t wanted, uint32_t ms)
{
    int64_t deadline = clock_mono_ms() + ms;
    while (*counter < wanted) {
        if (clock_mono_ms() > deadline)
            return false;
        net_poll(&party->net, 10);
    }
    return true;
}

/* A few at a time: presences of all to all fill every pipe. */
bool party_join(struct party *party, const char *room, const char *password)
{
    for (uint32_t who = 0; who < party->count; who++) {
        uint64_t before = party->selves;
        char mark[MARK_LEN + 1] = "";
        mark_write(mark, PARTY_JOIN);
        party_say(party, who,
                  "<presence to='%s/%c%u' id='%s'><status>%s</status><x xmlns='" NS_MUC
                  "'><history maxstanzas='0'/>%s%s%s</x></presence>",
                  room, party->nick, who, mark, mark, password ? "<password>" : "",
                  password ? password : "", password ? "</password>" : "");
        if (!party_wait(party, &party->selves, before + 1, LOGIN_MS))
            return false;
    }
    return true;
}

void party_rest(struct party *party, uint32_t ms)
{
    for (int64_t until = clock_mono_ms() + ms; clock_mono_ms() < until;)
        net_poll(&party->net, 5);
}

/* A ping to the server itself comes back when it has read all that stands before it. */
bool party_settle(struct party *party, uint32_t who, uint32_t ms)
{
    int64_t deadline = clock_mono_ms() + ms;
    char mark[MARK_LEN + 1] = "";
    party->awaited = PARTY_SETTLE + party->settled++;
    party->met = false;
    mark_write(mark, party->awaited);
    party_say(party, who, "<iq type='get' to='%s' id='%s'><ping xmlns='" NS_PING "'/></iq>",
              party->options->domain, mark);
    while (!party->met && !net_is_ended(&party->net, who) && clock_mono_ms() < deadline)
        net_poll(&party->net, 10);
    return party->met;
}

bool party_ask(struct party *party, uint32_t who, const char *type, const char *to,
               const char *inside, uint32_t ms)
{
    char mark[MARK_LEN + 1] = "";
    mark_write(mark, PARTY_ASK);
    party_say(party, who, "<iq type='%s' to='%s' id='%s'>%s</iq>", type, to, mark, inside);
    return party_wait(party, &party->answers, party->answers + 1, ms);
}
