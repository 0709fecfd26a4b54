/*
 * What people do who are no attackers, as much of it at once as a day brings: lines pasted, a
 * server that was restarted, clients that are in forty rooms. None of it may be refused.
 */
#include <stdio.h>

#include "coven/clock.h"
#include "coven/ns.h"
#include "says.h"
#include "stage.h"
#include "wire/ledger.h"

#define LINES         10
#define PASTE_MS      1000 /* from one paste to the next, of another person */
#define OWN_ROOMS     3    /* that a person is in beside the large one */
#define OWN_PEOPLE    20   /* of such a room */
#define MANY_ROOMS    40
#define ARRIVE_MS     90000
#define PAGE_MESSAGES 20

static void wait_for(struct stage *stage, const uint64_t *counter, uint64_t wanted,
                     const char *what)
{
    if (!party_wait(&stage->attackers, counter, wanted, ARRIVE_MS))
        stage_broken(stage, "%llu %s never came", (unsigned long long)(wanted - *counter), what);
}

/* ---- Pasting ---- */

static void on_line(void *user, uint32_t number)
{
    uint64_t *lines = user;
    *lines += number == PARTY_FLOOD;
}

static void paste(struct stage *stage, uint32_t who)
{
    char mark[MARK_LEN + 1] = "";
    mark_write(mark, PARTY_FLOOD);
    for (int line = 0; line < LINES; line++)
        party_say(
            &stage->attackers, who,
            "<message type='groupchat' to='%s' id='line%d'><body>%s line %d of a log that was "
            "asked for</body></message>",
            stage->here, line, mark, line);
}

void day_paste(struct stage *stage)
{
    struct party *party = &stage->attackers;
    uint64_t lines = 0, pastes = 0;
    int64_t until = clock_mono_ms() + (int64_t)stage_seconds(stage) * 1000;
    party->user = &lines;
    party->heard = on_line;
    for (; clock_mono_ms() < until; pastes++) {
        paste(stage, (uint32_t)(pastes % party->count));
        party_rest(party, PASTE_MS);
    }
    wait_for(stage, &lines, pastes * LINES * party->count, "copies of pasted lines");
    party->heard = NULL;
}

/* ---- Coming back ---- */

/* As a client does it: with the history that it missed, and then the archive. */
static void join(struct stage *stage, uint32_t who, const char *room, bool reads)
{
    char self[MARK_LEN + 1] = "", ask[MARK_LEN + 1] = "";
    mark_write(self, PARTY_JOIN);
    mark_write(ask, PARTY_ASK);
    party_say(&stage->attackers, who,
              "<presence to='%s/%c%u' id='%s'><status>%s</status><x xmlns='" NS_MUC
              "'><history maxstanzas='20'/></x></presence>",
              room, stage->attackers.nick, who, self, self);
    if (reads)
        party_say(&stage->attackers, who,
                  "<iq type='set' to='%s' id='%s'><query xmlns='" NS_MAM "'><set xmlns='" NS_RSM
                  "'><max>%d</max><before/></set></query></iq>",
                  room, ask, PAGE_MESSAGES);
}

static void own_room(const struct stage *stage, uint32_t group, int room, char name[256])
{
    snprintf(name, 256, "%s-%u-%d@%s", stage->attack->name, group, room, stage->options->service);
}

static void unlock(struct stage *stage, uint32_t who, const char *room)
{
    if (!party_ask(&stage->attackers, who, "set", room,
                   "<query xmlns='" NS_MUC_OWNER "'><x xmlns='" NS_DATA "' type='submit'/></query>",
                   ARRIVE_MS))
        stage_broken(stage, "%s could not be configured", room);
}

static uint32_t join_own(struct stage *stage, uint32_t who, bool reads)
{
    char name[256];
    for (int room = 0; room < OWN_ROOMS; room++) {
        own_room(stage, who / OWN_PEOPLE, room, name);
        join(stage, who, name, reads);
    }
    return OWN_ROOMS;
}

/* The rooms are there before the restart, and those who made them are in them. */
static void make_own(struct stage *stage)
{
    struct party *party = &stage->attackers;
    char name[256];
    for (uint32_t who = 0; who < party->count; who += OWN_PEOPLE) {
        for (int room = 0; room < OWN_ROOMS; room++) {
            uint64_t selves = party->selves;
            own_room(stage, who / OWN_PEOPLE, room, name);
            join(stage, who, name, false);
            wait_for(stage, &party->selves, selves + 1, "answers to joins");
            unlock(stage, who, name);
        }
    }
}

/* The server ends, and all log in again; those who keep the small rooms alive were elsewhere. */
static void restart(struct stage *stage)
{
    struct party *party = &stage->attackers;
    struct buf why = BUF_INIT;
    for (uint32_t who = 0; who < party->count; who++)
        if (who % OWN_PEOPLE)
            net_hang_up(&party->net, who);
    for (uint32_t who = 0; who < party->count; who++)
        if (who % OWN_PEOPLE && !party_return(party, who, &why))
            stage_broken(stage, "%s", why.data);
    buf_free(&why);
}

void day_return(struct stage *stage)
{
    struct party *party = &stage->attackers;
    make_own(stage);
    restart(stage);
    uint64_t joins = 0, selves = party->selves, answers = party->answers;
    int64_t began = clock_mono_ms();
    for (uint32_t who = 0; who < party->count; who++) {
        if (who % OWN_PEOPLE == 0)
            continue;
        join(stage, who, stage->here, true);
        joins += 1 + join_own(stage, who, true);
    }
    wait_for(stage, &party->selves, selves + joins, "answers to joins");
    wait_for(stage, &party->answers, answers + joins, "pages");
    stage_note(stage, "%llu joins and pages in %.1f s", (unsigned long long)joins,
               (double)(clock_mono_ms() - began) / 1e3);
}

/* ---- Forty rooms ---- */

void day_many_rooms(struct stage *stage)
{
    struct party *party = &stage->attackers;
    char name[256];
    uint64_t selves = party->selves;
    for (int room = 0; room < MANY_ROOMS; room++) {
        own_room(stage, 0, room, name);
        join(stage, 0, name, false);
        wait_for(stage, &party->selves, selves + (uint64_t)room + 1, "answers to joins");
        unlock(stage, 0, name);
    }
    selves = party->selves;
    uint64_t answers = party->answers, joins = 0;
    for (uint32_t who = 1; who < party->count; who++)
        for (int room = 0; room < MANY_ROOMS; room++, joins++) {
            own_room(stage, 0, room, name);
            join(stage, who, name, true);
        }
    wait_for(stage, &party->selves, selves + joins, "answers to joins");
    wait_for(stage, &party->answers, answers + joins, "pages");
}
