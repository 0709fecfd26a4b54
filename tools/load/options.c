#include "options.h"

#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "coven/mem.h"
#include "wire/ledger.h"

static const char usage[] =
    "usage: coven-load --listen HOST:PORT | --connect HOST:PORT | --clients HOST:PORT | "
    "--loopback\n"
    "                  [--work join|messages|private|presence|history|archive] [OPTION]...\n"
    "\n"
    "Loads a Multi-User Chat service and counts what comes back.\n"
    "\n"
    "role:\n"
    "  --listen HOST:PORT   be the server that the service connects to as a component\n"
    "  --connect HOST:PORT  be a component of the server that hosts the service\n"
    "  --clients HOST:PORT  be clients of that server, with one connection each\n"
    "  --loopback           no service: a second process sends the same copies, which is the\n"
    "                       most that this machine can do\n"
    "  --mirror HOST:PORT   with --connect: a second process is the service, as a component of\n"
    "                       the same server, and sends the same copies, which is the most that\n"
    "                       the server can route\n"
    "  --service NAME       domain of the rooms (default conference.localhost)\n"
    "  --domain NAME        domain of the users (default load.localhost; of clients: localhost)\n"
    "  --secret-file FILE   file with the component's secret (default: COVEN_SECRET in the\n"
    "                       environment)\n"
    "  --accounts PREFIX    clients log in as PREFIX0, PREFIX1, ... (default user)\n"
    "  --password WORD      password of all accounts (default password)\n"
    "  --tls                clients start TLS; no certificate is verified\n"
    "  --stream-management  clients enable it and answer when the server asks for an\n"
    "                       acknowledgement\n"
    "\n"
    "load:\n"
    "  --work WORK          join: all users join at once; messages, private, presence: users\n"
    "                       join, then send these; history: then they leave and join again;\n"
    "                       archive: then they ask for its last page (default messages)\n"
    "  --rooms N            number of rooms (default 1)\n"
    "  --occupants N        occupants of each room (default 10)\n"
    "  --users N            users that share the places in the rooms (default: one for each)\n"
    "  --in-flight N        stanzas that are not back with everybody yet (default 32)\n"
    "  --rate N             stanzas a second, regardless of what is back; replaces --in-flight\n"
    "  --joining N          maximum number of unanswered joins (default 1000)\n"
    "  --bytes N            length of a body or status (default 100)\n"
    "  --seconds N          seconds to measure (default 5)\n"
    "  --warmup N           seconds of the same work before that (default 1)\n"
    "  --timeout N          seconds without any input until it gives up (default 30)\n"
    "  --quiet-rooms        rooms show the presence of moderators only, so joins are cheap\n"
    "  --no-archive         rooms keep no archive\n"
    "  --fill N             messages in each room before the work begins (default 0; with\n"
    "                       history and archive: as --page)\n"
    "  --page N             messages that history and archive ask for (default 20; archive: 50)\n"
    "  --flood N            send messages, as --in-flight says, to another room of N occupants;\n"
    "                       only the other rooms, loaded as --rate says, are measured\n"
    "  --room-prefix WORD   prefix of the room names (default load)\n"
    "\n"
    "output:\n"
    "  --watch PID          report the resources of this process, too; may be repeated\n"
    "  --progress           print a line each second, also when stderr is no terminal\n"
    "  --csv FILE, --json FILE\n"
    "                       write the figures; - is stdout, in place of the table\n"
    "  --plot FILE          draw copies and latency over time, as SVG\n"
    "  --version, --help\n";

static const struct arguments arguments;
static bool wrong(const char *what, const char *value);

/* ---- Values ---- */

static bool read_role(void *user, enum load_role role, const char *value)
{
    struct options *options = user;
    if (options->role != ROLE_NONE)
        return wrong("--listen, --connect, --clients and --loopback exclude each other", "");
    options->role = role;
    return arguments_address(&arguments, value, &options->host, &options->port);
}

static bool take_listen(void *options, const char *value)
{
    return read_role(options, ROLE_SERVER, value);
}

static bool take_connect(void *options, const char *value)
{
    return read_role(options, ROLE_COMPONENT, value);
}

static bool take_clients(void *options, const char *value)
{
    return read_role(options, ROLE_CLIENTS, value);
}

