#include "honest.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "coven/clock.h"
#include "coven/ns.h"
#include "echo.h"

#define LEDGER_SIZE 16384
#define TALK_SHIFT  30 /* the upper bits of a number are the talk; 3: none (GROUP_JOIN) */
#define SETUP_MS    30000

/* Each person sends at most a message in half a second: nobody would call that a flood. */
static const struct honest_pace {
    uint64_t period_ns;
    uint32_t copies;
} paces[HONEST_TALKS] = {
    [HONEST_HERE] = {80000000, HONEST_SEATS},
    [HONEST_BESIDE] = {80000000, HONEST_SEATS},
    [HONEST_ECHO] = {80000000, 1},
    [HONEST_PAGE] = {400000000, 1},
};

/* Pages are read once the messages of the first page are back with everybody: so they are not
 * mistaken for due copies. */
#define PAGE_AFTER_NS 500000000u
/* The numbers of pages. */
#define PAGE_FIRST 0xD0000000u

static struct honest_figures *figures_of(struct honest *honest, uint32_t number)
{
    uint32_t talk = number >> TALK_SHIFT;
    if (number >= PAGE_FIRST)
        return &honest->talks[HONEST_PAGE];
    return talk < HONEST_PAGE ? &honest->talks[talk] : NULL;
}

/* ---- What comes ---- */

static void on_request(struct honest *honest, uint32_t number)
{
    if (number == GROUP_ASK + 1)
        atomic_store(&honest->request.answered_ns, net_clock_ns());
    if (number == GROUP_FLOOD)
        atomic_store(&honest->flood_ns, net_clock_ns());
}

static void on_heard(void *user, uint32_t number)
{
    struct honest *honest = user;
    struct honest_figures *figures = figures_of(honest, number);
    uint64_t sent_ns, now = honest->group.net.now_ns, since = atomic_load(&honest->during_ns);
    if (!figures) {
        on_request(honest, number);
        return;
    }
    if (!ledger_receive(&figures->ledger, number, &sent_ns))
        return;
    bool during = since && sent_ns >= since;
    histogram_add(during ? &figures->during : &figures->before, now > sent_ns ? now - sent_ns : 0);
    *(during ? &honest->during_copies : &honest->before_copies) += 1;
}

static void on_refused(void *user, uint32_t number)
{
    struct honest *honest = user;
    struct honest_figures *figures = figures_of(honest, number);
    if (!figures) {
        if (number == GROUP_ASK + 1)
            atomic_fetch_add(&honest->request.refused, 1);
        on_request(honest, number);
        return;
    }
    uint64_t lost = figures->ledger.lost;
    ledger_refuse(&figures->ledger, number);
    figures->refused_copies += figures->ledger.lost - lost;
    figures->refused++;
}

/* ---- What they say ---- */

static void say_to_room(struct honest *honest, uint32_t who, const char *room, const char *mark)
{
    group_say(&honest->group, who,
              "<message type='groupchat' to='%s' id='%s'><body>%s good morning to everybody who is "
              "here</body></message>",
              room, mark, mark);
}

static void say_here(struct honest *honest, uint32_t turn, const char *mark)
{
    say_to_room(honest, turn % HONEST_SEATS, honest->here, mark);
}

static void say_beside(struct honest *honest, uint32_t turn, const char *mark)
{
    say_to_room(honest, HONEST_SEATS + turn % HONEST_SEATS, honest->beside, mark);
}

static void say_echo(struct honest *honest, uint32_t turn, const char *mark)
{
    uint32_t number = 0;
    (void)turn;
    mark_read(mark, &number);
    group_say(&honest->group, echo_speaker(number),
              "<message type='chat' to='echo@%s' id='%s'><body>%s good morning to everybody who is "
              "here</body></message>",
              honest->group.options->echo, mark, mark);
}

static void say_page(struct honest *honest, uint32_t turn, const char *mark)
{
    group_say(&honest->group, HONEST_SEATS + turn % HONEST_SEATS,
              "<iq type='set' to='%s' id='%s'><query xmlns='" NS_MAM "'><set xmlns='" NS_RSM
              "'><max>3</max></set></query></iq>",
              honest->beside, mark);
}

