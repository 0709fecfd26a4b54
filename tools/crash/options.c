#include "options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/id.h"
#include "shape.h"

const char *const mode_words[MODES] = {"messages", "changes", "cut"};

static const char usage[] =
    "usage: coven-crash --covend FILE [--mode messages|changes|cut] [OPTION]...\n"
    "       coven-crash --clients HOST:PORT --outage COMMAND [--remote HOST:PORT] [OPTION]...\n"
    "\n"
    "Starts covend, plays its server and all users, kills it again and again, and looks whether\n"
    "everything that anybody saw is still true.\n"
    "\n"
    "  --covend FILE    the program to start; covend-forgetful makes each kill a power cut\n"
    "  --mode MODE      messages: people talk, and come and go now and then (without this option)\n"
    "                   changes: rooms are made, configured, destroyed, people banned and so on\n"
    "                   cut: the link is cut and covend lives, while some sessions die\n"
    "  --clients HOST:PORT, --outage COMMAND\n"
    "                   be clients of a server whose covend runs already; the command makes the\n"
    "                   server crash and come back, and half of the clients stay away then\n"
    "  --remote HOST:PORT\n"
    "                   with --clients: half of them are people of this server, and it is the one\n"
    "                   that crashes, while the others talk\n"
    "  --frozen         with --remote: it only stands still for a while, and nobody is to leave\n"
    "  --rush           with --clients: each is in 3 to 8 rooms, and all come back\n"
    "  --kills N        kills or cuts (200)\n"
    "  --seed N         chance goes the same way again (another one each time)\n"
    "  --rooms N        rooms (50)\n"
    "  --occupants N    people around each room, 2 to 16 (6); of clients: 2 to 1000\n"
    "  --rate N         stanzas in a second (500)\n"
    "  --stanzas N      that are seen between two kills at most (4000)\n"
    "  --no-views       leave out whether presence that a crash swallowed is told again\n"
    "  --verbose        a line for each kill\n"
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
    return wrong("--mode is messages, changes or cut, not ", value);
}

enum {
    COVEND = 1000,
    CLIENTS,
    REMOTE,
    FROZEN,
    OUTAGE,
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
        options->clients = value;
        return true;
    case REMOTE:
        options->remote = value;
        return true;
    case FROZEN:
        return options->frozen = true;
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
    default: /* getopt has said what is wrong */
        return false;
    }
}

static bool fits(const struct options *options)
{
    bool clients = options->clients && options->outage;
    if (!options->covend == !clients || !options->clients != !options->outage)
        return wrong("needs --covend FILE, or --clients HOST:PORT and --outage COMMAND; see --help",
                     "");
    if ((options->rush || options->remote) && !options->clients)
        return wrong("--rush and --remote are for --clients", "");
    if (options->rush ? options->remote != NULL : options->frozen && !options->remote)
        return wrong("--frozen is for --remote, and --rush is not", "");
    if (options->clients && !strchr(options->clients, ':'))
        return wrong("expected HOST:PORT, not ", options->clients);
    if (options->remote && !strchr(options->remote, ':'))
        return wrong("expected HOST:PORT, not ", options->remote);
    if (options->covend && options->seats > SEATS_MAX)
        return wrong("more than 16 occupants", "");
    return true;
}

enum options_result options_read(struct options *options, int argc, char **argv)
{
    struct option known[NUMBER_COUNT + OTHER_COUNT];
    uint32_t seed;
    id_random_bytes(&seed, sizeof seed);
    *options = (struct options){
        .seed = seed, .kills = 200, .rooms = 50, .seats = 6, .rate = 500, .stanzas = 4000};
    for (size_t i = 0; i < NUMBER_COUNT; i++)
        known[i] = (struct option){numbers[i].name, required_argument, NULL, NUMBERS + (int)i};
    memcpy(&known[NUMBER_COUNT], others, sizeof others);
    optind = 0; /* from the start, however often it is called */
    for (int which; (which = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (which == VERSION || which == HELP) {
            fputs(which == VERSION ? "coven-crash " COVEN_VERSION "\n" : usage, stdout);
            return OPTIONS_DONE;
        }
        if (!take(options, which, optarg))
            return OPTIONS_WRONG;
    }
    if (optind < argc)
        wrong("an argument that is no option: ", argv[optind]);
    return optind == argc && fits(options) ? OPTIONS_RUN : OPTIONS_WRONG;
}
