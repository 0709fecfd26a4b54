/* HTTP of a covend that runs. */

#include "unit.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coven/buf.h"

#define HOG_COUNT 80

struct fixture {
    char folder[32], config[64];
    uint16_t port;
    pid_t pid;
};

static struct sockaddr_in address_of(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static uint16_t free_port(void)
{
    struct sockaddr_in address = address_of(0);
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static int dial(const struct fixture *fixture)
{
    struct sockaddr_in address = address_of(fixture->port);
    for (int i = 0; i < 500; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
            return fd;
        close(fd);
        usleep(20000);
    }
    fail_msg("nobody listens at port %u", fixture->port);
    return -1;
}

/* Sends `request` and returns all that comes; the caller frees it. */
static char *ask(const struct fixture *fixture, const char *request)
{
    struct buf text = BUF_INIT;
    int fd = dial(fixture);
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    assert_true(send(fd, request, strlen(request), MSG_NOSIGNAL) == (ssize_t)strlen(request));
    buf_add_text(&text, "");
    for (;;) {
        char *end = buf_reserve(&text, 65536);
        if (poll(&ready, 1, 20000) <= 0)
            fail_msg("no answer, but: %s", text.data);
        ssize_t count = read(fd, end, 65536);
        if (count <= 0)
            break;
        text.len += (size_t)count;
        text.data[text.len] = '\0';
    }
    close(fd);
    return buf_take(&text);
}

static void expect(const struct fixture *fixture, const char *request, const char *words)
{
    char *text = ask(fixture, request);
    if (!strstr(text, words))
        fail_msg("%s", text);
    free(text);
}

#define END " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

static void pages(void **state)
{
    expect(*state, "GET /metrics" END, "application/openmetrics-text; version=1.0.0");
    expect(*state, "GET /metrics" END, "\ncoven_rooms 0\n");
    expect(*state, "GET /metrics" END, "\ncoven_link_up 0\n");
    expect(*state, "GET /metrics" END, "_bucket{le=\"1.0\"} ");
    expect(*state, "GET /health" END, "HTTP/1.1 503 ");
    expect(*state, "GET /health" END, "the link is down: ");
    expect(*state, "GET /nothing" END, "HTTP/1.1 404 ");
    expect(*state, "GET /" END, "HTTP/1.1 404 ");
    expect(*state, "DELETE /metrics" END, "HTTP/1.1 405 ");
}

static void metrics_end(void **state)
{
    char *text = ask(*state, "GET /metrics" END);
    size_t len = strlen(text);
    assert_true(len > 6);
    assert_string_equal(text + len - 6, "# EOF\n");
    free(text);
}

static void a_body_is_refused(void **state)
{
    expect(*state, "POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\nxxx",
           "HTTP/1.1 405 ");
}

static void garbage(void **state)
{
    free(ask(*state, "\x16\x03\x01\r\n\r\n\r\n"));
    expect(*state, "GET /health" END, "the link is down");
}

/* Those who are silent take places, which are free again once they have gone. */
static void silent_clients(void **state)
{
    int fds[HOG_COUNT];
    for (int i = 0; i < HOG_COUNT; i++)
        fds[i] = dial(*state);
    for (int i = 0; i < HOG_COUNT; i++)
        close(fds[i]);
    expect(*state, "GET /health" END, "the link is down");
}

static void start(struct fixture *fixture)
{
    fixture->pid = fork();
    assert_true(fixture->pid >= 0);
    if (fixture->pid > 0)
        return;
    dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
    setenv("COVEN_SECRET", "secret", 1);
    unsetenv("RUNTIME_DIRECTORY");
    execl(COVEND, "covend", "--config", fixture->config, (char *)NULL);
    _exit(127);
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    strcpy(fixture->folder, "/tmp/coven-http-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    snprintf(fixture->config, sizeof fixture->config, "%s/conf", fixture->folder);
    fixture->port = free_port();
    FILE *file = fopen(fixture->config, "w");
    fprintf(file, "[link]\nserver = 127.0.0.1:1\n[http]\nlisten = 127.0.0.1:%u\n", fixture->port);
    fclose(file);
    start(fixture);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    int status = -1;
    kill(fixture->pid, SIGTERM);
    waitpid(fixture->pid, &status, 0);
    unlink(fixture->config);
    rmdir(fixture->folder);
    free(fixture);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages),
        cmocka_unit_test(metrics_end),
        cmocka_unit_test(a_body_is_refused),
        cmocka_unit_test(garbage),
        cmocka_unit_test(silent_clients),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
