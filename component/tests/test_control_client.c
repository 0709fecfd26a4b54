/* What a client of the control socket may do to covend. The test plays the service: it gets the
 * runs that begin, and answers them. */

#include "admin/control_client.h"
#include "unit.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE 40   /* seconds: more than covend has for a request */
#define READING  4000 /* the same for a part of an answer */
#define ROW_SIZE 65536

/* There is one at a time. */
struct run {
    struct run_sink sink;
    unsigned begun, abandoned, woken;
};
static struct run run;

struct run *__wrap_run_begin(struct service *service, const struct command *command, json_t *args,
                             const struct run_caller *caller, const struct run_sink *sink);
struct run *__wrap_run_begin(struct service *service, const struct command *command, json_t *args,
                             const struct run_caller *caller, const struct run_sink *sink)
{
    (void)service;
    (void)command;
    assert_true(caller->is_operator);
    json_decref(args);
    run.sink = *sink;
    run.begun++;
    return &run;
}

void __wrap_run_abandon(struct run *gone);
void __wrap_run_abandon(struct run *gone)
{
    gone->abandoned++;
}

const char *__wrap_service_domain(const struct service *service);
const char *__wrap_service_domain(const struct service *service)
{
    (void)service;
    return "rooms.example.org";
}

/* ---- The socket ---- */

struct fixture {
    char folder[64], path[96];
    uv_loop_t loop;
    struct control *control;
};

static void on_wake(void *user)
{
    (void)user;
    run.woken++;
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    run = (struct run){.begun = 0};
    strcpy(fixture->folder, "/tmp/coven-client-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->path, sizeof fixture->path, "%s/control.sock", fixture->folder);
    uv_loop_init(&fixture->loop);
    struct control_settings settings = {.path = fixture->path, .wake = on_wake};
    fixture->control = control_open(&fixture->loop, &settings);
    assert_non_null(fixture->control);
    *state = fixture;
    return 0;
}

/* Nothing is left: no handle, and no socket. */
static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    control_close(fixture->control);
    uv_run(&fixture->loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&fixture->loop), 0);
    assert_int_not_equal(access(fixture->path, F_OK), 0);
    rmdir(fixture->folder);
    free(fixture);
    return 0;
}

static void turn(struct fixture *fixture)
{
    for (int i = 0; i < 20; i++)
        uv_run(&fixture->loop, UV_RUN_NOWAIT);
}

static int dial(struct fixture *fixture)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, fixture->path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    turn(fixture);
    return fd;
}

static void say(struct fixture *fixture, int fd, const char *text)
{
    assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), strlen(text));
    turn(fixture);
}

static int ask(struct fixture *fixture)
{
    unsigned begun = run.begun;
    int fd = dial(fixture);
    say(fixture, fd, "{\"command\": \"rooms\"}\n");
    assert_int_equal(run.begun, begun + 1);
    return fd;
}

/* Reads until covend has ended the connection. */
static void expect(struct fixture *fixture, int fd, const char *wanted)
{
    char got[1024] = "";
    size_t len = 0;
    ssize_t more = -1;
    for (int tries = 0; more != 0 && tries < 2000; tries++) {
        turn(fixture);
        more = recv(fd, got + len, sizeof got - 1 - len, 0);
        len += more > 0 ? (size_t)more : 0;
    }
    got[len] = '\0';
    assert_int_equal(more, 0);
    assert_string_equal(got, wanted);
    close(fd);
}

/* Lets so many seconds pass for the only client, if it is still there. */
static void wait_seconds(struct fixture *fixture, int seconds)
{
    for (int i = 0; i < seconds && fixture->control->clients; i++) {
        control_client_tick(fixture->control->clients);
        turn(fixture);
    }
}

/* Rows until the client is to take some first. Returns their number. */
static unsigned fill(struct fixture *fixture)
{
    char *text = calloc(1, ROW_SIZE);
    memset(text, 'x', ROW_SIZE - 1);
    json_t *row = json_pack("{s: s}", "room", text);
    unsigned rows = 0;
    for (; !run.sink.is_full(run.sink.user) && rows < 1000; rows++) {
        run.sink.row(run.sink.user, row);
        turn(fixture);
    }
    json_decref(row);
    free(text);
    return rows;
}

/* ---- Tests ---- */

static void who_reads_nothing_makes_rows_wait(void **state)
{
    char piece[ROW_SIZE];
    int fd = ask(*state);
    assert_in_range(fill(*state), 4, 100);
    unsigned woken = run.woken;
    turn(*state);
    assert_int_equal(run.woken, woken);
    for (int tries = 0; run.sink.is_full(run.sink.user) && tries < 1000; tries++) {
        assert_true(recv(fd, piece, sizeof piece, 0) != 0);
        turn(*state);
    }
    assert_false(run.sink.is_full(run.sink.user));
    assert_true(run.woken > woken);
    close(fd);
    turn(*state);
    assert_int_equal(run.abandoned, 1);
}