static bool take_mirror(void *user, const char *value)
{
    struct options *options = user;
    return arguments_address(&arguments, value, &options->mirror_host, &options->mirror_port);
}

static bool take_work(void *user, const char *value)
{
    static const char *const names[] = {"join",     "messages", "private",
                                        "presence", "history",  "archive"};
    struct options *options = user;
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(value, names[i]) == 0) {
            options->work = (enum load_work)i;
            options->work_name = names[i];
            return true;
        }
    }
    return wrong("--work must be join, messages, private, presence, history or archive, not ",
                 value);
}

static bool take_secret_file(void *user, const char *path)
{
    struct options *options = user;
    FILE *file = fopen(path, "re");
    char *line = NULL;
    size_t size = 0;
    ssize_t len = file ? getline(&line, &size, file) : -1;
    if (file)
        fclose(file);
    if (len < 0) {
        free(line);
        return wrong("cannot read a secret from ", path);
    }
    line[strcspn(line, "\r\n")] = '\0';
    free(options->secret);
    options->secret = line;
    return true;
}

static bool take_watch(void *user, const char *value)
{
    static const struct argument pids = {.name = "watch", .min = 1, .max = 1 << 22};
    struct options *options = user;
    uint32_t pid;
    if (options->watch_count == OPTIONS_WATCH_MAX)
        return wrong("too many processes to watch, beginning with ", value);
    if (!arguments_number(&arguments, &pids, value, &pid))
        return false;
    options->watch[options->watch_count++] = (int)pid;
    return true;
}

/* ---- The table ---- */

#define AT(member) .offset = offsetof(struct options, member)
static const struct argument list[] = {
    {"listen", ARGUMENT_CALL, .call = take_listen},
    {"connect", ARGUMENT_CALL, .call = take_connect},
    {"clients", ARGUMENT_CALL, .call = take_clients},
    {"loopback", ARGUMENT_FLAG, AT(loopback)},
    {"mirror", ARGUMENT_CALL, .call = take_mirror},
    {"service", ARGUMENT_TEXT, AT(service)},
    {"domain", ARGUMENT_TEXT, AT(domain)},
    {"secret-file", ARGUMENT_CALL, .call = take_secret_file},
    {"accounts", ARGUMENT_TEXT, AT(accounts)},
    {"password", ARGUMENT_TEXT, AT(password)},
    {"tls", ARGUMENT_FLAG, AT(tls)},
    {"stream-management", ARGUMENT_FLAG, AT(stream_management)},
    {"work", ARGUMENT_CALL, .call = take_work},
    {"rooms", ARGUMENT_NUMBER, AT(rooms), .min = 1, .max = 1e6},
    {"occupants", ARGUMENT_NUMBER, AT(occupants), .min = 1, .max = 1e6},
    {"users", ARGUMENT_NUMBER, AT(users), .min = 1, .max = 1e7},
    {"in-flight", ARGUMENT_NUMBER, AT(in_flight), .min = 1, .max = 1e5},
    {"rate", ARGUMENT_NUMBER, AT(rate), .min = 1, .max = 1e7},
    {"joining", ARGUMENT_NUMBER, AT(joining), .min = 1, .max = 1e7},
    {"bytes", ARGUMENT_NUMBER, AT(bytes), .min = MARK_LEN, .max = 1e5},
    {"seconds", ARGUMENT_NUMBER, AT(ms), .min = 0.1, .max = 86400, .scale = 1000},
    {"warmup", ARGUMENT_NUMBER, AT(warmup_ms), .min = 0, .max = 3600, .scale = 1000},
    {"timeout", ARGUMENT_NUMBER, AT(timeout_ms), .min = 0.1, .max = 86400, .scale = 1000},
    {"quiet-rooms", ARGUMENT_FLAG, AT(quiet_rooms)},
    {"no-archive", ARGUMENT_FLAG, AT(no_archive)},
    {"fill", ARGUMENT_NUMBER, AT(fill), .min = 0, .max = 1e6},
    {"page", ARGUMENT_NUMBER, AT(page), .min = 1, .max = 1e4},
    {"flood", ARGUMENT_NUMBER, AT(flood), .min = 1, .max = 1e6},
    {"room-prefix", ARGUMENT_TEXT, AT(room_prefix)},
    {"watch", ARGUMENT_CALL, .call = take_watch},
    {"progress", ARGUMENT_FLAG, AT(progress)},
    {"csv", ARGUMENT_TEXT, AT(csv)},
    {"json", ARGUMENT_TEXT, AT(json)},
    {"plot", ARGUMENT_TEXT, AT(plot)},
};

