/* The control socket of a covend that runs, and covenctl on it. */

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "covend_fixture.h"

struct fixture {
    char folder[32], data[64], socket[96], config[64];
    pid_t pid;
};

static void start(struct fixture *fixture)
{
    fixture->pid = fork();
    assert_true(fixture->pid >= 0);
    if (fixture->pid > 0)
        return;
    int log = open("/dev/null", O_WRONLY);
    dup2(log, STDERR_FILENO);
    setenv("COVEN_SECRET", "secret", 1);
    unsetenv("RUNTIME_DIRECTORY");
    execl(COVEND, "covend", "--config", fixture->config, "--data", fixture->data, (char *)NULL);
    _exit(127);
}

/* Returns a connection. */
static int dial(const struct fixture *fixture)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", fixture->socket);
    for (int i = 0; i < 500; i++) {
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
            return fd;
        close(fd);
        usleep(20000);
    }
    fail_msg("nobody listens at %s", fixture->socket);
    return -1;
}

static void expect_answer(int fd, const char *words)
{
    char *text = socket_read_all(fd);
    if (!strstr(text, words))
        fail_msg("%s", text);
    free(text);
    close(fd);
}

static void ask(const struct fixture *fixture, const char *request, const char *words)
{
    int fd = dial(fixture);
    assert_true(write(fd, request, strlen(request)) == (ssize_t)strlen(request));
    expect_answer(fd, words);
}

static void requests(void **state)
{
    struct fixture *fixture = *state;
    ask(fixture, "{\"command\": \"create\", \"arguments\": {\"room\": \"a\"}}\n", "{\"end\":{}}\n");
    ask(fixture, "{\"command\": \"rooms\"}\n", "{\"row\":{\"room\":\"a@conference.localhost\"");
    ask(fixture, "{\"command\": \"create\", \"arguments\": {\"room\": \"a\"}}\n",
        "{\"error\":{\"condition\":\"conflict\",\"text\":\"There is a room of that name\"}}\n");
    ask(fixture, "{\"command\": \"rooms\", \"arguments\": {\"limit\": \"x\"}}\n",
        "\"bad-request\"");
    ask(fixture, "{\"command\": \"nothing\"}\n", "There is no such command");
    ask(fixture, "[]\n", "There is no such command");
    ask(fixture, "{\"command\": 5}\n", "There is no such command");
    ask(fixture, "{\"command\"\n", "\"bad-request\"");
    ask(fixture, "\n", "\"bad-request\"");
    ask(fixture, "{\"command\": \"stats\", \"command\": \"stop\"}\n", "\"bad-request\"");
    ask(fixture, "{\"command\": \"stats\"}\n{\"command\": \"stop\"}\n", "{\"end\":{}}\n");
    ask(fixture, "{\"command\": \"stats\"}\n", "\"link\":\"cannot reach");
}

/* Some programs close their direction behind the request. */
static void a_client_that_says_no_more(void **state)
{
    static const char request[] = "{\"command\": \"rooms\"}\n";
    struct fixture *fixture = *state;
    int fd = dial(fixture);
    assert_int_equal(write(fd, request, sizeof request - 1), sizeof request - 1);
    shutdown(fd, SHUT_WR);
    expect_answer(fd, "{\"end\":{}}\n");
}

static void a_request_that_is_too_large(void **state)
{
    struct fixture *fixture = *state;
    int fd = dial(fixture);
    char *junk = malloc(1 << 20);
    memset(junk, '[', 1 << 20);
    for (int i = 0; i < 3; i++) {
        if (send(fd, junk, 1 << 20, MSG_NOSIGNAL) < 0)
            break;
    }
    free(junk);
    char *text = socket_read_all(fd);
    if (*text && !strstr(text, "too large") && !strstr(text, "bad-request"))
        fail_msg("%s", text);
    free(text);
    close(fd);
    ask(fixture, "{\"command\": \"stats\"}\n", "{\"end\":{}}\n");
}

/* JSON that is nested as deeply as fits. */
static void a_deep_request(void **state)
{
    struct fixture *fixture = *state;
    int fd = dial(fixture);
    char *junk = malloc(500000);
    memset(junk, '[', 499999);
    junk[499999] = '\n';
    assert_int_equal(write(fd, junk, 500000), 500000);
    free(junk);
    expect_answer(fd, "\"bad-request\"");
}

/* Clients that go away in the middle, with requests of every length. */
static void clients_that_go_away(void **state)
{
    static const char request[] = "{\"command\": \"rooms\", \"arguments\": {\"limit\": 0}}\n";
    struct fixture *fixture = *state;
    for (size_t len = 0; len < sizeof request; len++) {
        int fd = dial(fixture);
        assert_int_equal(write(fd, request, len), len);
        close(fd);
        usleep(10000);
    }
    usleep(200000);
    ask(fixture, "{\"command\": \"stats\"}\n", "{\"end\":{}}\n");
}

/* Runs covenctl; returns its exit status, and what it wrote (the caller frees it). */
static int covenctl(const struct fixture *fixture, const char *arguments, char **out_r)
{
    char command[512];
    snprintf(command, sizeof command, "(%s --socket %s %s\n) 2>&1", COVENCTL, fixture->socket,
             arguments);
    FILE *pipe = popen(command, "r");
    *out_r = socket_read_all(fileno(pipe));
    return WEXITSTATUS(pclose(pipe));
}

