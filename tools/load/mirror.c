#include "mirror.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "traffic.h"
#include "wire/ledger.h"
#include "wire/net.h"

/* Bytes that are sent at a time: they stay in the cache. */
#define SLICE    (256u * 1024)

#define SEAT     "00000"
#define SEAT_LEN (sizeof SEAT - 1)

struct copy {
    struct buf text;
    size_t seat_at; /* the address varies: a server might cache a repeated one */
    size_t mark_at;
};

struct mirror {
    struct net net;
    const struct options *options;
    struct copy message, presence, self;
    uint64_t messages; /* received */
    uint32_t said;     /* number of the last message */
};

/* ---- What a room would send ---- */

static void address_here(struct copy *copy, const struct options *options)
{
    buf_add_text(&copy->text, " to='user");
    copy->seat_at = copy->text.len;
    buf_printf(&copy->text, SEAT "@%s/load'>", options->domain);
}

static void mark_here(struct copy *copy, const char *open)
{
    char mark[MARK_LEN];
    mark_write(mark, 0);
    buf_add_text(&copy->text, open);
    copy->mark_at = copy->text.len;
    buf_add(&copy->text, mark, MARK_LEN);
}

/* Writes the opening tag up to the address. */
static void begin(struct copy *copy, const struct options *options, const char *name,
                  struct span lang)
{
    buf_clear(&copy->text);
    buf_printf(&copy->text, "<%s from='%s0@%s/n0'", name, options->room_prefix, options->service);
    if (lang.len > 0)
        buf_printf(&copy->text, " xml:lang='%.*s'", (int)lang.len, lang.at);
}

static void make_message(struct copy *copy, const struct options *options, struct span lang)
{
    size_t filling = options->bytes - MARK_LEN;
    begin(copy, options, "message", lang);
    buf_printf(&copy->text, " type='%s' id='L0000000000'",
               options->work == WORK_PRIVATE ? "chat" : "groupchat");
    address_here(copy, options);
    mark_here(copy, "<body>");
    memset(buf_reserve(&copy->text, filling), '.', filling);
    copy->text.len += filling;
    buf_printf(&copy->text,
               "</body><occupant-id xmlns='" NS_OCCUPANT_ID "' "
               "id='0123456789abcdef0123456789abcdef'/>"
               "<stanza-id xmlns='" NS_SID "' by='%s0@%s' "
               "id='019a0000000000000000000000000000'/></message>",
               options->room_prefix, options->service);
}

static void make_presence(struct copy *copy, const struct options *options, struct span lang,
                          const char *status)
{
    size_t filling = options->work == WORK_PRESENCE ? options->bytes - MARK_LEN : 0;
    begin(copy, options, "presence", lang);
    address_here(copy, options);
    mark_here(copy, "<status>");
    memset(buf_reserve(&copy->text, filling), '.', filling);
    copy->text.len += filling;
    buf_printf(&copy->text,
               "</status><x xmlns='" NS_MUC_USER "'>"
               "<item affiliation='none' role='participant'/>%s</x></presence>",
               status);
}

/* A server may add the stream's language to stanzas, and a room passes that on. */
static void make_all(struct mirror *mirror, struct span lang)
{
    make_message(&mirror->message, mirror->options, lang);
    make_presence(&mirror->presence, mirror->options, lang, "");
    make_presence(&mirror->self, mirror->options, lang, "<status code='110'/>");
}

/* ---- Answering ---- */

static void add_copy(struct mirror *mirror, const struct copy *copy, uint32_t number, uint32_t seat)
{
    struct buf *out = net_answer(&mirror->net);
    for (size_t i = SEAT_LEN; i > 0; i--, seat /= 10)
        copy->text.data[copy->seat_at + i - 1] = (char)('0' + seat % 10);
    mark_write(copy->text.data + copy->mark_at, number);
    buf_add_span(out, buf_span(&copy->text));
    if (out->len > SLICE)
        net_flush(&mirror->net);
}

/* Sends earlier messages, as a history or a page. */
static void replay(struct mirror *mirror)
{
    uint32_t count = options_replayed(mirror->options);
    for (uint32_t i = 0; i < count; i++)
        add_copy(mirror, &mirror->message, mirror->said, 0);
}

static void on_message(struct mirror *mirror, uint32_t number)
{
    bool to_one = mirror->options->work == WORK_PRIVATE;
    uint32_t copies = to_one ? 1 : mirror->options->occupants;
    for (uint32_t i = 0; i < copies; i++)
        add_copy(mirror, &mirror->message, number, i);
    mirror->said = number;
}

/* Answers a join or an update. The sender's own copy comes last; it is the only one when presence
 * is not shown. */
static void on_presence(struct mirror *mirror, uint32_t number)
{
    bool alone = mirror->options->quiet_rooms && mirror->options->work != WORK_PRESENCE;
    uint32_t others = alone ? 0 : mirror->options->occupants - 1;
    for (uint32_t i = 0; i < others; i++)
        add_copy(mirror, &mirror->presence, number, i);
    add_copy(mirror, &mirror->self, number, others);
    if (mirror->options->work == WORK_HISTORY && mirror->said)
        replay(mirror);
}

static void on_copy(void *user, uint32_t number, bool self)
{
    struct mirror *mirror = user;
    uint64_t messages = mirror->net.counts.messages;
    bool is_message = messages > mirror->messages;
    (void)self;
    mirror->messages = messages;
    if (is_message)
        on_message(mirror, number);
    else
        on_presence(mirror, number);
}

static void on_iq(void *user, struct span tag)
{
    struct mirror *mirror = user;
    struct span from = scan_attr(tag, "from"), to = scan_attr(tag, "to"), id = scan_attr(tag, "id");
    if (span_is(scan_attr(tag, "type"), "result") || !from.at || !to.at || !id.at)
        return;
    if (span_is(id, "configure"))
        make_all(mirror, scan_attr(tag, "xml:lang"));
    else
        replay(mirror);
    buf_printf(net_answer(&mirror->net), "<iq type='result' from='%.*s' to='%.*s' id='%.*s'/>",
               (int)to.len, to.at, (int)from.len, from.at, (int)id.len, id.at);
}

static void on_refused(void *user, uint32_t number, struct span error)
{
    (void)user;
    (void)number;
    (void)error;
}

static void on_broken(void *user, struct span error)
{
    (void)user;
    (void)error;
}

static void serve(const struct options *options, int fd)
{
    struct mirror *mirror = mem_new(sizeof *mirror);
    struct scan_events events = {mirror, on_copy, on_refused, on_iq, on_broken, NULL};
    mirror->options = options;
    make_all(mirror, (struct span){NULL, 0});
    net_init(&mirror->net, &events);
    net_add(&mirror->net, fd);
    while (!mirror->net.ended)
        net_poll(&mirror->net, -1);
    _exit(0);
}

pid_t mirror_start(const struct options *options, int fd, struct net *others)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    net_free(others);
    /* A blocking socket: the process never keeps more than a slice. */
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    serve(options, fd);
    _exit(0);
}

/* Kills it, since a server would keep its connection open. */
void mirror_end(pid_t pid)
{
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
}
