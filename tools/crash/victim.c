#include "victim.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "coven/clock.h"

#define END_MS 20000

static _Noreturn void become(const struct victim *victim, uint64_t seed)
{
    char server[32], config[4096], data[4096], log[4096], text[24];
    snprintf(server, sizeof server, "127.0.0.1:%s", victim->port);
    snprintf(config, sizeof config, "%s/covend.conf", victim->folder);
    snprintf(data, sizeof data, "%s/data", victim->folder);
    snprintf(log, sizeof log, "%s/covend.log", victim->folder);
    snprintf(text, sizeof text, "%llu", (unsigned long long)seed);
    int fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    setenv("COVEN_SECRET", victim->secret, 1);
    setenv("COVEN_FORGETFUL_SEED", text, 1);
    execl(victim->program, victim->program, "--config", config, "--server", server, "--domain",
          victim->service, "--data", data, (char *)NULL);
    fprintf(stderr, "%s: %s\n", victim->program, strerror(errno));
    _exit(127);
}

bool victim_start(struct victim *victim, uint64_t seed, struct buf *why)
{
    victim->pid = fork();
    if (victim->pid == 0)
        become(victim, seed);
    if (victim->pid > 0)
        return true;
    victim->pid = 0;
    buf_printf(why, "cannot start a process: %s", strerror(errno));
    return false;
}

static bool complain(const struct victim *victim, int status, struct buf *why)
{
    if (WIFSIGNALED(status))
        buf_printf(why, "covend crashed with signal %d", WTERMSIG(status));
    else
        buf_printf(why, "covend ended unexpectedly with status %d", WEXITSTATUS(status));
    buf_printf(why, "; see %s/covend.log", victim->folder);
    return false;
}

bool victim_kill(struct victim *victim, struct buf *why)
{
    int status;
    pid_t pid = victim->pid;
    if (pid == 0)
        return true;
    victim->pid = 0;
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    bool ours = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    return ours || complain(victim, status, why);
}

bool victim_end(struct victim *victim, struct buf *why)
{
    int status;
    const struct timespec pause = {0, 10000000};
    int64_t deadline = clock_mono_ms() + END_MS;
    kill(victim->pid, SIGTERM);
    while (waitpid(victim->pid, &status, WNOHANG) == 0) {
        if (clock_mono_ms() > deadline) {
            victim_kill(victim, why);
            buf_clear(why);
            buf_add_text(why, "covend did not end after SIGTERM");
            return false;
        }
        nanosleep(&pause, NULL);
    }
    victim->pid = 0;
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) || complain(victim, status, why);
}