static void expect_covenctl(const struct fixture *fixture, const char *arguments, int status,
                            const char *words)
{
    char *out = NULL;
    int got = covenctl(fixture, arguments, &out);
    if (got != status || !strstr(out, words))
        fail_msg("covenctl %s: %d: %s", arguments, got, out);
    free(out);
}

/* Those who are silent take places, but not for ever, and no more than there are. */
static void silent_clients(void **state)
{
    struct fixture *fixture = *state;
    int fds[40];
    for (int i = 0; i < 40; i++)
        fds[i] = dial(fixture);
    ask(fixture, "{\"command\": \"stats\"}\n", "Too many programs");
    expect_covenctl(fixture, "stats", 1, "Too many programs");
    for (int i = 0; i < 40; i++)
        close(fds[i]);
    usleep(100000);
    ask(fixture, "{\"command\": \"stats\"}\n", "{\"end\":{}}\n");
}

static void the_program(void **state)
{
    struct fixture *fixture = *state;
    close(dial(fixture)); /* it is up */
    expect_covenctl(fixture, "create tea --owner juliet@x.org 'roomname=Afternoon tea'", 0, "");
    expect_covenctl(fixture, "rooms", 0, "tea@conference.localhost\t0\t0\t\tpublic, persistent");
    expect_covenctl(fixture, "--json rooms", 0, "\"title\":\"Afternoon tea\"");
    expect_covenctl(fixture, "rooms --json", 0, "\"title\":\"Afternoon tea\"");
    expect_covenctl(fixture, "destroy-rooms tea --dry-run", 0, "nothing was changed");
    expect_covenctl(fixture, "help nonsense", 2, "no command \"nonsense\"");
    expect_covenctl(fixture, "rooms --limit 5 --help", 0, "usage: covenctl rooms");
    expect_covenctl(fixture, "create tea", 1, "covenctl: There is a room of that name\n");
    expect_covenctl(fixture, "creat tea", 2, "no command \"creat\"");
    expect_covenctl(fixture, "kick tea", 2, "kick: nick is missing");
    expect_covenctl(fixture, "rooms --help", 0, "usage: covenctl rooms [MATCH]");
    expect_covenctl(fixture, "--batch - <<'X'\ncreate a\ncreate b # b\n\ncreate a\ncreate c\nX", 1,
                    "2 done, 1 failed");
    expect_covenctl(fixture, "--keep-going --batch - <<'X'\ncreate a\ncreate c\nX", 1,
                    "1 done, 1 failed");
    expect_covenctl(fixture, "rooms >/dev/full", 1, "cannot write the answer");
    expect_covenctl(fixture, "--batch /", 2, "Is a directory");
    expect_covenctl(fixture, "log-level debug", 0, "debug");
    expect_covenctl(fixture, "reload", 0, "");
    expect_covenctl(fixture, "log-level", 0, "info");
}

static void a_wrong_configuration_is_not_taken(void **state)
{
    struct fixture *fixture = *state;
    close(dial(fixture));
    FILE *file = fopen(fixture->config, "a");
    fputs("nonsense = 1\n", file);
    fclose(file);
    expect_covenctl(fixture, "reload", 1, "The configuration has errors");
    expect_covenctl(fixture, "stats", 0, "");
}

/* It ends with a status of its own, so that a service manager leaves it alone. */
static void stopping(void **state)
{
    struct fixture *fixture = *state;
    int status = 0;
    struct stat found;
    close(dial(fixture));
    expect_covenctl(fixture, "stop", 0, "");
    assert_int_equal(waitpid(fixture->pid, &status, 0), fixture->pid);
    fixture->pid = 0;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 3);
    assert_int_equal(stat(fixture->socket, &found), -1);
    expect_covenctl(fixture, "stats", 3, "cannot reach covend");
}

/* A socket that a killed covend has left is no obstacle; a file of that name is left alone. */
static void what_is_in_the_way(void **state)
{
    struct fixture *fixture = *state;
    struct stat found;
    close(dial(fixture));
    kill(fixture->pid, SIGKILL);
    waitpid(fixture->pid, NULL, 0);
    start(fixture);
    usleep(50000);
    ask(fixture, "{\"command\": \"stats\"}\n", "{\"end\":{}}\n");
    assert_int_equal(stat(fixture->socket, &found), 0);
    assert_int_equal(found.st_mode & 077, 0);
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    strcpy(fixture->folder, "/tmp/coven-control-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->data, sizeof fixture->data, "%s/data", fixture->folder);
    snprintf(fixture->socket, sizeof fixture->socket, "%s/control.sock", fixture->data);
    snprintf(fixture->config, sizeof fixture->config, "%s/covend.conf", fixture->folder);
    assert_int_equal(mkdir(fixture->data, 0700), 0);
    FILE *file = fopen(fixture->config, "w");
    fputs("[link]\nserver = 127.0.0.1:1\n", file);
    fclose(file);
    start(fixture);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    int status = covend_end(fixture->pid, fixture->folder);
    free(fixture);
    return status;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_client_that_says_no_more),
        TEST(requests),
        TEST(a_request_that_is_too_large),
        TEST(a_deep_request),
        TEST(silent_clients),
        TEST(the_program),
        TEST(clients_that_go_away),
        TEST(stopping),
        TEST(a_wrong_configuration_is_not_taken),
        TEST(what_is_in_the_way),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
