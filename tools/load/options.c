#include "options.h"

#include <getopt.h>
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
    "who it is:\n"
    "  --listen HOST:PORT   the server that the service connects to as a component\n"
    "  --connect HOST:PORT  a component of the server that the service lives on\n"
    "  --clients HOST:PORT  clients of that server, a connection each\n"
    "  --loopback           nobody: a second process sends the same copies at once, which is the\n"
    "                       most that this machine can do\n"
    "  --mirror HOST:PORT   with --connect: a second process is the service, a component of the\n"
    "                       same server, and sends the same copies at once, which is the most "
    "that\n"
    "                       the server routes\n"
    "  --service NAME       the domain of the rooms (conference.localhost)\n"
    "  --domain NAME        the domain of the users (load.localhost; of clients: localhost)\n"
    "  --secret-file FILE   the component's secret; or in the environment, COVEN_SECRET\n"
    "  --accounts PREFIX    clients log in as PREFIX0, PREFIX1, ... (user)\n"
    "  --password WORD      the password of all of them (password)\n"
    "\n"
    "what it does:\n"
    "  --work WORK          join: everybody joins at once; messages, private, presence: everybody\n"
    "                       joins, then these are sent; history: then they leave and join again;\n"
    "                       archive: then they ask for its last page (messages)\n"
    "  --rooms N            rooms (1)\n"
    "  --occupants N        of each room (10)\n"
    "  --users N            users, who share the places in the rooms (one for each place)\n"
    "  --in-flight N        sent and not yet back with everybody (32)\n"
    "  --rate N             sent in a second, whatever comes back, in place of --in-flight\n"
    "  --joining N          joins that are under way at once, at most (1000)\n"
    "  --bytes N            of a body or a status (100)\n"
    "  --seconds N          that are measured (5)\n"
    "  --warmup N           seconds before that (1)\n"
    "  --timeout N          seconds without a sign of life after which it gives up (30)\n"
    "  --quiet-rooms        the rooms show the presence of moderators only, so joining is cheap\n"
    "  --no-archive         the rooms keep no archive\n"
    "  --fill N             messages that each room has before the work begins (0; with history\n"
    "                       and archive: as --page)\n"
    "  --page N             messages that history and archive ask for (20; of archive: 50)\n"
    "  --flood N            beside the rooms, messages are sent to a room of so many occupants as\n"
    "                       --in-flight says; only the others, as --rate says, are measured\n"
    "  --room-prefix WORD   what the names of rooms begin with (load)\n"
    "\n"
    "what it tells:\n"
    "  --watch PID          tell what this process uses, too; may be given again\n"
    "  --progress           a line each second, also when stderr is no terminal\n"
    "  --csv FILE, --json FILE\n"
    "                       the figures; - is stdout, in place of the table\n"
    "  --plot FILE          copies and latency over time, as SVG\n"
    "  --version, --help\n";

static bool wrong(const char *what, const char *value)
{
    fprintf(stderr, "coven-load: %s%s\n", what, value);
    return false;
}

/* ---- Values ---- */

static bool read_number(uint32_t *number_r, const char *name, const char *value, double scale,
                        double min, double max)
{
    char *end;
    double number = strtod(value, &end);
    if (end != value && *end == '\0' && number >= min && number <= max) {
        *number_r = (uint32_t)(number * scale + 0.5);
        return true;
    }
    fprintf(stderr, "coven-load: --%s needs a number from %g to %g, not %s\n", name, min, max,
            value);
    return false;
}

static bool read_address(char **host, char **port, const char *value)
{
    const char *colon = strrchr(value, ':');
    if (*host)
        return wrong("one HOST:PORT too many: ", value);
    if (!colon || colon == value || colon[1] == '\0')
        return wrong("expected HOST:PORT, not ", value);
    bool bracketed = value[0] == '[' && colon[-1] == ']';
    size_t len = (size_t)(colon - value);
    *host = bracketed ? mem_copy(value + 1, len - 2) : mem_copy(value, len);
    *port = mem_string(colon + 1);
    return true;
}