/* Sending helps nobody who takes nothing. */
static void who_takes_nothing_is_not_waited_for(void **state)
{
    struct fixture *fixture = *state;
    int fd = ask(fixture);
    fill(fixture);
    for (int i = 0; i < READING && fixture->control->clients; i++) {
        say(fixture, fd, "x");
        wait_seconds(fixture, 1);
    }
    assert_null(fixture->control->clients);
    assert_int_equal(run.abandoned, 1);
    close(fd);
}

static void who_takes_no_last_line_is_not_waited_for(void **state)
{
    struct fixture *fixture = *state;
    int fd = ask(fixture);
    fill(fixture);
    run.sink.end(run.sink.user, NULL, NULL);
    wait_seconds(fixture, READING);
    assert_null(fixture->control->clients);
    assert_int_equal(run.abandoned, 0);
    close(fd);
}

static void who_is_silent_is_not_waited_for(void **state)
{
    int fd = dial(*state);
    wait_seconds(*state, PATIENCE);
    expect(*state, fd, "");
    fd = dial(*state);
    say(*state, fd, "{\"command\"");
    wait_seconds(*state, PATIENCE);
    expect(*state, fd, "");
    assert_int_equal(run.begun, 0);
}

static void a_long_command_is_waited_for(void **state)
{
    int fd = ask(*state);
    wait_seconds(*state, 10 * PATIENCE);
    assert_int_equal(run.abandoned, 0);
    run.sink.end(run.sink.user, NULL, NULL);
    expect(*state, fd, "{\"end\":{}}\n");
}

static void one_too_many_is_told_so(void **state)
{
    int fds[32];
    for (size_t i = 0; i < COUNT(fds); i++)
        fds[i] = dial(*state);
    expect(*state, dial(*state),
           "{\"error\":{\"condition\":\"resource-constraint\",\"text\":\"Too many programs use the "
           "control socket\"}}\n");
    for (size_t i = 0; i < COUNT(fds); i++)
        close(fds[i]);
    turn(*state);
    int fd = ask(*state);
    run.sink.end(run.sink.user, NULL, NULL);
    expect(*state, fd, "{\"end\":{}}\n");
}

static void who_goes_away_ends_the_run(void **state)
{
    close(ask(*state));
    turn(*state);
    assert_int_equal(run.abandoned, 1);
}

static void the_end_of_covend_ends_the_run(void **state)
{
    struct fixture *fixture = *state;
    int fd = ask(fixture), silent = dial(fixture);
    control_close(fixture->control);
    fixture->control = NULL;
    turn(fixture);
    assert_int_equal(run.abandoned, 1);
    expect(fixture, fd, "");
    expect(fixture, silent, "");
}

/* With rows under way. */
static void the_end_of_covend_waits_for_nobody(void **state)
{
    struct fixture *fixture = *state;
    int fd = ask(fixture);
    fill(fixture);
    control_close(fixture->control);
    fixture->control = NULL;
    uv_run(&fixture->loop, UV_RUN_DEFAULT);
    assert_int_equal(run.abandoned, 1);
    close(fd);
}

/* Another account; returns the exit status: 0 if it is told what it should be. */
static int be_a_stranger(const struct fixture *fixture)
{
    static const char wanted[] = "{\"error\":{\"condition\":\"forbidden\",\"text\":\"Only root and "
                                 "covend's own account may use the control socket\"}}\n";
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char got[sizeof wanted] = "";
    strcpy(address.sun_path, fixture->path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (setuid(12345) != 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        return 1;
    if (recv(fd, got, sizeof got - 1, MSG_WAITALL) != sizeof got - 1)
        return 2;
    return strcmp(got, wanted) == 0 ? 0 : 3;
}

/* Even if the folder and the socket let them. Only root can become somebody else to try it. */
static void strangers_are_told_so(void **state)
{
    struct fixture *fixture = *state;
    if (geteuid() != 0)
        skip();
    assert_int_equal(chmod(fixture->folder, 0755), 0);
    assert_int_equal(chmod(fixture->path, 0666), 0);
    pid_t child = fork();
    if (child == 0)
        _exit(be_a_stranger(fixture));
    int status = -1;
    for (int tries = 0; waitpid(child, &status, WNOHANG) == 0 && tries < 5000; tries++) {
        turn(fixture);
        usleep(1000);
    }
    assert_int_equal(status, 0);
    assert_int_equal(run.begun, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(who_reads_nothing_makes_rows_wait),
        TEST(who_takes_nothing_is_not_waited_for),
        TEST(who_takes_no_last_line_is_not_waited_for),
        TEST(who_is_silent_is_not_waited_for),
        TEST(a_long_command_is_waited_for),
        TEST(one_too_many_is_told_so),
        TEST(who_goes_away_ends_the_run),
        TEST(the_end_of_covend_ends_the_run),
        TEST(the_end_of_covend_waits_for_nobody),
        TEST(strangers_are_told_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
