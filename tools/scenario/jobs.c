#include "jobs.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coven/bug.h"
#include "coven/clock.h"
#include "coven/mem.h"
#include "player.h"

/* A script is played in a slot; slot k plays on host h(k+1). */
struct slot {
    pid_t pid; /* 0: free */
    int fd;    /* the player's report; its end is the player's end */
    struct trial *trial;
    int64_t started;
};

struct jobs {
    const struct options *options;
    struct trials *trials;
    struct slot *slots;
    int next; /* the index of the next trial */
};

/* ---- The player's process ---- */

static void move_to_host(struct script *script, const struct options *options, int slot)
{
    struct buf host = BUF_INIT;
    if (options->jobs > 1)
        buf_printf(&host, "h%d.", slot + 1);
    buf_add_text(&host, options->domain);
    script_move(script, host.data);
    buf_free(&host);
}

static void write_all(int fd, struct span text)
{
    while (text.len) {
        ssize_t count = write(fd, text.at, text.len);
        if (count < 0 && errno != EINTR)
            return;
        if (count > 0)
            text = (struct span){text.at + count, text.len - (size_t)count};
    }
}

static _Noreturn void play(struct jobs *jobs, int slot, struct script *script, int fd)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM); /* no player outlives the runner */
    move_to_host(script, jobs->options, slot);
    struct buf report = BUF_INIT;
    bool ok = player_run(jobs->options, script, &report);
    write_all(fd, buf_span(&report));
    buf_free(&report);
    exit(ok ? 0 : 1);
}

/* ---- The runner ---- */

static void fail_trial(struct trial *trial, const char *what, int detail)
{
    trial->verdict = VERDICT_FAILED;
    buf_printf(&trial->text, "%s: %s %d\n", trial->path, what, detail);
}

static void start(struct jobs *jobs, int index, struct trial *trial)
{
    struct slot *slot = &jobs->slots[index];
    int ends[2];
    if (pipe(ends) != 0) {
        fail_trial(trial, "cannot make a pipe for the player: errno", errno);
        return;
    }
    fflush(NULL); /* the child would write the buffers again */
    pid_t pid = fork();
    if (pid == 0)
        play(jobs, index, trial->script, ends[1]);
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
        fail_trial(trial, "cannot start a process for the player: errno", errno);
        return;
    }
    *slot = (struct slot){pid, ends[0], trial, clock_mono_ms()};
}

static void finish(struct slot *slot)
{
    int status;
    struct trial *trial = slot->trial;
    while (waitpid(slot->pid, &status, 0) < 0)
        coven_assert(errno == EINTR);
    close(slot->fd);
    trial->ms = clock_mono_ms() - slot->started;
    if (WIFSIGNALED(status))
        fail_trial(trial, "the player was ended by signal", WTERMSIG(status));
    else if (WEXITSTATUS(status) > 1)
        fail_trial(trial, "the player ended with status", WEXITSTATUS(status));
    else
        trial->verdict = WEXITSTATUS(status) == 0 ? VERDICT_PASSED : VERDICT_FAILED;
    slot->pid = 0;
}

static void read_slot(struct slot *slot)
{
    enum { PIECE = 65536 };
    ssize_t count = read(slot->fd, buf_reserve(&slot->trial->text, PIECE), PIECE);
    if (count > 0)
        slot->trial->text.len += (size_t)count;
    else if (count == 0 || errno != EINTR)
        finish(slot);
}

static struct trial *next_open(struct jobs *jobs)
{
    while (jobs->next < jobs->trials->count) {
        struct trial *trial = &jobs->trials->all[jobs->next++];
        if (trial->verdict == VERDICT_OPEN)
            return trial;
    }
    return NULL;
}

/* False: all slots are free and no trial is open. */
static bool fill_slots(struct jobs *jobs)
{
    bool busy = false;
    for (int i = 0; i < jobs->options->jobs; i++) {
        struct trial *trial = jobs->slots[i].pid ? NULL : next_open(jobs);
        if (trial)
            start(jobs, i, trial);
        busy = busy || jobs->slots[i].pid || trial;
    }
    return busy;
}

static void read_slots(struct jobs *jobs)
{
    int count = jobs->options->jobs;
    struct pollfd *pollers = mem_new((size_t)count * sizeof *pollers);
    bool any = false;
    for (int i = 0; i < count; i++) {
        bool busy = jobs->slots[i].pid != 0;
        pollers[i] = (struct pollfd){.fd = busy ? jobs->slots[i].fd : -1, .events = POLLIN};
        any = any || busy;
    }
    int ready = any ? poll(pollers, (nfds_t)count, -1) : 0;
    for (int i = 0; ready > 0 && i < count; i++)
        if (pollers[i].revents)
            read_slot(&jobs->slots[i]);
    free(pollers);
}

void jobs_run(struct trials *trials, const struct options *options,
              void (*done)(int number, const struct trial *trial))
{
    struct jobs jobs = {options, trials, mem_new((size_t)options->jobs * sizeof(struct slot)), 0};
    int told = 0;
    bool busy;
    do {
        busy = fill_slots(&jobs);
        for (; told < trials->count && trials->all[told].verdict != VERDICT_OPEN; told++)
            done(told + 1, &trials->all[told]);
        if (busy)
            read_slots(&jobs);
    } while (busy);
    coven_assert(told == trials->count);
    free(jobs.slots);
}
