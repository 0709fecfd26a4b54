#include "options.h"

#include <stdlib.h>

#include "honest.h"

static const char usage[] =
    "usage: coven-attack --server HOST:PORT --echo HOST:PORT [OPTION]... [NAME]...\n"
    "\n"
    "Plays attackers and honest people at the same time, as clients of a server with a Multi-User\n"
    "Chat service, and reports what the honest people lose: a line for each attack, all of them "
    "or\n"
    "those with a NAME.\n"
    "\n"
    "  --server HOST:PORT   where clients log in\n"
    "  --echo HOST:PORT     where a component can attach that sends back what it receives, to\n"
    "                       measure the server's own delay; its secret is COVEN_SECRET in the\n"
    "                       environment\n"
    "  --echo-domain NAME   domain of that component (default echo.localhost)\n"
    "  --domain NAME        domain of the users (default localhost)\n"
    "  --service NAME       domain of the rooms (default conference.localhost)\n"
    "  --accounts PREFIX    users are PREFIX0, PREFIX1, ... (default user)\n"
    "  --password WORD      password of all accounts (default password)\n"
    "  --people N           number of accounts (default 1300)\n"
    "  --seconds N          duration of each attack (default: its own)\n"
    "  --watch PID          the service's process, to report its memory and processor time\n"
    "  --log FILE           covend's log, to report lost links\n"
    "  --quick              the quick attacks only, for a second each; counts are judged, times\n"
    "                       and memory are not\n"
    "  --no-heading         print the lines only\n"
    "  --list               print the attacks and what they do\n"
    "  --version, --help\n"
    "\n"
    "The exit status is 1 when a bound was broken.\n";

static const struct arguments arguments;

static bool take_server(void *user, const char *value)
{
    struct options *options = user;
    return arguments_address(&arguments, value, &options->host, &options->port);
}

static bool take_echo(void *user, const char *value)
{
    struct options *options = user;
    return arguments_address(&arguments, value, &options->echo_host, &options->echo_port);
}

#define AT(member) .offset = offsetof(struct options, member)
static const struct argument list[] = {
    {"server", ARGUMENT_CALL, .call = take_server},
    {"echo", ARGUMENT_CALL, .call = take_echo},
    {"echo-domain", ARGUMENT_TEXT, AT(echo)},
    {"domain", ARGUMENT_TEXT, AT(domain)},
    {"service", ARGUMENT_TEXT, AT(service)},
    {"accounts", ARGUMENT_TEXT, AT(accounts)},
    {"password", ARGUMENT_TEXT, AT(password)},
    {"people", ARGUMENT_NUMBER, AT(people), .min = PEOPLE_LEAST, .max = 100000},
    {"seconds", ARGUMENT_NUMBER, AT(seconds), .min = 1, .max = 3600},
    {"watch", ARGUMENT_NUMBER, AT(watch), .min = 1, .max = 1 << 22},
    {"log", ARGUMENT_TEXT, AT(log)},
    {"quick", ARGUMENT_FLAG, AT(quick)},
    {"no-heading", ARGUMENT_FLAG, AT(no_heading)},
    {"list", ARGUMENT_FLAG, AT(list)},
};

static const struct arguments arguments = {"coven-attack", usage, list, sizeof list / sizeof *list};

static bool check(const struct options *options)
{
    if (options->list)
        return true;
    if (!options->host || !options->echo_host)
        return arguments_wrong(&arguments,
                               "needs --server HOST:PORT and --echo HOST:PORT; see --help", "");
    return options->secret ||
           arguments_wrong(&arguments, "needs a secret in the environment: COVEN_SECRET", "");
}

enum arguments_result options_read(struct options *options, int argc, char **argv)
{
    int rest;
    *options = (struct options){.domain = "localhost",
                                .service = "conference.localhost",
                                .echo = "echo.localhost",
                                .secret = getenv("COVEN_SECRET"),
                                .accounts = "user",
                                .password = "password",
                                .people = 1300};
    enum arguments_result result = arguments_read(&arguments, options, argc, argv, &rest);
    options->names = argv + rest;
    options->name_count = argc - rest;
    return result == ARGUMENTS_RUN && !check(options) ? ARGUMENTS_WRONG : result;
}

void options_free(struct options *options)
{
    free(options->host);
    free(options->port);
    free(options->echo_host);
    free(options->echo_port);
}
