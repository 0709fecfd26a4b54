#include "options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/id.h"
#include "room_state.h"

const char *const mode_words[MODES] = {"messages", "changes", "cut", "people"};

static const char usage[] =
    "usage: coven-crash --covend FILE [--mode messages|changes|cut] [OPTION]...\n"
    "       coven-crash --clients HOST:PORT --outage COMMAND [--remote HOST:PORT] [OPTION]...\n"
    "       coven-crash --mode people --covend FILE --server HOST:PORT\n"
    "                   --clients DOMAIN=HOST:PORT... [--outage COMMAND] [OPTION]...\n"
    "\n"
    "Starts covend, plays its server and all users, kills it again and again, and checks that\n"
    "everything that anybody saw is still true.\n"
    "\n"
    "  --covend FILE    the program to start; covend-forgetful turns each kill into a power cut\n"
    "  --mode MODE      messages: people talk, and join and leave now and then (default)\n"
    "                   changes: rooms are created, configured and destroyed, people banned, ...\n"
    "                   cut: the link is cut while covend keeps running; some sessions end\n"
    "                   people: clients of real servers use rooms, and all views are compared in\n"
    "                   quiet moments\n"
    "  --clients HOST:PORT, --outage COMMAND\n"
    "                   be clients of a server that covend is attached to already; the command\n"
    "                   crashes the server and brings it back, and half of the clients stay away\n"
    "  --remote HOST:PORT\n"
    "                   with --clients: half of them are users of this second server, and this\n"
    "                   one crashes while the others talk\n"
    "  --frozen         with --remote: it only hangs for a while, and nobody may be removed\n"
    "  --rush           with --clients: each is in 3 to 8 rooms, and all come back at once\n"
    "  --server HOST:PORT, --clients DOMAIN=HOST:PORT\n"
    "                   for people: where covend connects to (with the secret in COVEN_SECRET),\n"
    "                   and where people log in; --clients may be repeated, once a server\n"
    "  --people N       for people: number of people, 4 to 62 (default 30)\n"
    "  --minutes N      for people: duration (default 10)\n"
    "  --kills N        kills or cuts (default 200; for people: one in half a minute)\n"
    "  --seed N         repeat the random choices of an earlier run (default random)\n"
    "  --rooms N        rooms (default 50; for people: 8)\n"
    "  --occupants N    people around each room, 2 to 16 (default 6); with --clients 2 to 1000\n"
    "  --rate N         stanzas a second (default 500; for people: 20)\n"
    "  --stanzas N      stanzas between two kills, at most (default 4000)\n"
    "  --no-views       do not check that presence lost in a crash is sent again\n"
    "  --verbose        print a line for each kill\n"
    "  --version, --help\n";

static bool wrong(const char *what, const char *value)
{
    fprintf(stderr, "coven-crash: %s%s\n", what, value);
    return false;
}

static const struct number {
    const char *name;
    size_t offset;
    uint32_t min, max;
} numbers[] = {
    {"people", offsetof(struct options, people), 4, 62},
    {"kills", offsetof(struct options, kills), 0, 1000000},
    {"rooms", offsetof(struct options, rooms), 1, 10000},
    {"occupants", offsetof(struct options, seats), 2, 1000},
    {"rate", offsetof(struct options, rate), 1, 100000},
    {"stanzas", offsetof(struct options, stanzas), 10, 100000000},
};

#define NUMBER_COUNT (sizeof numbers / sizeof *numbers)

static bool read_seed(struct options *options, const char *value)
{
    char *end;
    options->seed = strtoull(value, &end, 10);
    return (end != value && *end == '\0') || wrong("--seed needs a number, not ", value);
}

static bool read_number(struct options *options, const struct number *number, const char *value)
{
    char *end;
    unsigned long long read = strtoull(value, &end, 10);
    if (end == value || *end || read < number->min || read > number->max) {
        fprintf(stderr, "coven-crash: --%s needs a number from %u to %u, not %s\n", number->name,
                number->min, number->max, value);
        return false;
    }
    *(uint32_t *)(void *)((char *)options + number->offset) = (uint32_t)read;
    return true;
}

static bool read_mode(struct options *options, const char *value)
{
    for (unsigned mode = 0; mode < MODES; mode++) {
        if (strcmp(value, mode_words[mode]) == 0) {
            options->mode = (enum mode)mode;
            return true;
        }
    }
    return wrong("--mode must be messages, changes, cut or people, not ", value);
}

static bool read_minutes(struct options *options, const char *value)
{
    char *end;
    options->minutes = strtod(value, &end);
    return (end != value && *end == '\0' && options->minutes > 0 && options->minutes <= 10000) ||
           wrong("--minutes needs a number, not ", value);
}

static bool read_host(struct options *options, const char *value)
{
    if (options->host_count == HOSTS_MAX)
        return wrong("too many --clients", "");
    options->hosts[options->host_count++] = value;
    options->clients = options->hosts[0];
    return true;
}

enum {
    COVEND = 1000,
    CLIENTS,
    REMOTE,
    FROZEN,
    OUTAGE,
    SERVER,
    MINUTES,
    MODE,
    SEED,
    NO_VIEWS,
    RUSH,
    VERBOSE,
    VERSION,
    HELP,
    NUMBERS = 2000
};

