#include "outage.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coven/clock.h"
#include "outage_clients.h"

#define ENTER_MS       240000 /* everybody's presence goes to everybody, through a server */
#define BACK_MS        60000
#define LIVING_MS      60000
#define LIVING_NEAR_MS 10000 /* when people talk, and covend's own server did not crash */
#define SAY_MS         1000
#define HEAR_MS        60000
#define QUIET_MS       5000

static bool is_inside(const struct outage_client *client)
{
    return client->inside;
}

static bool is_ready(const struct outage_client *client)
{
    return client->seat != 0 || (client->inside && client->configured);
}

/* Did a client that was there all the time receive what the owner received? */
static bool has_heard(const struct outage_client *client)
{
    const struct outage_client *owner = client - client->seat;
    bool whole = !client->remote || client->clients->options->frozen;
    return !whole || (client->heard == owner->heard && client->heard_is == owner->heard_is);
}

static bool fill_rooms(struct outage_clients *clients)
{
    for (uint32_t i = 0; i < clients->count; i++) {
        struct outage_client *client = &clients->list[i];
        if (!outage_client_log_in(client, "crash", 0))
            return false;
        if (client->seat == 0) {
            outage_client_enter(client);
            outage_client_configure(client);
        }
    }
    if (!outage_clients_wait(clients, is_ready, BACK_MS, "cannot create its room"))
        return false;
    for (uint32_t i = 0; i < clients->count; i++) {
        if (clients->list[i].seat != 0)
            outage_client_enter(&clients->list[i]);
    }
    return outage_clients_wait(clients, is_inside, ENTER_MS, "cannot join its room");
}

/* ---- The outage ---- */

/* Is it this client's server that crashes? */
static bool is_hit(const struct outage_client *client)
{
    const struct options *options = client->clients->options;
    return !options->frozen && (!options->remote || client->remote);
}

static bool is_gone(const struct outage_client *client)
{
    return !is_hit(client) || client->connection.fd < 0;
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

/* The owners talk all the time when their server does not crash. */
static bool talk_on(struct outage_clients *clients, uint32_t *number)
{
    for (uint32_t i = 0; clients->options->remote && i < clients->count;
         i += clients->options->seats)
        outage_client_say(&clients->list[i], *number);
    ++*number;
    return outage_clients_turn_for(clients, SAY_MS);
}

static bool command_wait(struct outage_clients *clients, pid_t pid, uint32_t *number)
{
    int status;
    pid_t ended;
    while ((ended = waitpid(pid, &status, WNOHANG)) == 0) {
        if (!talk_on(clients, number))
            return false;
    }
    return (ended == pid && status == 0) ||
           outage_fail(clients, "the command failed: %s", clients->options->outage);
}

static bool let_it_crash(struct outage_clients *clients, uint32_t *number)
{
    clients->crashed = true;
    clients->may_leave = clients->options->remote; /* a server that is shut down says goodbye */
    pid_t pid = command_start(clients->options->outage);
    if (!command_wait(clients, pid, number) ||
        !outage_clients_wait(clients, is_gone, BACK_MS,
                             "is still connected: the server has not crashed"))
        return false;
    for (uint32_t i = 0; i < clients->count; i++) {
        struct outage_client *client = &clients->list[i];
        if (!is_hit(client))
            continue;
        client->inside = false;
        client->away = client->seat != 0 && dice_once_in(&clients->dice, 2);
    }
    return true;
}

/* ---- After the outage ---- */

static bool log_in_again(struct outage_clients *clients)
{
    for (uint32_t i = 0; i < clients->count; i++) {
        struct outage_client *client = &clients->list[i];
        /* Some remote users come back with another session than before. */
        bool other = clients->options->remote && dice_once_in(&clients->dice, 2);
        if (client->connection.fd < 0 && !client->away &&
            !outage_client_log_in(client, other ? "again" : "crash", BACK_MS))
            return false;
    }
    return true;
}

/* Repeats the joins: the server refuses them until covend is attached again. */
static bool come_back(struct outage_clients *clients)
{
    if (!log_in_again(clients))
        return false;
    int64_t end = clock_mono_ms() + BACK_MS;
    const struct outage_client *outside;
    do {
        outside = NULL;
        for (uint32_t i = 0; i < clients->count; i++) {
            struct outage_client *client = &clients->list[i];
            if (client->away || client->inside || client->sent_out)
                continue;
            outage_client_enter(client);
            outside = client;
        }
        if (outside && clock_mono_ms() > end)
            return outage_fail(clients, "room %u: user %u could not join again", outside->room,
                               outside->seat);
        if (!outage_clients_turn_for(clients, 1000))
            return false;
    } while (outside);
    return true;
}

static bool nobody_was_sent_out(struct outage_clients *clients)
{
    for (uint32_t i = 0; i < clients->count; i++) {
        const struct outage_client *client = &clients->list[i];
        if (client->sent_out)
            return outage_fail(clients, "room %u: user %u %s, but was removed", client->room,
                               client->seat, is_hit(client) ? "came back" : "never left");
    }
    return true;
}

/* The owners received everything they said, and those who were there received the same. */
static bool nothing_was_lost(struct outage_clients *clients, uint32_t said)
{
    for (uint32_t i = 0; clients->options->remote && i < clients->count;
         i += clients->options->seats) {
        const struct outage_client *owner = &clients->list[i];
        if (owner->heard != said)
            return outage_fail(clients, "room %u: its owner sent %u messages, but received %u",
                               owner->room, said, owner->heard);
    }
    return outage_clients_wait(clients, has_heard, HEAR_MS, "did not receive what others received");
}

/* ---- The run ---- */

static void report(const struct outage_clients *clients, int64_t ms)
{
    uint32_t hit = 0, away = 0;
    for (uint32_t i = 0; i < clients->count; i++) {
        hit += is_hit(&clients->list[i]);
        away += clients->list[i].away;
    }
    printf("coven-crash: %lld ms after the crash the rooms show exactly the %u who are alive; %u "
           "of them came "
           "back, %u stayed away, %u left with 333\n",
           (long long)ms, clients->count - away, hit - away, away, clients->left_333);
}

static bool go(struct outage_clients *clients)
{
    uint32_t number = 0;
    if (!fill_rooms(clients))
        return false;
    printf("coven-crash: %u clients are in %u rooms\n", clients->count, clients->options->rooms);
    fflush(stdout);
    if (!let_it_crash(clients, &number))
        return false;
    int64_t began = clock_mono_ms(), living_ms = LIVING_MS;
    if (clients->options->remote)
        living_ms = LIVING_NEAR_MS;
    if (!come_back(clients) || !talk_on(clients, &number) ||
        !outage_clients_wait_for_living(clients, living_ms))
        return false;
    int64_t took_ms = clock_mono_ms() - began;
    bool ok = outage_clients_turn_for(clients, QUIET_MS) &&
              outage_clients_wait_for_living(clients, 0) && nobody_was_sent_out(clients) &&
              nothing_was_lost(clients, number);
    if (ok)
        report(clients, took_ms);
    return ok;
}

int outage_run(const struct options *options)
{
    struct outage_clients clients;
    outage_clients_init(&clients, options);
    signal(SIGPIPE, SIG_IGN);
    bool ok = go(&clients);
    if (!ok)
        fprintf(stderr, "coven-crash: seed %llu: %s\n", (unsigned long long)options->seed,
                clients.failure.data);
    outage_clients_free(&clients);
    return !ok;
}
