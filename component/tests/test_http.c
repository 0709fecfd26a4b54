/* HTTP of a covend that runs. */

#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "covend_fixture.h"

#define HOG_COUNT 300

struct fixture {
    char folder[32], config[64], token[64];
    uint16_t port;
    pid_t pid;
};

/* Sends `request` and returns all that comes; the caller frees it. */
static char *ask(const struct fixture *fixture, const char *request)
{
    int fd = socket_dial(fixture->port);
    assert_true(send(fd, request, strlen(request), MSG_NOSIGNAL) == (ssize_t)strlen(request));
    char *answer = socket_read_all(fd);
    close(fd);
    return answer;
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
    expect(*state, "GET /metrics" END, "\r\nContent-Type: text/plain; version=0.0.4;");
    expect(*state, "GET /metrics" END, "\n# TYPE coven_turns_total counter\n");
    expect(*state, "GET /metrics" END, "\ncoven_rooms 0\n");
    expect(*state, "GET /metrics" END, "\ncoven_link_up 0\n");
    expect(*state, "GET /metrics" END, "\ncoven_link_connects_total 0\n");
    expect(*state, "GET /metrics" END, "\ncoven_commands_running 0\n");
    expect(*state, "GET /metrics" END, "\ncoven_store_bytes 0\n");
    expect(*state, "GET /metrics" END, "_bucket{le=\"1.0\"} ");
    expect(*state, "GET /health" END, "HTTP/1.1 503 ");
    expect(*state, "GET /health" END, "the link is down: ");
    expect(*state, "GET /nothing" END, "HTTP/1.1 404 ");
    expect(*state, "GET /" END, "HTTP/1.1 404 ");
    expect(*state, "DELETE /metrics" END, "HTTP/1.1 405 ");
}