static bool read_role(struct options *options, enum role role, const char *value)
{
    if (options->role != ROLE_NONE)
        return wrong("only one of --listen, --connect, --clients and --loopback", "");
    options->role = role;
    return role == ROLE_LOOPBACK || read_address(&options->host, &options->port, value);
}

static bool read_work(struct options *options, const char *value)
{
    static const char *const names[] = {"join",     "messages", "private",
                                        "presence", "history",  "archive"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(value, names[i]) == 0) {
            options->work = (enum work)i;
            options->work_name = names[i];
            return true;
        }
    }
    return wrong("--work is join, messages, private, presence, history or archive, not ", value);
}

static bool read_secret(struct options *options, const char *path)
{
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

static bool read_watch(struct options *options, const char *value)
{
    uint32_t pid;
    if (options->watch_count == OPTIONS_WATCH_MAX)
        return wrong("too many processes to watch; one more is ", value);
    if (!read_number(&pid, "watch", value, 1, 1, 1 << 22))
        return false;
    options->watch[options->watch_count++] = (int)pid;
    return true;
}

/* ---- Options ---- */

enum {
    LISTEN = 1000,
    CONNECT,
    CLIENTS,
    LOOPBACK,
    MIRROR,
    SECRET_FILE,
    WORK,
    WATCH,
    QUIET,
    NO_ARCHIVE,
    PROGRESS,
    VERSION,
    HELP,
    NUMBERS = 2000,
    TEXTS = 3000
};

static const struct number_option {
    const char *name;
    size_t offset;
    double scale, min, max;
} numbers[] = {
    {"rooms", offsetof(struct options, rooms), 1, 1, 1e6},
    {"occupants", offsetof(struct options, occupants), 1, 1, 1e6},
    {"users", offsetof(struct options, users), 1, 1, 1e7},
    {"in-flight", offsetof(struct options, in_flight), 1, 1, 1e5},
    {"rate", offsetof(struct options, rate), 1, 1, 1e7},
    {"joining", offsetof(struct options, joining), 1, 1, 1e7},
    {"fill", offsetof(struct options, fill), 1, 0, 1e6},
    {"page", offsetof(struct options, page), 1, 1, 1e4},
    {"flood", offsetof(struct options, flood), 1, 1, 1e6},
    {"bytes", offsetof(struct options, bytes), 1, MARK_LEN, 1e5},
    {"seconds", offsetof(struct options, ms), 1000, 0.1, 86400},
    {"warmup", offsetof(struct options, warmup_ms), 1000, 0, 3600},
    {"timeout", offsetof(struct options, timeout_ms), 1000, 0.1, 86400},
};

static const struct text_option {
    const char *name;
    size_t offset;
} texts[] = {
    {"service", offsetof(struct options, service)},
    {"domain", offsetof(struct options, domain)},
    {"accounts", offsetof(struct options, accounts)},
    {"password", offsetof(struct options, password)},
    {"room-prefix", offsetof(struct options, room_prefix)},
    {"csv", offsetof(struct options, csv)},
    {"json", offsetof(struct options, json)},
    {"plot", offsetof(struct options, plot)},
};

#define NUMBER_COUNT (sizeof numbers / sizeof *numbers)
#define TEXT_COUNT   (sizeof texts / sizeof *texts)

static const struct option others[] = {
    {"listen", required_argument, NULL, LISTEN},
    {"connect", required_argument, NULL, CONNECT},
    {"clients", required_argument, NULL, CLIENTS},
    {"loopback", no_argument, NULL, LOOPBACK},
    {"mirror", required_argument, NULL, MIRROR},
    {"work", required_argument, NULL, WORK},
    {"watch", required_argument, NULL, WATCH},
    {"quiet-rooms", no_argument, NULL, QUIET},
    {"no-archive", no_argument, NULL, NO_ARCHIVE},
    {"progress", no_argument, NULL, PROGRESS},
    {"version", no_argument, NULL, VERSION},
    {"help", no_argument, NULL, HELP},
    {"secret-file", required_argument, NULL, SECRET_FILE},
};

#define OTHER_COUNT (sizeof others / sizeof *others)

static void known_options(struct option known[NUMBER_COUNT + TEXT_COUNT + OTHER_COUNT + 1])
{
    size_t count = 0;
    for (size_t i = 0; i < NUMBER_COUNT; i++)
        known[count++] =
            (struct option){numbers[i].name, required_argument, NULL, NUMBERS + (int)i};
    for (size_t i = 0; i < TEXT_COUNT; i++)
        known[count++] = (struct option){texts[i].name, required_argument, NULL, TEXTS + (int)i};
    memcpy(&known[count], others, sizeof others);
    known[count + OTHER_COUNT] = (struct option){NULL, 0, NULL, 0};
}

static bool take_text(struct options *options, const struct text_option *text, const char *value)
{
    if (*value == '\0')
        return wrong("no value for --", text->name);
    memcpy((char *)options + text->offset, &value, sizeof value);
    return true;
}

static bool take(struct options *options, int which, const char *value)
{
    if (which >= TEXTS)
        return take_text(options, &texts[which - TEXTS], value);
    if (which >= NUMBERS) {
        const struct number_option *number = &numbers[which - NUMBERS];
        return read_number((uint32_t *)(void *)((char *)options + number->offset), number->name,
                           value, number->scale, number->min, number->max);
    }
    switch (which) {
    case LISTEN:
        return read_role(options, ROLE_SERVER, value);
    case CONNECT:
        return read_role(options, ROLE_COMPONENT, value);
    case CLIENTS:
        return read_role(options, ROLE_CLIENTS, value);
    case LOOPBACK:
        return read_role(options, ROLE_LOOPBACK, NULL);
    case MIRROR:
        return read_address(&options->mirror_host, &options->mirror_port, value);
    case SECRET_FILE:
        return read_secret(options, value);
    case WORK:
        return read_work(options, value);
    case WATCH:
        return read_watch(options, value);
    case QUIET:
        return options->quiet_rooms = true;
    case NO_ARCHIVE:
        return options->no_archive = true;
    case PROGRESS:
        return options->progress = true;
    default: /* getopt has said what is wrong */
        return false;
    }
}

/* ---- The whole ---- */

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
        return wrong("--mirror goes with --connect only", "");
    if (options->flood && (!options->rate || options->work != WORK_MESSAGES || mirrored))
        return wrong("--flood goes with --work messages and --rate, and with a real service", "");
    if (options->work == WORK_HISTORY && options->occupants < 2)
        return wrong("--work history needs two occupants: one stays in the room", "");
    if ((uint64_t)options->rooms * options->occupants > 10000000)
        return wrong("more than 10,000,000 places in all rooms", "");
    return true;
}