static void (*const sayings[HONEST_TALKS])(struct honest *honest, uint32_t turn,
                                           const char *mark) = {
    [HONEST_HERE] = say_here,
    [HONEST_BESIDE] = say_beside,
    [HONEST_ECHO] = say_echo,
    [HONEST_PAGE] = say_page,
};

/* Latency counts from when a stanza was due, so a delay of this thread does not improve it. */
static void say_due(struct honest *honest, uint64_t now)
{
    for (int talk = 0; talk < HONEST_TALKS; talk++) {
        struct honest_figures *figures = &honest->talks[talk];
        char mark[MARK_LEN + 1] = "";
        if (now < figures->due_ns)
            continue;
        mark_write(mark, ledger_send(&figures->ledger, figures->due_ns, paces[talk].copies));
        sayings[talk](honest, figures->turn++, mark);
        figures->due_ns += paces[talk].period_ns;
    }
}

static void say_asked(struct honest *honest)
{
    const char *iq = atomic_load(&honest->request.iq);
    if (!iq)
        return;
    group_say(&honest->group, 0, "%s", iq);
    atomic_store(&honest->request.iq, NULL);
}

/* ---- The thread ---- */

static bool is_all_back(const struct honest *honest)
{
    for (int talk = 0; talk < HONEST_TALKS; talk++)
        if (honest->talks[talk].ledger.open)
            return false;
    return true;
}

static void count_bytes(struct honest *honest, uint64_t *counted)
{
    bool during = atomic_load(&honest->during_ns) != 0;
    *(during ? &honest->during_bytes : &honest->before_bytes) +=
        honest->group.net.received - *counted;
    *counted = honest->group.net.received;
}

static void *talk(void *user)
{
    struct honest *honest = user;
    uint64_t counted = honest->group.net.received;
    while (!atomic_load(&honest->given_up)) {
        if (atomic_load(&honest->over) && is_all_back(honest))
            break;
        if (!atomic_load(&honest->over))
            say_due(honest, net_clock_ns());
        say_asked(honest);
        net_poll(&honest->group.net, 1);
        count_bytes(honest, &counted);
    }
    return NULL;
}

void honest_start(struct honest *honest)
{
    uint64_t now = net_clock_ns();
    for (unsigned talk_at = 0; talk_at < HONEST_TALKS; talk_at++)
        honest->talks[talk_at].due_ns = now + talk_at * 20000000u;
    honest->talks[HONEST_PAGE].due_ns = now + PAGE_AFTER_NS;
    honest->running = pthread_create(&honest->thread, NULL, talk, honest) == 0;
}

void honest_attacked(struct honest *honest)
{
    atomic_store(&honest->during_ns, net_clock_ns());
}

/* The thread ends when everything is back, or with `given_up`. */
void honest_finish(struct honest *honest, uint32_t wait_ms)
{
    struct timespec until;
    if (!honest->running)
        return;
    atomic_store(&honest->over, true);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += wait_ms / 1000;
    if (pthread_timedjoin_np(honest->thread, NULL, &until) != 0) {
        atomic_store(&honest->given_up, true);
        pthread_join(honest->thread, NULL);
    }
    honest->running = false;
}

void honest_ask(struct honest *honest, const char *iq)
{
    atomic_store(&honest->request.answered_ns, 0);
    atomic_store(&honest->request.asked_ns, net_clock_ns());
    atomic_store(&honest->request.iq, iq);
}

double honest_answer_ms(const struct honest *honest)
{
    uint64_t answered = atomic_load(&honest->request.answered_ns);
    return answered ? (double)(answered - atomic_load(&honest->request.asked_ns)) / 1e6 : -1;
}

/* Waits until the thread no longer uses the request. */
void honest_forget(struct honest *honest)
{
    while (honest->running && atomic_load(&honest->request.iq))
        usleep(1000);
}

/* ---- Beginning and end ---- */