static void open_metrics(void **state)
{
    char *text =
        ask(*state, "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                    "Accept: application/openmetrics-text;version=1.0.0,*/*;q=0.1\r\n\r\n");
    size_t len = strlen(text);
    assert_true(len > 6);
    assert_string_equal(text + len - 6, "# EOF\n");
    assert_non_null(strstr(text, "application/openmetrics-text; version=1.0.0"));
    assert_non_null(strstr(text, "\n# TYPE coven_turns counter\n"));
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

/* ---- Rooms ---- */

static void public_rooms(void **state)
{
    expect(*state, "GET /rooms.json" END, "{\"rooms\":[],\"total\":0}");
    expect(*state, "GET /rooms.json?limit=5&after=%00%ff%22" END, "{\"rooms\":[],\"total\":0}");
    expect(*state, "GET /rooms.json" END, "\r\nAccess-Control-Allow-Origin: *\r\n");
    expect(*state, "GET /rooms.json" END, "\r\nContent-Type: application/json\r\n");
    expect(*state, "HEAD /rooms.json" END, "HTTP/1.1 200 ");
    expect(*state, "GET /rooms.json?limit=99999999999999999999999" END, "HTTP/1.1 200 ");
    expect(*state, "GET /rooms.json?limit=0" END, "HTTP/1.1 400 ");
    expect(*state, "GET /rooms.json?limit=-1" END, "HTTP/1.1 400 ");
    expect(*state, "GET /rooms.json?limit=" END, "HTTP/1.1 400 ");
    expect(*state, "POST /rooms.json" END, "\r\nAllow: GET, HEAD\r\n");
}

/* ---- Commands ---- */

#define HEAD(path, token)                                                                          \
    "POST /api/" path " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: " token "\r\n"
#define TOKEN "Bearer let-me-in"

/* Runs a command. `more`: further lines of the head. The caller frees the answer. */
static char *run(const struct fixture *fixture, const char *head, const char *more,
                 const char *body)
{
    struct buf request = BUF_INIT;
    buf_printf(&request, "%s%sContent-Length: %zu\r\n\r\n%s", head, more, strlen(body), body);
    char *answer = ask(fixture, request.data);
    buf_free(&request);
    return answer;
}

static void expect_run(const struct fixture *fixture, const char *head, const char *body,
                       const char *words)
{
    char *answer = run(fixture, head, "", body);
    if (!strstr(answer, words))
        fail_msg("%s: %s", body, answer);
    free(answer);
}

static void tokens(void **state)
{
    static const char *const wrong[] = {"Bearer let-me-out", "Bearer let-me-in2",
                                        "Bearer let-me-i",   "Bearer ",
                                        "let-me-in",         "Basic let-me-in"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        char head[200];
        snprintf(head, sizeof head, HEAD("stats", "%s"), wrong[i]);
        expect_run(*state, head, "{}", "HTTP/1.1 401 ");
        expect_run(*state, head, "{}", "\r\nWWW-Authenticate: Bearer realm=\"covend\"\r\n");
    }
    expect(*state, "GET /api" END, "HTTP/1.1 401 ");
    expect(*state, "POST /api/stats" END, "HTTP/1.1 401 ");
    expect(*state, "GET /api/stats" END, "\r\nAllow: POST\r\n");
    expect_run(*state, HEAD("stats", "bearer let-me-in"), "{}", "HTTP/1.1 200 ");
    expect(*state,
           "GET /api HTTP/1.1\r\nConnection: close\r\nHost: a\r\nAuthorization: " TOKEN "\r\n\r\n",
           "{\"name\":\"rooms\",");
}

static void commands(void **state)
{
    expect_run(*state, HEAD("create", TOKEN), "{\"room\":\"lobby\"}", "{\"rows\":[]}");
    expect_run(*state, HEAD("create", TOKEN), "{\"room\":\"lobby\"}", "HTTP/1.1 409 ");
    expect_run(*state, HEAD("rooms", TOKEN), "{}", "{\"room\":\"lobby@conference.localhost\",");
    expect_run(*state, HEAD("rooms", TOKEN), "", "{\"room\":\"lobby@conference.localhost\",");
    expect_run(*state, HEAD("room", TOKEN), "{\"room\":\"attic\"}",
               "],\"error\":{\"condition\":\"item-not-found\",");
    expect_run(*state, HEAD("room", TOKEN), "{\"room\":\"attic\"}", "HTTP/1.1 404 ");
    expect_run(*state, HEAD("dance", TOKEN), "{}", "HTTP/1.1 404 ");
    expect_run(*state, HEAD("", TOKEN), "{}", "HTTP/1.1 404 ");
    expect_run(*state, HEAD("rooms", TOKEN), "{\"colour\":1}", "HTTP/1.1 400 ");
    expect_run(*state, HEAD("rooms", TOKEN), "[]", "HTTP/1.1 400 ");
    expect_run(*state, HEAD("rooms", TOKEN), "{", "HTTP/1.1 400 ");
    expect_run(*state, HEAD("rooms", TOKEN), "{\"match\":\"\xff\"}", "HTTP/1.1 400 ");
    expect(*state, "GET /rooms.json" END, "{\"address\":\"lobby@conference.localhost\",");
}

static void lines(void **state)
{
    char *answer = run(*state, HEAD("create", TOKEN), "", "{\"room\":\"lines\"}");
    free(answer);
    answer = run(*state, HEAD("rooms", TOKEN), "Accept: application/x-ndjson\r\n",
                 "{\"match\":\"lines\"}");
    assert_non_null(strstr(answer, "{\"row\":{\"room\":\"lines@conference.localhost\","));
    assert_non_null(strstr(answer, "{\"end\":{}}\n"));
    assert_non_null(strstr(answer, "\r\nContent-Type: application/x-ndjson\r\n"));
    free(answer);
}

/* A body that is too large is refused by its length, or, where that is not told, at its end. */
static void large_bodies(void **state)
{
    struct buf request = BUF_INIT;
    expect(*state, HEAD("rooms", TOKEN) "Content-Length: 1048577\r\n\r\n", "HTTP/1.1 413 ");
    buf_add_text(&request, HEAD("rooms", TOKEN) "Transfer-Encoding: chunked\r\n\r\n100001\r\n");
    memset(buf_reserve(&request, 0x100001), ' ', 0x100001);
    request.len += 0x100001;
    request.data[request.len] = '\0';
    buf_add_text(&request, "\r\n0\r\n\r\n");
    expect(*state, request.data, "HTTP/1.1 413 ");
    buf_free(&request);
    char *body = malloc(0x100001);
    memset(body, ' ', 0x100000);
    memcpy(body, "{}", 2);
    body[0x100000] = '\0';
    expect_run(*state, HEAD("rooms", TOKEN), body, "HTTP/1.1 200 ");
    free(body);
}

/* ---- Clients that do harm ---- */

/* A byte now and then keeps no connection for ever. */
static void drip(void **state)
{
    int fd = socket_dial(((const struct fixture *)*state)->port);
    struct pollfd ready = {.fd = fd, .events = POLLIN | POLLRDHUP};
    for (int i = 0; i < 100 && poll(&ready, 1, 0) == 0; i++) {
        send(fd, &"GET "[i % 4], 1, MSG_NOSIGNAL);
        usleep(200000);
    }
    if (poll(&ready, 1, 0) == 0)
        fail_msg("the connection lives on");
    close(fd);
}

/* Those who leave in the middle of a command's answer, or of a page of rooms. */
static void leavers(void **state)
{
    static const char body[] = HEAD("rooms", TOKEN) "Content-Length: 11\r\n\r\n{\"limit\":0}";
    static const char page[] = "GET /rooms.json" END;
    for (int i = 0; i < 40; i++) {
        int fd = socket_dial(((const struct fixture *)*state)->port);
        const char *request = i % 2 ? page : body;
        send(fd, request, strlen(request), MSG_NOSIGNAL);
        if (i % 4 > 1)
            usleep(1000);
        close(fd);
    }
    expect_run(*state, HEAD("stats", TOKEN), "{}", "HTTP/1.1 200 ");
}

/* Those who are silent take places, which are free again once they have gone. */
static void silent_clients(void **state)
{
    int fds[HOG_COUNT];
    for (int i = 0; i < HOG_COUNT; i++)
        fds[i] = socket_dial(((const struct fixture *)*state)->port);
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
    snprintf(fixture->token, sizeof fixture->token, "%s/token", fixture->folder);
    fixture->port = socket_free_port();
    FILE *file = fopen(fixture->config, "w");
    fprintf(file,
            "[link]\nserver = 127.0.0.1:1\n[http]\nlisten = 127.0.0.1:%u\ntoken_file = %s\n"
            "[limits]\nhttp_seconds = 5\n",
            fixture->port, fixture->token);
    fclose(file);
    file = fopen(fixture->token, "w");
    fputs("let-me-in\n", file);
    fclose(file);
    chmod(fixture->token, 0600);
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
    unlink(fixture->token);
    rmdir(fixture->folder);
    free(fixture);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages),
        cmocka_unit_test(open_metrics),
        cmocka_unit_test(a_body_is_refused),
        cmocka_unit_test(garbage),
        cmocka_unit_test(public_rooms),
        cmocka_unit_test(tokens),
        cmocka_unit_test(commands),
        cmocka_unit_test(lines),
        cmocka_unit_test(large_bodies),
        cmocka_unit_test(drip),
        cmocka_unit_test(leavers),
        cmocka_unit_test(silent_clients),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
