#include "mirror.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "crowd.h"
#include "ledger.h"
#include "net.h"

/* What is sent at a time: it stays in the cache. */
#define SLICE (256u * 1024)

struct copy {
    struct buf text;
    size_t mark_at;
};

struct mirror {
    struct net net;
    const struct options *options;
    struct copy message, presence, self;
};

/* ---- What a room would send ---- */

static void mark_here(struct copy *copy, const char *open)
{
    char mark[MARK_LEN];
    mark_write(mark, 0);
    buf_add_text(&copy->text, open);
    copy->mark_at = copy->text.len;
    buf_add(&copy->text, mark, MARK_LEN);
}

static void make_message(struct copy *copy, const struct options *options)
{
    size_t filling = options->bytes - MARK_LEN;
    buf_printf(
        &copy->text, "<message type='%s' from='load0@%s/n0' id='L0000000000' to='user0@%s/load'>",
        options->work == WORK_PRIVATE ? "chat" : "groupchat", options->service, options->domain);
    mark_here(copy, "<body>");
    memset(buf_reserve(&copy->text, filling), '.', filling);
    copy->text.len += filling;
    buf_printf(&copy->text,
               "</body><stanza-id xmlns='" NS_SID "' by='load0@%s' "
               "id='019a0000000000000000000000000000'/></message>",
               options->service);
}

static void make_presence(struct copy *copy, const struct options *options, const char *status)
{
    size_t filling = options->work == WORK_PRESENCE ? options->bytes - MARK_LEN : 0;
    buf_printf(&copy->text, "<presence from='load0@%s/n0' to='user0@%s/load'>", options->service,
               options->domain);
    mark_here(copy, "<status>");
    memset(buf_reserve(&copy->text, filling), '.', filling);
    copy->text.len += filling;
    buf_printf(&copy->text,
               "</status><x xmlns='" NS_MUC_USER "'>"
               "<item affiliation='none' role='participant'/>%s</x></presence>",
               status);
}

/* ---- Answering ---- */

static void add_copy(struct buf *out, const struct copy *copy, uint32_t number)
{
    mark_write(copy->text.data + copy->mark_at, number);
    buf_add_span(out, buf_span(&copy->text));
}

/* A presence comes from a join or an update: its sender's own copy ends the list. */
static void on_copy(void *user, uint32_t number, bool self)
{
    struct mirror *mirror = user;
    (void)self;
    bool is_message = mirror->net.counts.messages > 0;
    uint32_t copies = mirror->options->occupants;
    if (is_message && mirror->options->work == WORK_PRIVATE)
        copies = 1;
    for (uint32_t i = 1; i <= copies; i++) {
        struct buf *out = net_answer(&mirror->net);
        const struct copy *others = is_message ? &mirror->message : &mirror->presence;
        add_copy(out, is_message || i < copies ? others : &mirror->self, number);
        if (out->len > SLICE)
            net_flush(&mirror->net);
    }
}

static void on_iq(void *user, struct span tag)
{
    struct mirror *mirror = user;
    (void)tag;
    buf_add_text(net_answer(&mirror->net), "<iq type='result' id='configure'/>");
}

static void ignore_number(void *user, uint32_t number)
{
    (void)user;
    (void)number;
}

static void ignore_error(void *user, struct span error)
{
    (void)user;
    (void)error;
}

static void serve(const struct options *options, int fd)
{
    struct mirror *mirror = mem_new(sizeof *mirror);
    struct scan_events events = {mirror, on_copy, ignore_number, on_iq, ignore_error};
    mirror->options = options;
    make_message(&mirror->message, options);
    make_presence(&mirror->presence, options, "");
    make_presence(&mirror->self, options, "<status code='110'/>");
    net_init(&mirror->net, &events);
    net_add(&mirror->net, fd);
    while (!mirror->net.ended)
        net_poll(&mirror->net, -1);
    _exit(0);
}

pid_t mirror_start(const struct options *options, int fd, int other)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close(other);
    serve(options, fd);
    _exit(0);
}
