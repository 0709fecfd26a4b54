/*
 * A day's peaks without any attack: pasted lines, a restarted server, clients in forty rooms.
 * Nothing may be refused.
 */
#include <stdio.h>

#include "acts.h"
#include "attempt.h"
#include "coven/clock.h"
#include "coven/ns.h"
#include "wire/ledger.h"

#define LINES         10
#define PASTE_MS      1000 /* from one person's paste to the next one's */
#define OWN_ROOMS     3    /* small rooms that a person is in besides the large one */
#define OWN_PEOPLE    20   /* people in a small room */
#define MANY_ROOMS    40
#define ARRIVE_MS     90000
#define PAGE_MESSAGES 20

static void wait_for(struct attempt *attempt, const uint64_t *counter, uint64_t wanted,
                     const char *what)
{
    if (!group_wait(&attempt->attackers, counter, wanted, ARRIVE_MS))
        attempt_broken(attempt, "%llu %s never came", (unsigned long long)(wanted - *counter),
                       what);
}

/* ---- Pasting ---- */

static void on_line(void *user, uint32_t number)
{
    uint64_t *lines = user;
    *lines += number == GROUP_FLOOD;
}

static void paste(struct attempt *attempt, uint32_t who)
{
    char mark[MARK_LEN + 1] = "";
    mark_write(mark, GROUP_FLOOD);
    for (int line = 0; line < LINES; line++)
        group_say(
            &attempt->attackers, who,
            "<message type='groupchat' to='%s' id='line%d'><body>%s line %d of a log that was "
            "asked for</body></message>",
            attempt->here, line, mark, line);
}

void day_paste(struct attempt *attempt)
{
    struct group *group = &attempt->attackers;
    uint64_t lines = 0, pastes = 0;
    int64_t until = clock_mono_ms() + (int64_t)attempt_seconds(attempt) * 1000;
    group->user = &lines;
    group->heard = on_line;
    for (; clock_mono_ms() < until; pastes++) {
        paste(attempt, (uint32_t)(pastes % group->count));
        group_rest(group, PASTE_MS);
    }
    wait_for(attempt, &lines, pastes * LINES * group->count, "copies of pasted lines");
    group->heard = NULL;
}

/* ---- Coming back ---- */

/* Joins like a client: with the history, and then the archive. */
static void join(struct attempt *attempt, uint32_t who, const char *room, bool reads)
{
    char self[MARK_LEN + 1] = "", ask[MARK_LEN + 1] = "";
    mark_write(self, GROUP_JOIN);
    mark_write(ask, GROUP_ASK);
    group_say(&attempt->attackers, who,
              "<presence to='%s/%c%u' id='%s'><status>%s</status><x xmlns='" NS_MUC
              "'><history maxstanzas='20'/></x></presence>",
              room, attempt->attackers.nick, who, self, self);
    if (reads)
        group_say(&attempt->attackers, who,
                  "<iq type='set' to='%s' id='%s'><query xmlns='" NS_MAM "'><set xmlns='" NS_RSM
                  "'><max>%d</max><before/></set></query></iq>",
                  room, ask, PAGE_MESSAGES);
}

static void own_room(const struct attempt *attempt, uint32_t group, int room, char name[256])
{
    snprintf(name, 256, "%s-%u-%d@%s", attempt->attack->name, group, room,
             attempt->options->service);
}

static void unlock(struct attempt *attempt, uint32_t who, const char *room)
{
    if (!group_ask(&attempt->attackers, who, "set", room,
                   "<query xmlns='" NS_MUC_OWNER "'><x xmlns='" NS_DATA "' type='submit'/></query>",
                   ARRIVE_MS))
        attempt_broken(attempt, "%s could not be configured", room);
}

static uint32_t join_own(struct attempt *attempt, uint32_t who, bool reads)
{
    char name[256];
    for (int room = 0; room < OWN_ROOMS; room++) {
        own_room(attempt, who / OWN_PEOPLE, room, name);
        join(attempt, who, name, reads);
    }
    return OWN_ROOMS;
}

/* Creates the small rooms; their creators are inside. */
static void make_own(struct attempt *attempt)
{
    struct group *group = &attempt->attackers;
    char name[256];
    for (uint32_t who = 0; who < group->count; who += OWN_PEOPLE) {
        for (int room = 0; room < OWN_ROOMS; room++) {
            uint64_t selves = group->selves;
            own_room(attempt, who / OWN_PEOPLE, room, name);
            join(attempt, who, name, false);
            wait_for(attempt, &group->selves, selves + 1, "answers to joins");
            unlock(attempt, who, name);
        }
    }
}

/* The server restarts and all log in again, except the creators, who keep the small rooms alive. */
static void restart(struct attempt *attempt)
{
    struct group *group = &attempt->attackers;
    struct buf why = BUF_INIT;
    for (uint32_t who = 0; who < group->count; who++)
        if (who % OWN_PEOPLE)
            net_hang_up(&group->net, who);
    for (uint32_t who = 0; who < group->count; who++)
        if (who % OWN_PEOPLE && !group_return(group, who, &why))
            attempt_broken(attempt, "%s", why.data);
    buf_free(&why);
}

void day_return(struct attempt *attempt)
{
    struct group *group = &attempt->attackers;
    make_own(attempt);
    restart(attempt);
    uint64_t joins = 0, selves = group->selves, answers = group->answers;
    int64_t began = clock_mono_ms();
    for (uint32_t who = 0; who < group->count; who++) {
        if (who % OWN_PEOPLE == 0)
            continue;
        join(attempt, who, attempt->here, true);
        joins += 1 + join_own(attempt, who, true);
    }
    wait_for(attempt, &group->selves, selves + joins, "answers to joins");
    wait_for(attempt, &group->answers, answers + joins, "pages");
    attempt_note(attempt, "%llu joins and pages took %.1f s", (unsigned long long)joins,
                 (double)(clock_mono_ms() - began) / 1e3);
}

/* ---- Forty rooms ---- */

void day_many_rooms(struct attempt *attempt)
{
    struct group *group = &attempt->attackers;
    char name[256];
    uint64_t selves = group->selves;
    for (int room = 0; room < MANY_ROOMS; room++) {
        own_room(attempt, 0, room, name);
        join(attempt, 0, name, false);
        wait_for(attempt, &group->selves, selves + (uint64_t)room + 1, "answers to joins");
        unlock(attempt, 0, name);
    }
    selves = group->selves;
    uint64_t answers = group->answers, joins = 0;
    for (uint32_t who = 1; who < group->count; who++)
        for (int room = 0; room < MANY_ROOMS; room++, joins++) {
            own_room(attempt, 0, room, name);
            join(attempt, who, name, true);
        }
    wait_for(attempt, &group->selves, selves + joins, "answers to joins");
    wait_for(attempt, &group->answers, answers + joins, "pages");
}
