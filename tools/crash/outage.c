#include "outage.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coven/clock.h"
#include "crowd.h"

#define ENTER_MS       240000 /* presence of everybody to everybody, through a server */
#define BACK_MS        60000
#define LIVING_MS      60000
#define LIVING_NEAR_MS 10000 /* when people talk, and covend's own server is well */
#define SAY_MS         1000
#define HEAR_MS        60000
#define QUIET_MS       5000

static bool is_inside(const struct client *client)
{
    return client->inside;
}

static bool is_ready(const struct client *client)
{
    return client->seat != 0 || (client->inside && client->configured);
}

/* Who lived through it has heard what the owner of the room has. */
static bool has_heard(const struct client *client)
{
    const struct client *owner = client - client->seat;
    bool whole = !client->remote || client->crowd->options->frozen;
    return !whole || (client->heard == owner->heard && client->heard_is == owner->heard_is);
}

static bool fill_rooms(struct crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->count; i++) {
        struct client *client = &crowd->clients[i];
        if (!client_log_in(client, "crash", 0))
            return false;
        if (client->seat == 0) {
            client_enter(client);
            client_configure(client);
        }
    }
    if (!crowd_wait(crowd, is_ready, BACK_MS, "does not get its room"))
        return false;
    for (uint32_t i = 0; i < crowd->count; i++) {
        if (crowd->clients[i].seat != 0)
            client_enter(&crowd->clients[i]);
    }
    return crowd_wait(crowd, is_inside, ENTER_MS, "does not get into its room");
}

/* ---- The outage ---- */

/* Is it this client's server that crashes? */
static bool is_hit(const struct client *client)
{
    const struct options *options = client->crowd->options;
    return !options->frozen && (!options->remote || client->remote);
}

static bool is_gone(const struct client *client)
{
    return !is_hit(client) || client->line.fd < 0;
}

static pid_t command_start(const char *command)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

/* Owners talk all the time where their own server stays. */
static bool talk_on(struct crowd *crowd, uint32_t *number)
{
    for (uint32_t i = 0; crowd->options->remote && i < crowd->count; i += crowd->options->seats)
        client_say(&crowd->clients[i], *number);
    ++*number;
    return crowd_turn_for(crowd, SAY_MS);
}

static bool command_wait(struct crowd *crowd, pid_t pid, uint32_t *number)
{
    int status;
    pid_t ended;
    while ((ended = waitpid(pid, &status, WNOHANG)) == 0) {
        if (!talk_on(crowd, number))
            return false;
    }
    return (ended == pid && status == 0) ||
           crowd_fail(crowd, "the command failed: %s", crowd->options->outage);
}

static bool let_it_crash(struct crowd *crowd, uint32_t *number)
{
    crowd->crashed = true;
    crowd->may_leave = crowd->options->remote; /* a server that is stopped says so */
    pid_t pid = command_start(crowd->options->outage);
    if (!command_wait(crowd, pid, number) ||
        !crowd_wait(crowd, is_gone, BACK_MS, "is still connected: the server did not crash"))
        return false;
    for (uint32_t i = 0; i < crowd->count; i++) {
        struct client *client = &crowd->clients[i];
        if (!is_hit(client))
            continue;
        client->inside = false;
        client->away = client->seat != 0 && dice_once_in(&crowd->dice, 2);
    }
    return true;
}

/* ---- After it ---- */

static bool log_in_again(struct crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->count; i++) {
        struct client *client = &crowd->clients[i];
        /* Of remote ones some are other sessions than those that died. */
        bool other = crowd->options->remote && dice_once_in(&crowd->dice, 2);
        if (client->line.fd < 0 && !client->away &&
            !client_log_in(client, other ? "again" : "crash", BACK_MS))
            return false;
    }
    return true;
}

/* Until each is in: as long as covend is not attached again the server refuses for it. */
static bool come_back(struct crowd *crowd)
{
    if (!log_in_again(crowd))
        return false;
    int64_t end = clock_mono_ms() + BACK_MS;
    const struct client *outside;
    do {
        outside = NULL;
        for (uint32_t i = 0; i < crowd->count; i++) {
            struct client *client = &crowd->clients[i];
            if (client->away || client->inside || client->sent_out)
                continue;
            client_enter(client);
            outside = client;
        }
        if (outside && clock_mono_ms() > end)
            return crowd_fail(crowd, "room %u: user %u did not get back into it", outside->room,
                              outside->seat);
        if (!crowd_turn_for(crowd, 1000))
            return false;
    } while (outside);
    return true;
}

static bool nobody_was_sent_out(struct crowd *crowd)
{
    for (uint32_t i = 0; i < crowd->count; i++) {
        const struct client *client = &crowd->clients[i];
        if (client->sent_out)
            return crowd_fail(crowd, "room %u: user %u %s and was sent out", client->room,
                              client->seat, is_hit(client) ? "came back" : "never went");
    }
    return true;
}

/* Nothing that an owner said is missing, and who was there heard the same. */
static bool nothing_was_lost(struct crowd *crowd, uint32_t said)
{
    for (uint32_t i = 0; crowd->options->remote && i < crowd->count; i += crowd->options->seats) {
        const struct client *owner = &crowd->clients[i];
        if (owner->heard != said)
            return crowd_fail(crowd, "room %u: its owner said %u messages and heard %u",
                              owner->room, said, owner->heard);
    }
    return crowd_wait(crowd, has_heard, HEAR_MS, "has not heard what others have");
}

/* ---- The course of it ---- */

static void report(const struct crowd *crowd, int64_t ms)
{
    uint32_t hit = 0, away = 0;
    for (uint32_t i = 0; i < crowd->count; i++) {
        hit += is_hit(&crowd->clients[i]);
        away += crowd->clients[i].away;
    }
    printf("coven-crash: %lld ms after the crash the rooms show the %u who live, %u of whom came "
           "back; %u stayed away, %u were seen leaving with 333\n",
           (long long)ms, crowd->count - away, hit - away, away, crowd->left_333);
}

static bool go(struct crowd *crowd)
{
    uint32_t number = 0;
    if (!fill_rooms(crowd))
        return false;
    printf("coven-crash: %u clients are in %u rooms\n", crowd->count, crowd->options->rooms);
    fflush(stdout);
    if (!let_it_crash(crowd, &number))
        return false;
    int64_t began = clock_mono_ms(), living_ms = LIVING_MS;
    if (crowd->options->remote)
        living_ms = LIVING_NEAR_MS;
    if (!come_back(crowd) || !talk_on(crowd, &number) ||
        !crowd_wait_for_the_living(crowd, living_ms))
        return false;
    int64_t took_ms = clock_mono_ms() - began;
    bool ok = crowd_turn_for(crowd, QUIET_MS) && crowd_wait_for_the_living(crowd, 0) &&
              nobody_was_sent_out(crowd) && nothing_was_lost(crowd, number);
    if (ok)
        report(crowd, took_ms);
    return ok;
}

int outage_run(const struct options *options)
{
    struct crowd crowd;
    crowd_init(&crowd, options);
    signal(SIGPIPE, SIG_IGN);
    bool ok = go(&crowd);
    if (!ok)
        fprintf(stderr, "coven-crash: seed %llu: %s\n", (unsigned long long)options->seed,
                crowd.fault.data);
    crowd_free(&crowd);
    return !ok;
}