static const struct option others[] = {
    {"covend", required_argument, NULL, COVEND},
    {"clients", required_argument, NULL, CLIENTS},
    {"remote", required_argument, NULL, REMOTE},
    {"frozen", no_argument, NULL, FROZEN},
    {"outage", required_argument, NULL, OUTAGE},
    {"server", required_argument, NULL, SERVER},
    {"minutes", required_argument, NULL, MINUTES},
    {"mode", required_argument, NULL, MODE},
    {"seed", required_argument, NULL, SEED},
    {"no-views", no_argument, NULL, NO_VIEWS},
    {"rush", no_argument, NULL, RUSH},
    {"verbose", no_argument, NULL, VERBOSE},
    {"version", no_argument, NULL, VERSION},
    {"help", no_argument, NULL, HELP},
    {NULL, 0, NULL, 0},
};

#define OTHER_COUNT (sizeof others / sizeof *others)

static bool take(struct options *options, int which, const char *value)
{
    if (which >= NUMBERS)
        return read_number(options, &numbers[which - NUMBERS], value);
    switch (which) {
    case COVEND:
        options->covend = value;
        return true;
    case CLIENTS:
        return read_host(options, value);
    case SERVER:
        options->server = value;
        return true;
    case REMOTE:
        options->remote = value;
        return true;
    case FROZEN:
        return options->frozen = true;
    case MINUTES:
        return read_minutes(options, value);
    case OUTAGE:
        options->outage = value;
        return true;
    case MODE:
        return read_mode(options, value);
    case SEED:
        return read_seed(options, value);
    case NO_VIEWS:
        return options->no_views = true;
    case RUSH:
        return options->rush = true;
    case VERBOSE:
        return options->verbose = true;
    default: /* getopt has printed an error */
        return false;
    }
}

/* Sets the defaults that depend on the mode. */
static void fill_in(struct options *options)
{
    bool people = options->mode == MODE_PEOPLE;
    if (options->rooms == 0)
        options->rooms = people ? 8 : 50;
    if (options->rate == 0)
        options->rate = people ? 20 : 500;
    if (options->kills == UINT32_MAX)
        options->kills = people ? (uint32_t)(2 * options->minutes) : 200;
}

static bool fits_people(const struct options *options)
{
    if (!options->covend || !options->server || options->host_count == 0)
        return wrong("--mode people needs --covend, --server and --clients; see --help", "");
    if (!getenv("COVEN_SECRET"))
        return wrong("--mode people needs the secret in COVEN_SECRET", "");
    if (strncmp(options->server, "127.0.0.1:", 10) != 0)
        return wrong("--server must be 127.0.0.1:PORT, not ", options->server);
    for (uint32_t i = 0; i < options->host_count; i++) {
        const char *equals = strchr(options->hosts[i], '=');
        if (!equals || !strchr(equals, ':'))
            return wrong("expected DOMAIN=HOST:PORT, not ", options->hosts[i]);
    }
    return true;
}

static bool fits(const struct options *options)
{
    bool clients = options->clients && options->outage;
    if (options->mode == MODE_PEOPLE)
        return fits_people(options);
    if (!options->covend == !clients || !options->clients != !options->outage)
        return wrong("needs --covend FILE, or --clients HOST:PORT and --outage COMMAND; see --help",
                     "");
    if ((options->rush || options->remote) && !options->clients)
        return wrong("--rush and --remote need --clients", "");
    if (options->rush ? options->remote != NULL : options->frozen && !options->remote)
        return wrong("--frozen needs --remote, and --rush excludes it", "");
    if (options->clients && !strchr(options->clients, ':'))
        return wrong("expected HOST:PORT, not ", options->clients);
    if (options->remote && !strchr(options->remote, ':'))
        return wrong("expected HOST:PORT, not ", options->remote);
    if (options->covend && options->seats > SEATS_MAX)
        return wrong("--occupants must not exceed 16 without --clients", "");
    return true;
}

enum options_result options_read(struct options *options, int argc, char **argv)
{
    struct option known[NUMBER_COUNT + OTHER_COUNT];
    uint32_t seed;
    id_random_bytes(&seed, sizeof seed);
    *options = (struct options){.seed = seed,
                                .kills = UINT32_MAX,
                                .seats = 6,
                                .people = 30,
                                .minutes = 10,
                                .stanzas = 4000};
    for (size_t i = 0; i < NUMBER_COUNT; i++)
        known[i] = (struct option){numbers[i].name, required_argument, NULL, NUMBERS + (int)i};
    memcpy(&known[NUMBER_COUNT], others, sizeof others);
    optind = 0; /* so that it can be called again */
    for (int which; (which = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (which == VERSION || which == HELP) {
            fputs(which == VERSION ? "coven-crash " COVEN_VERSION "\n" : usage, stdout);
            return OPTIONS_DONE;
        }
        if (!take(options, which, optarg))
            return OPTIONS_WRONG;
    }
    fill_in(options);
    if (optind < argc)
        wrong("unexpected argument: ", argv[optind]);
    return optind == argc && fits(options) ? OPTIONS_RUN : OPTIONS_WRONG;
}
