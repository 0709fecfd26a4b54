#include "options.h"

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
    "  --multi          with --covend: make the copies of what comes with a list of recipients;\n"
    "                   for people: the server has to do it\n"
    "  --no-views       do not check that presence lost in a crash is sent again\n"
    "  --verbose        print a line for each kill\n"
    "  --version, --help\n";

static const struct arguments arguments;
static bool wrong(const char *what, const char *value);

/* ---- Values ---- */

static bool take_seed(void *user, const char *value)
{
    struct options *options = user;
    char *end;
    options->seed = strtoull(value, &end, 10);
    return (end != value && *end == '\0') || wrong("--seed needs a number, not ", value);
}

static bool take_mode(void *user, const char *value)
{
    struct options *options = user;
    for (unsigned mode = 0; mode < MODES; mode++) {
        if (strcmp(value, mode_words[mode]) == 0) {
            options->mode = (enum mode)mode;
            return true;
        }
    }
    return wrong("--mode must be messages, changes, cut or people, not ", value);
}

static bool take_minutes(void *user, const char *value)
{
    struct options *options = user;
    char *end;
    options->minutes = strtod(value, &end);
    return (end != value && *end == '\0' && options->minutes > 0 && options->minutes <= 10000) ||
           wrong("--minutes needs a number, not ", value);
}

static bool take_clients(void *user, const char *value)
{
    struct options *options = user;
    if (options->host_count == HOSTS_MAX)
        return wrong("too many --clients", "");
    options->hosts[options->host_count++] = value;
    options->clients = options->hosts[0];
    return true;
}

/* ---- The table ---- */

#define AT(member) .offset = offsetof(struct options, member)
static const struct argument list[] = {
    {"covend", ARGUMENT_TEXT, AT(covend)},
    {"mode", ARGUMENT_CALL, .call = take_mode},
    {"clients", ARGUMENT_CALL, .call = take_clients},
    {"outage", ARGUMENT_TEXT, AT(outage)},
    {"remote", ARGUMENT_TEXT, AT(remote)},
    {"frozen", ARGUMENT_FLAG, AT(frozen)},
    {"rush", ARGUMENT_FLAG, AT(rush)},
    {"multi", ARGUMENT_FLAG, AT(multi)},
    {"server", ARGUMENT_TEXT, AT(server)},
    {"people", ARGUMENT_NUMBER, AT(people), .min = 4, .max = 62},
    {"minutes", ARGUMENT_CALL, .call = take_minutes},
    {"kills", ARGUMENT_NUMBER, AT(kills), .min = 0, .max = 1e6},
    {"seed", ARGUMENT_CALL, .call = take_seed},
    {"rooms", ARGUMENT_NUMBER, AT(rooms), .min = 1, .max = 1e4},
    {"occupants", ARGUMENT_NUMBER, AT(seats), .min = 2, .max = 1000},
    {"rate", ARGUMENT_NUMBER, AT(rate), .min = 1, .max = 1e5},
    {"stanzas", ARGUMENT_NUMBER, AT(stanzas), .min = 10, .max = 1e8},
    {"no-views", ARGUMENT_FLAG, AT(no_views)},
    {"verbose", ARGUMENT_FLAG, AT(verbose)},
};

static const struct arguments arguments = {"coven-crash", usage, list, sizeof list / sizeof *list};

static bool wrong(const char *what, const char *value)
{
    return arguments_wrong(&arguments, what, value);
}

/* ---- Checks and defaults ---- */

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
    if (options->multi && !options->covend)
        return wrong("--multi needs --covend", "");
    if (options->clients && !strchr(options->clients, ':'))
        return wrong("expected HOST:PORT, not ", options->clients);
    if (options->remote && !strchr(options->remote, ':'))
        return wrong("expected HOST:PORT, not ", options->remote);
    if (options->covend && options->seats > SEATS_MAX)
        return wrong("--occupants must not exceed 16 without --clients", "");
    return true;
}

enum arguments_result options_read(struct options *options, int argc, char **argv)
{
    uint32_t seed;
    id_random_bytes(&seed, sizeof seed);
    *options = (struct options){.seed = seed,
                                .kills = UINT32_MAX,
                                .seats = 6,
                                .people = 30,
                                .minutes = 10,
                                .stanzas = 4000};
    enum arguments_result result = arguments_read(&arguments, options, argc, argv, NULL);
    if (result != ARGUMENTS_RUN)
        return result;
    fill_in(options);
    return fits(options) ? ARGUMENTS_RUN : ARGUMENTS_WRONG;
}
