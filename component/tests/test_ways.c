/* Every command by covenctl and by HTTP, on a covend that runs: the same answers both ways. Ad-hoc
 * commands are played in test_adhoc_commands.c. */

#include "unit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coven/command.h"
#include "covend_fixture.h"

/* In this order. `%s` in a line stands for the folder of the test. Nobody is inside any room, since
 * covend has no server. */
static const struct way {
    const char *name;
    const char *line;  /* of covenctl, behind the name */
    const char *json;  /* the same for HTTP */
    const char *code;  /* of HTTP, if it is refused; NULL: it works */
    const char *words; /* in both answers */
} ways[] = {
    {"create", "lobby --owner juliet@x.org 'roomname=The lobby'",
     "{\"room\":\"lobby\",\"owner\":\"juliet@x.org\",\"options\":[\"roomname=The lobby\"]}", NULL,
     ""},
    {"create", "lobby", "{\"room\":\"lobby\"}", "409", "There is a room of that name"},
    {"rooms", "--state empty", "{\"state\":\"empty\"}", NULL, "lobby@conference.localhost"},
    {"room", "lobby", "{\"room\":\"lobby\"}", NULL, "The lobby"},
    {"room", "attic", "{\"room\":\"attic\"}", "404", "There is no such room"},
    {"occupants", "lobby", "{\"room\":\"lobby\"}", NULL, ""},
    {"affiliation", "lobby romeo@x.org member --nick Romeo",
     "{\"room\":\"lobby\",\"jid\":\"romeo@x.org\",\"affiliation\":\"member\",\"nick\":\"Romeo\"}",
     NULL, ""},
    {"affiliations", "lobby", "{\"room\":\"lobby\"}", NULL, "romeo@x.org"},
    {"set", "lobby moderatedroom=1", "{\"room\":\"lobby\",\"options\":[\"moderatedroom=1\"]}", NULL,
     ""},
    {"get", "lobby moderatedroom", "{\"room\":\"lobby\",\"option\":\"moderatedroom\"}", NULL,
     "moderatedroom"},
    {"get", "lobby nonsense", "{\"room\":\"lobby\",\"option\":\"nonsense\"}", "404",
     "There is no option"},
    {"subject", "lobby Tea", "{\"room\":\"lobby\",\"text\":\"Tea\"}", NULL, ""},
    {"history", "lobby", "{\"room\":\"lobby\"}", NULL, "Tea"},
    {"invite", "lobby nurse@x.org", "{\"room\":\"lobby\",\"users\":[\"nurse@x.org\"]}", NULL, ""},
    {"unlock", "lobby", "{\"room\":\"lobby\"}", "409", "not locked"},
    {"role", "lobby Romeo visitor", "{\"room\":\"lobby\",\"nick\":\"Romeo\",\"role\":\"visitor\"}",
     "400", "Nobody in the room"},
    {"kick", "lobby Romeo", "{\"room\":\"lobby\",\"nick\":\"Romeo\"}", "400", "Nobody in the room"},
    {"rename", "lobby hall", "{\"room\":\"lobby\",\"to\":\"hall\"}", NULL, ""},
    {"user", "romeo@x.org", "{\"jid\":\"romeo@x.org\"}", NULL, "hall@conference.localhost"},
    {"export", "romeo@x.org", "{\"jid\":\"romeo@x.org\"}", NULL, "affiliation"},
    {"purge", "romeo@x.org", "{\"jid\":\"romeo@x.org\"}", NULL, ""},
    {"purge-archive", "hall", "{\"room\":\"hall\"}", NULL, "1"},
    {"deny", "spam.example --reason Spam", "{\"address\":\"spam.example\",\"reason\":\"Spam\"}",
     NULL, ""},
    {"denied", "", "{}", NULL, "spam.example"},
    {"allow", "spam.example", "{\"address\":\"spam.example\"}", NULL, ""},
    {"allow", "spam.example", "{\"address\":\"spam.example\"}", "404", "is not denied"},
    {"stats", "", "{}", NULL, "cannot reach"},
    {"top", "", "{}", NULL, ""},
    {"announce", "Hello", "{\"text\":\"Hello\"}", NULL, "0"},
    {"log-level", "warn", "{\"level\":\"warn\"}", NULL, "warn"},
    {"reload", "", "{}", NULL, ""},
    {"check", "", "{}", NULL, ""},
    {"backup", "%s/copy.db", "{\"file\":\"%s/copy.db\"}", NULL, "copy.db"},
    {"backup", "%s/copy.db", "{\"file\":\"%s/copy.db\"}", "503", "copy.db"},
    {"destroy-rooms", "", "{}", "400", "Say which rooms"},
    {"destroy-rooms", "'h*' --dry-run", "{\"match\":\"h*\",\"dry_run\":true}", NULL,
     "hall@conference.localhost"},
    {"destroy", "hall --reason Over", "{\"room\":\"hall\",\"reason\":\"Over\"}", NULL, ""},
    {"stop", "", "{}", NULL, ""},
};