static bool configure(struct honest *honest, uint32_t who, const char *room, const char *fields)
{
    struct buf form = BUF_INIT;
    buf_printf(&form,
               "<query xmlns='" NS_MUC_OWNER "'><x xmlns='" NS_DATA
               "' type='submit'><field var='FORM_TYPE'><value>" NS_MUC_ROOMCONFIG
               "</value></field>%s</x></query>",
               fields);
    bool ok = group_ask(&honest->group, who, "set", room, form.data, SETUP_MS);
    buf_free(&form);
    return ok;
}

/* So that they stay when the room becomes members-only. */
static bool make_members(struct honest *honest)
{
    const struct options *options = honest->group.options;
    struct buf items = BUF_INIT;
    buf_add_text(&items, "<query xmlns='" NS_MUC_ADMIN "'>");
    for (uint32_t who = 1; who < HONEST_SEATS; who++)
        buf_printf(&items, "<item affiliation='member' jid='%s%u@%s'/>", options->accounts, who,
                   options->domain);
    buf_add_text(&items, "</query>");
    bool ok = group_ask(&honest->group, 0, "set", honest->here, items.data, SETUP_MS);
    buf_free(&items);
    return ok;
}

static bool enter(struct honest *honest, uint32_t who, const char *room)
{
    char mark[MARK_LEN + 1] = "";
    mark_write(mark, GROUP_JOIN);
    group_say(&honest->group, who,
              "<presence to='%s/h%u' id='%s'><status>%s</status><x xmlns='" NS_MUC "'/></presence>",
              room, who, mark, mark);
    return group_wait(&honest->group, &honest->group.selves, honest->group.selves + 1, SETUP_MS);
}

/* The first person of each half creates the room. */
static bool enter_all(struct honest *honest)
{
    const char *const rooms[] = {honest->here, honest->beside};
    for (uint32_t who = 0; who < HONEST_COUNT; who++) {
        const char *room = rooms[who / HONEST_SEATS];
        if (!enter(honest, who, room))
            return false;
        if (who % HONEST_SEATS == 0 && !configure(honest, who, room, ""))
            return false;
    }
    return true;
}

bool honest_begin(struct honest *honest, const struct options *options, const char *here,
                  const char *beside, const char *config, struct buf *why)
{
    memset(honest, 0, sizeof *honest);
    honest->here = here;
    honest->beside = beside;
    honest->group = (struct group){.options = options,
                                   .count = HONEST_COUNT,
                                   .nick = 'h',
                                   .user = honest,
                                   .heard = on_heard,
                                   .refused = on_refused};
    for (uint32_t talk_at = 0; talk_at < HONEST_TALKS; talk_at++) {
        ledger_init(&honest->talks[talk_at].ledger, LEDGER_SIZE);
        honest->talks[talk_at].ledger.next =
            talk_at == HONEST_PAGE ? PAGE_FIRST : (talk_at << TALK_SHIFT) + 1;
    }
    if (!group_begin(&honest->group, why))
        return false;
    bool ok = enter_all(honest) && make_members(honest) &&
              (!config || configure(honest, 0, here, config));
    for (int talk_at = 0; talk_at < HONEST_TALKS; talk_at++)
        ok = ok && !honest->talks[talk_at].refused;
    if (!ok)
        buf_add_text(why, "the honest people could not join their rooms");
    return ok;
}

void honest_end(struct honest *honest)
{
    group_end(&honest->group);
    for (int talk_at = 0; talk_at < HONEST_TALKS; talk_at++)
        ledger_free(&honest->talks[talk_at].ledger);
}

struct honest_sums honest_sums(const struct honest *honest)
{
    struct honest_sums sums = {0};
    for (int talk_at = 0; talk_at < HONEST_TALKS; talk_at++) {
        const struct honest_figures *figures = &honest->talks[talk_at];
        if (talk_at == HONEST_ECHO || !figures->ledger.entries)
            continue;
        sums.sent += figures->ledger.sent;
        sums.copies += figures->ledger.copies;
        sums.refused += figures->refused;
        sums.lost += figures->ledger.lost - figures->refused_copies + ledger_due(&figures->ledger);
    }
    return sums;
}