static bool finish(struct options *options)
{
    if (!check(options))
        return false;
    if (!options->page)
        options->page = options->work == WORK_ARCHIVE ? 50 : 20;
    if (!options->fill && (options->work == WORK_HISTORY || options->work == WORK_ARCHIVE))
        options->fill = options->page;
    /* Only one's own presence is waited for when joining again. */
    options->quiet_rooms |= options->work == WORK_HISTORY || options->flood;
    if (!options->domain)
        options->domain = options->role == ROLE_CLIENTS ? "localhost" : "load.localhost";
    if (!options->users || options->users > options->rooms * options->occupants)
        options->users = options->rooms * options->occupants;
    if (options->users < options->occupants)
        return wrong("a room has more occupants than there are users", "");
    return true;
}

enum options_result options_read(struct options *options, int argc, char **argv)
{
    struct option known[NUMBER_COUNT + TEXT_COUNT + OTHER_COUNT + 1];
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
    known_options(known);
    optind = 0; /* from the start, however often it is called */
    for (int which; (which = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (which == VERSION || which == HELP) {
            fputs(which == VERSION ? "coven-load " COVEN_VERSION "\n" : usage, stdout);
            return OPTIONS_DONE;
        }
        if (!take(options, which, optarg))
            return OPTIONS_WRONG;
    }
    if (optind < argc) {
        wrong("an argument that is no option: ", argv[optind]);
        return OPTIONS_WRONG;
    }
    return finish(options) ? OPTIONS_RUN : OPTIONS_WRONG;
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
