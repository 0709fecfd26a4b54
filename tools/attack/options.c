#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"
#include "honest.h"

static const char usage[] =
    "usage: coven-attack --server HOST:PORT --echo HOST:PORT [OPTION]... [NAME]...\n"
    "\n"
    "Plays attackers and honest people at once, as clients of a server with a Multi-User Chat\n"
    "service, and tells what the honest lose: a line for each attack, by NAME or all of them.\n"
    "\n"
    "  --server HOST:PORT   where clients log in\n"
    "  --echo HOST:PORT     where a component attaches that sends back what it gets: what that "
    "takes\n"
    "                       is the server's own share; its secret is COVEN_SECRET in the "
    "environment\n"
    "  --echo-domain NAME   the domain of that component (echo.localhost)\n"
    "  --domain NAME        the domain of the users (localhost)\n"
    "  --service NAME       the domain of the rooms (conference.localhost)\n"
    "  --accounts PREFIX    users are PREFIX0, PREFIX1, ... (user)\n"
    "  --password WORD      the password of all of them (password)\n"
    "  --people N           how many accounts there are (1300)\n"
    "  --seconds N          how long an attack goes on, in place of what suits it\n"
    "  --watch PID          the service's process: its memory and processor time are told\n"
    "  --log FILE           covend's log: a link that was cut is told\n"
    "  --quick              only the attacks that are quick, a second of each; counts are judged,\n"
    "                       times and memory are not\n"
    "  --no-heading         only the lines\n"
    "  --list               names the attacks and what they do\n"
    "  --version, --help\n"
    "\n"
    "It exits with 1 when a bound was broken.\n";

enum { SERVER = 1000, ECHO, QUICK, NO_HEADING, LIST, VERSION, HELP, NUMBERS = 2000, TEXTS = 3000 };

static const struct number_option {
    const char *name;
    size_t offset;
    unsigned long min, max;
} numbers[] = {
    {"people", offsetof(struct options, people), PEOPLE_LEAST, 100000},
    {"seconds", offsetof(struct options, seconds), 1, 3600},
    {"watch", offsetof(struct options, watch), 1, 1ul << 22},
};

static const struct text_option {
    const char *name;
    size_t offset;
} texts[] = {
    {"domain", offsetof(struct options, domain)},
    {"echo-domain", offsetof(struct options, echo)},
    {"service", offsetof(struct options, service)},
    {"accounts", offsetof(struct options, accounts)},
    {"password", offsetof(struct options, password)},
    {"log", offsetof(struct options, log)},
};

#define NUMBER_COUNT (sizeof numbers / sizeof *numbers)
#define TEXT_COUNT   (sizeof texts / sizeof *texts)

static const struct option others[] = {
    {"server", required_argument, NULL, SERVER}, {"echo", required_argument, NULL, ECHO},
    {"quick", no_argument, NULL, QUICK},         {"no-heading", no_argument, NULL, NO_HEADING},
    {"list", no_argument, NULL, LIST},           {"version", no_argument, NULL, VERSION},
    {"help", no_argument, NULL, HELP},
};

#define OTHER_COUNT (sizeof others / sizeof *others)

static bool wrong(const char *what, const char *value)
{
    fprintf(stderr, "coven-attack: %s%s\n", what, value);
    return false;
}

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

static bool read_number(struct options *options, const struct number_option *option,
                        const char *value)
{
    char *end;
    unsigned long number = strtoul(value, &end, 10);
    if (end == value || *end || number < option->min || number > option->max) {
        fprintf(stderr, "coven-attack: --%s needs a number from %lu to %lu, not %s\n", option->name,
                option->min, option->max, value);
        return false;
    }
    *(uint32_t *)(void *)((char *)options + option->offset) = (uint32_t)number;
    return true;
}

static bool read_address(char **host, char **port, const char *value)
{
    const char *colon = strrchr(value, ':');
    if (!colon || colon == value || colon[1] == '\0' || *host)
        return wrong("expected one HOST:PORT, not ", value);
    bool bracketed = value[0] == '[' && colon[-1] == ']';
    size_t len = (size_t)(colon - value);
    *host = bracketed ? mem_copy(value + 1, len - 2) : mem_copy(value, len);
    *port = mem_string(colon + 1);
    return true;
}

static bool take(struct options *options, int which, const char *value)
{
    if (which >= TEXTS) {
        memcpy((char *)options + texts[which - TEXTS].offset, &value, sizeof value);
        return *value || wrong("no value for --", texts[which - TEXTS].name);
    }
    if (which >= NUMBERS)
        return read_number(options, &numbers[which - NUMBERS], value);
    switch (which) {
    case SERVER:
        return read_address(&options->host, &options->port, value);
    case ECHO:
        return read_address(&options->echo_host, &options->echo_port, value);
    case QUICK:
        return options->quick = true;
    case NO_HEADING:
        return options->no_heading = true;
    case LIST:
        return options->list = true;
    default: /* getopt has said what is wrong */
        return false;
    }
}

static bool check(const struct options *options)
{
    if (options->list)
        return true;
    if (!options->host || !options->echo_host)
        return wrong("needs --server HOST:PORT and --echo HOST:PORT; see --help", "");
    return options->secret || wrong("needs a secret in the environment: COVEN_SECRET", "");
}

enum options_result options_read(struct options *options, int argc, char **argv)
{
    struct option known[NUMBER_COUNT + TEXT_COUNT + OTHER_COUNT + 1];
    *options = (struct options){.domain = "localhost",
                                .service = "conference.localhost",
                                .echo = "echo.localhost",
                                .secret = getenv("COVEN_SECRET"),
                                .accounts = "user",
                                .password = "password",
                                .people = 1300};
    known_options(known);
    optind = 0; /* from the start, however often it is called */
    for (int which; (which = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (which == VERSION || which == HELP) {
            fputs(which == VERSION ? "coven-attack " COVEN_VERSION "\n" : usage, stdout);
            return OPTIONS_DONE;
        }
        if (!take(options, which, optarg))
            return OPTIONS_WRONG;
    }
    options->names = argv + optind;
    options->name_count = argc - optind;
    return check(options) ? OPTIONS_RUN : OPTIONS_WRONG;
}

void options_free(struct options *options)
{
    free(options->host);
    free(options->port);
    free(options->echo_host);
    free(options->echo_port);
}