struct fixture {
    char folder[32];
    uint16_t port;
    pid_t pid;
};

/* The text with the folder in the place of %s. */
static void fill(char *out, size_t size, const char *text, const char *folder)
{
    const char *gap = strstr(text, "%s");
    if (gap)
        snprintf(out, size, "%.*s%s%s", (int)(gap - text), text, folder, gap + 2);
    else
        snprintf(out, size, "%s", text);
}

/* ---- The two ways ---- */

/* The only line here that is wrong by itself is that of destroy-rooms. */
static void by_covenctl(const struct fixture *fixture, const struct way *way)
{
    char line[256], command[512];
    fill(line, sizeof line, way->line, fixture->folder);
    snprintf(command, sizeof command, "%s --socket %s/control.sock %s %s 2>&1", COVENCTL,
             fixture->folder, way->name, line);
    FILE *pipe = popen(command, "r");
    char *out = socket_read_all(fileno(pipe));
    int status = WEXITSTATUS(pclose(pipe));
    int wanted = !way->code ? 0 : strcmp(way->name, "destroy-rooms") == 0 ? 2 : 1;
    if (status != wanted || !strstr(out, way->words))
        fail_msg("covenctl %s %s: %d: %s", way->name, line, status, out);
    free(out);
}

static void by_http(const struct fixture *fixture, const struct way *way)
{
    char body[256], head[32];
    struct buf request = BUF_INIT;
    fill(body, sizeof body, way->json, fixture->folder);
    buf_printf(&request,
               "POST /api/%s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
               "Authorization: Bearer word\r\nContent-Length: %zu\r\n\r\n%s",
               way->name, strlen(body), body);
    int fd = socket_dial(fixture->port);
    assert_int_equal(send(fd, request.data, request.len, MSG_NOSIGNAL), request.len);
    buf_free(&request);
    char *answer = socket_read_all(fd);
    close(fd);
    snprintf(head, sizeof head, "HTTP/1.1 %s ", way->code ? way->code : "200");
    if (strncmp(answer, head, strlen(head)) != 0 || !strstr(answer, way->words))
        fail_msg("%s %s: %s", way->name, body, answer);
    free(answer);
}

static void play(struct fixture *fixture,
                 void (*run)(const struct fixture *fixture, const struct way *way))
{
    int status = 0;
    close(socket_dial(fixture->port)); /* it is up */
    for (size_t i = 0; i < COUNT(ways); i++)
        run(fixture, &ways[i]);
    assert_int_equal(waitpid(fixture->pid, &status, 0), fixture->pid);
    fixture->pid = 0;
    assert_int_equal(WEXITSTATUS(status), 3); /* by `stop` */
}

static void test_covenctl(void **state)
{
    play(*state, by_covenctl);
}

static void test_http(void **state)
{
    play(*state, by_http);
}

static void test_all_are_played(void **state)
{
    const struct command *command;
    (void)state;
    for (size_t i = 0; (command = command_at(i)); i++) {
        bool played = false;
        for (size_t j = 0; j < COUNT(ways); j++)
            played = played || (strcmp(ways[j].name, command->name) == 0 && !ways[j].code);
        bool needs_somebody = strcmp(command->name, "kick") == 0 ||
                              strcmp(command->name, "role") == 0 ||
                              strcmp(command->name, "unlock") == 0;
        if (!played && !needs_somebody)
            fail_msg("%s is not played", command->name);
    }
}

/* ---- Start and end ---- */

static void write_file(const struct fixture *fixture, const char *name, const char *format, ...)
{
    char path[64];
    va_list args;
    snprintf(path, sizeof path, "%s/%s", fixture->folder, name);
    FILE *file = fopen(path, "w");
    fchmod(fileno(file), 0600);
    va_start(args, format);
    vfprintf(file, format, args);
    va_end(args);
    fclose(file);
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    char config[64];
    strcpy(fixture->folder, "/tmp/coven-ways-XXXXXX");
    assert_non_null(mkdtemp(fixture->folder));
    fixture->port = socket_free_port();
    write_file(fixture, "token", "word\n");
    write_file(fixture, "conf",
               "[link]\nserver = 127.0.0.1:1\n[store]\ndata = %s\n"
               "[http]\nlisten = 127.0.0.1:%u\ntoken_file = %s/token\n",
               fixture->folder, fixture->port, fixture->folder);
    snprintf(config, sizeof config, "%s/conf", fixture->folder);
    *state = fixture;
    fixture->pid = fork();
    if (fixture->pid > 0)
        return 0;
    dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
    setenv("COVEN_SECRET", "secret", 1);
    unsetenv("RUNTIME_DIRECTORY");
    execl(COVEND, "covend", "--config", config, (char *)NULL);
    _exit(127);
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    int status = covend_end(fixture->pid, fixture->folder);
    free(fixture);
    return status;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_covenctl, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_http, set_up, tear_down),
        cmocka_unit_test(test_all_are_played),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
