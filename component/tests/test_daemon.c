/* covend as a process: signals, the service manager, files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coven/buf.h"
#include "coven/clock.h"
#include "coven/mem.h"

/* A local port where nobody listens. */
#define NOWHERE "127.0.0.1:1"

struct fixture {
    char folder[64];
    char config[96], log[96], data[96];
    int manager; /* the service manager's end of the socket */
    struct buf received;
    pid_t pid;
    rlim_t files; /* limit of open files; 0: as in this process */
};

static void write_config(struct fixture *fixture, const char *more)
{
    FILE *file = fopen(fixture->config, "w");
    assert_non_null(file);
    fprintf(file, "[link]\nserver = " NOWHERE "\nbackoff_max_seconds = 60\n%s", more);
    fclose(file);
}

static void start(struct fixture *fixture)
{
    fixture->pid = fork();
    assert_true(fixture->pid >= 0);
    if (fixture->pid > 0)
        return;
    int log = open(fixture->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
    dup2(log, STDERR_FILENO);
    if (fixture->files > 0)
        setrlimit(RLIMIT_NOFILE, &(struct rlimit){fixture->files, fixture->files});
    setenv("COVEN_SECRET", "secret", 1);
    setenv("WATCHDOG_USEC", "200000", 1);
    execl(COVEND, "covend", "--config", fixture->config, "--data", fixture->data, (char *)NULL);
    _exit(127);
}

static char *read_log(const struct fixture *fixture)
{
    struct buf text = BUF_INIT;
    FILE *file = fopen(fixture->log, "r");
    assert_non_null(file);
    char *at = buf_reserve(&text, 65536);
    text.len = fread(at, 1, 65535, file);
    fclose(file);
    text.data[text.len] = '\0';
    return buf_take(&text);
}

/* Waits until the manager has received `words`, and forgets everything received so far. */
static void await(struct fixture *fixture, const char *words)
{
    int64_t end = clock_mono_ms() + 20000;
    char *found = NULL;
    while (!found && clock_mono_ms() < end) {
        char bytes[4096];
        ssize_t got = recv(fixture->manager, bytes, sizeof bytes, 0);
        if (got > 0)
            buf_printf(&fixture->received, "%.*s\n", (int)got, bytes);
        found = fixture->received.data ? strstr(fixture->received.data, words) : NULL;
    }
    if (!found) {
        char *log = read_log(fixture);
        fail_msg("the manager did not receive %s, but: %s; the log: %s", words,
                 fixture->received.data ? fixture->received.data : "nothing", log);
    }
    buf_clear(&fixture->received);
}

static void await_line(struct fixture *fixture, const char *line)
{
    int64_t end = clock_mono_ms() + 20000;
    char *log = read_log(fixture);
    while (!strstr(log, line) && clock_mono_ms() < end) {
        usleep(20000);
        free(log);
        log = read_log(fixture);
    }
    if (!strstr(log, line))
        fail_msg("the log has no \"%s\", but: %s", line, log);
    free(log);
}

/* Sends SIGTERM. Returns the exit status; -1: a signal killed it. */
static int end(struct fixture *fixture)
{
    int status = 0;
    kill(fixture->pid, SIGTERM);
    waitpid(fixture->pid, &status, 0);
    fixture->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_manager(void **state)
{
    struct fixture *fixture = *state;
    write_config(fixture, "");
    start(fixture);
    await(fixture, "STATUS=cannot reach " NOWHERE ": connection refused; next try in ");
    await(fixture, "READY=1");
    await(fixture, "WATCHDOG=1");
    await(fixture, "WATCHDOG=1");
    kill(fixture->pid, SIGTERM);
    await(fixture, "STOPPING=1");
    assert_int_equal(end(fixture), 0);
}

static void test_reload(void **state)
{
    struct fixture *fixture = *state;
    write_config(fixture, "");
    start(fixture);
    await(fixture, "READY=1");
    write_config(fixture, "domain = other.example\n[limits]\nrooms = 5\n");
    kill(fixture->pid, SIGHUP);
    await(fixture, "RELOADING=1\nMONOTONIC_USEC=");
    await(fixture, "READY=1");
    await_line(fixture, "warn: domain in [link] has changed: restart covend to apply it\n");
    await_line(fixture, "info: reloaded the configuration\n");
    write_config(fixture, "[limits]\nrooms = none\n");
    kill(fixture->pid, SIGHUP);
    await_line(fixture, ":5: rooms must be a number from 1 to 100000000, not \"none\"\n");
    await_line(fixture, "error: the configuration has errors and is not reloaded\n");
    unlink(fixture->config);
    kill(fixture->pid, SIGHUP);
    await_line(fixture, "/covend.conf: No such file or directory\n");
    assert_int_equal(end(fixture), 0);
}

/* A reload does not wait for the next attempt. */
static void test_reload_connects_at_once(void **state)
{
    struct fixture *fixture = *state;
    write_config(fixture, "backoff_after_seconds = 0\nbackoff_min_seconds = 60\n");
    start(fixture);
    await(fixture, "STATUS=cannot reach " NOWHERE);
    write_config(fixture, "backoff_after_seconds = 0\nbackoff_min_seconds = 59\n");
    int64_t from = clock_mono_ms();
    kill(fixture->pid, SIGHUP);
    await(fixture, "STATUS=cannot reach " NOWHERE);
    assert_true(clock_mono_ms() - from < 10000);
    assert_int_equal(end(fixture), 0);
}

static void test_passing_signals(void **state)
{
    static const int numbers[] = {SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE};
    struct fixture *fixture = *state;
    write_config(fixture, "");
    start(fixture);
    await(fixture, "READY=1");
    for (int i = 0; i < 40; i++)
        kill(fixture->pid, numbers[i % 4]);
    await(fixture, "READY=1"); /* from the reload */
    await(fixture, "WATCHDOG=1");
    assert_int_equal(end(fixture), 0);
}

static void test_start_is_logged(void **state)
{
    struct fixture *fixture = *state;
    write_config(fixture, "");
    start(fixture);
    await(fixture, "READY=1");
    await_line(fixture, "info: covend " COVEN_VERSION " starts (libstrophe 0.");
    await_line(fixture, "0 rooms, 0 sessions\n");
    assert_int_equal(end(fixture), 0);
}

/* Waits until it exits by itself. Returns the exit status; -1: a signal killed it. */
static int await_end(struct fixture *fixture)
{
    int status = 0;
    waitpid(fixture->pid, &status, 0);
    fixture->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_few_files(void **state)
{
    struct fixture *fixture = *state;
    write_config(fixture, "");
    for (fixture->files = 5; fixture->files < 35; fixture->files += 3) {
        unlink(fixture->log);
        start(fixture);
        assert_int_equal(await_end(fixture), 1);
        await_line(fixture, "covend: cannot open 32 files, but only ");
        await_line(fixture, ": Too many open files\n");
    }
    fixture->files = 40;
    start(fixture);
    await(fixture, "READY=1");
    assert_int_equal(end(fixture), 0);
}

static bool is_private(const char *folder)
{
    DIR *stream = opendir(folder);
    bool good = stream != NULL;
    for (struct dirent *entry; stream && (entry = readdir(stream));) {
        struct stat status;
        if (*entry->d_name == '.')
            continue;
        fstatat(dirfd(stream), entry->d_name, &status, 0);
        good = good && (status.st_mode & 077) == 0;
    }
    if (stream)
        closedir(stream);
    return good;
}

static void test_files_are_private(void **state)
{
    struct fixture *fixture = *state;
    mode_t mask = umask(0);
    write_config(fixture, "");
    start(fixture);
    await(fixture, "READY=1");
    assert_true(is_private(fixture->data));
    assert_int_equal(end(fixture), 0);
    char path[128];
    snprintf(path, sizeof path, "%s/coven.db", fixture->data);
    assert_int_equal(chmod(path, 0644), 0);
    start(fixture);
    await(fixture, "READY=1");
    assert_true(is_private(fixture->data));
    await_line(fixture, "removed other users' access to ");
    assert_int_equal(end(fixture), 0);
    umask(mask);
}

/* ---- The folder ---- */

static int set_up(void **state)
{
    struct fixture *fixture = mem_new(sizeof *fixture);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval patience = {.tv_usec = 100000};
    strcpy(fixture->folder, "/tmp/coven-daemon-XXXXXX");
    if (!mkdtemp(fixture->folder))
        return -1;
    snprintf(fixture->config, sizeof fixture->config, "%s/covend.conf", fixture->folder);
    snprintf(fixture->log, sizeof fixture->log, "%s/log", fixture->folder);
    snprintf(fixture->data, sizeof fixture->data, "%s/data", fixture->folder);
    snprintf(address.sun_path, sizeof address.sun_path, "%s/manager", fixture->folder);
    fixture->manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    setsockopt(fixture->manager, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setenv("NOTIFY_SOCKET", address.sun_path, 1);
    *state = fixture;
    return bind(fixture->manager, (struct sockaddr *)&address, sizeof address) ||
           mkdir(fixture->data, 0700);
}

static void remove_files(const char *folder)
{
    DIR *stream = opendir(folder);
    for (struct dirent *entry; stream && (entry = readdir(stream));) {
        if (*entry->d_name != '.')
            unlinkat(dirfd(stream), entry->d_name, 0);
    }
    if (stream)
        closedir(stream);
    rmdir(folder);
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    if (fixture->pid > 0) {
        kill(fixture->pid, SIGKILL);
        waitpid(fixture->pid, NULL, 0);
    }
    close(fixture->manager);
    remove_files(fixture->data);
    remove_files(fixture->folder);
    buf_free(&fixture->received);
    free(fixture);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_manager),         TEST(test_reload),          TEST(test_reload_connects_at_once),
        TEST(test_passing_signals), TEST(test_start_is_logged), TEST(test_files_are_private),
        TEST(test_few_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