static const struct arguments arguments = {"coven-load", usage, list, sizeof list / sizeof *list};

static bool wrong(const char *what, const char *value)
{
    return arguments_wrong(&arguments, what, value);
}

/* ---- Checks and defaults ---- */

uint32_t options_replayed(const struct options *options)
{
    return options->fill < options->page ? options->fill : options->page;
}

static bool check(const struct options *options)
{
    bool component = options->role == ROLE_SERVER || options->role == ROLE_COMPONENT;
    bool mirrored = options->role == ROLE_LOOPBACK || options->mirror_host;
    if (options->role == ROLE_NONE)
        return wrong("needs --listen, --connect, --clients or --loopback; see --help", "");
    if (component && !options->secret)
        return wrong("needs a secret: --secret-file FILE, or COVEN_SECRET in the environment", "");
    if (options->mirror_host && options->role != ROLE_COMPONENT)
        return wrong("--mirror needs --connect", "");
    if ((options->tls || options->stream_management) && options->role != ROLE_CLIENTS)
        return wrong("--tls and --stream-management need --clients", "");
    if (options->stream_management && options->work == WORK_ARCHIVE)
        return wrong("--stream-management excludes --work archive: its pages hold messages "
                     "within messages, which cannot be counted",
                     "");
    if (options->flood && (!options->rate || options->work != WORK_MESSAGES || mirrored))
        return wrong("--flood needs --work messages, --rate and a real service", "");
    if (options->work == WORK_HISTORY && options->occupants < 2)
        return wrong("--work history needs two occupants: one stays in the room", "");
    if ((uint64_t)options->rooms * options->occupants > 10000000)
        return wrong("more than 10,000,000 places in all rooms", "");
    return true;
}

static bool finish(struct options *options)
{
    if (options->loopback && options->role != ROLE_NONE)
        return wrong("--loopback excludes --listen, --connect and --clients", "");
    if (options->loopback)
        options->role = ROLE_LOOPBACK;
    if (!check(options))
        return false;
    if (!options->page)
        options->page = options->work == WORK_ARCHIVE ? 50 : 20;
    if (!options->fill && (options->work == WORK_HISTORY || options->work == WORK_ARCHIVE))
        options->fill = options->page;
    /* Somebody who joins again waits for his own presence only. */
    options->quiet_rooms |= options->work == WORK_HISTORY || options->flood;
    if (!options->domain)
        options->domain = options->role == ROLE_CLIENTS ? "localhost" : "load.localhost";
    if (!options->users || options->users > options->rooms * options->occupants)
        options->users = options->rooms * options->occupants;
    if (options->users < options->occupants)
        return wrong("fewer users than occupants of a room", "");
    return true;
}

enum arguments_result options_read(struct options *options, int argc, char **argv)
{
    *options = (struct options){.work = WORK_MESSAGES,
                                .work_name = "messages",
                                .service = "conference.localhost",
                                .accounts = "user",
                                .password = "password",
                                .secret = mem_string(getenv("COVEN_SECRET")),
                                .room_prefix = "load",
                                .rooms = 1,
                                .occupants = 10,
                                .in_flight = 32,
                                .joining = 1000,
                                .bytes = 100,
                                .ms = 5000,
                                .warmup_ms = 1000,
                                .timeout_ms = 30000,
                                .progress = isatty(STDERR_FILENO)};
    enum arguments_result result = arguments_read(&arguments, options, argc, argv, NULL);
    return result == ARGUMENTS_RUN && !finish(options) ? ARGUMENTS_WRONG : result;
}

void options_free(struct options *options)
{
    free(options->host);
    free(options->port);
    free(options->mirror_host);
    free(options->mirror_port);
    if (options->secret)
        OPENSSL_cleanse(options->secret, strlen(options->secret));
    free(options->secret);
}
