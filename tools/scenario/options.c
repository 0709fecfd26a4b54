#include "options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"

static const char usage[] =
    "Usage: coven-scenario [OPTION]... FILE|FOLDER...\n"
    "Plays scansion scripts against an XMPP server; TAP on stdout.\n"
    "\n"
    "  --server HOST:PORT  the server that clients connect to (127.0.0.1:5222)\n"
    "  --remote HOST:PORT  the server of clients with a JID at remote.localhost; without it, "
    "scripts\n"
    "                      with such clients are skipped\n"
    "  --domain NAME       replaces each localhost in a script (localhost)\n"
    "  --jobs N            plays N scripts at once, on the domains h1.NAME to hN.NAME (1)\n"
    "  --timeout SECONDS   time limit for each expected stanza (5)\n"
    "  --quiet SECONDS     time that \"receives nothing\" waits (0.3)\n"
    "  --service NAME      skips scripts that say \"# not on: NAME\"\n"
    "  --junit FILE        also writes the results to FILE as JUnit XML\n"
    "  --verbose           shows all traffic\n"
    "  --version, --help\n"
    "\n"
    "Exit status: 0 all passed, 1 some failed, 2 nothing was played.\n";

enum {
    SERVER = 1,
    REMOTE,
    DOMAIN_NAME,
    JOBS,
    TIMEOUT,
    QUIET,
    SERVICE,
    JUNIT,
    VERBOSE,
    VERSION,
    HELP
};

static const struct option names[] = {
    {"server", required_argument, NULL, SERVER},
    {"remote", required_argument, NULL, REMOTE},
    {"domain", required_argument, NULL, DOMAIN_NAME},
    {"jobs", required_argument, NULL, JOBS},
    {"timeout", required_argument, NULL, TIMEOUT},
    {"quiet", required_argument, NULL, QUIET},
    {"service", required_argument, NULL, SERVICE},
    {"junit", required_argument, NULL, JUNIT},
    {"verbose", no_argument, NULL, VERBOSE},
    {"version", no_argument, NULL, VERSION},
    {"help", no_argument, NULL, HELP},
    {NULL, 0, NULL, 0},
};

static enum options_result wrong(const char *what, const char *value)
{
    fprintf(stderr, "coven-scenario: %s%s\n", what, value);
    return OPTIONS_WRONG;
}

/* HOST:PORT, HOST, [ADDRESS]:PORT */
static enum options_result read_server(struct options_server *server, const char *name,
                                       const char *value)
{
    const char *colon = strrchr(value, ':');
    if (colon && strchr(colon, ']'))
        colon = NULL;
    size_t len = colon ? (size_t)(colon - value) : strlen(value);
    if (len >= 2 && value[0] == '[' && value[len - 1] == ']')
        value++, len -= 2;
    if (len == 0 || (colon && !colon[1]))
        return wrong(name, " needs HOST:PORT");
    free(server->host);
    free(server->port);
    *server = (struct options_server){mem_copy(value, len), mem_string(colon ? colon + 1 : "5222")};
    return OPTIONS_PLAY;
}

static enum options_result read_jobs(struct options *options, const char *value)
{
    char *end;
    long jobs = strtol(value, &end, 10);
    if (end == value || *end || jobs < 1 || jobs > 256)
        return wrong("--jobs needs a number from 1 to 256, not ", value);
    options->jobs = (int)jobs;
    return OPTIONS_PLAY;
}

static enum options_result read_seconds(int *ms_r, const char *value)
{
    char *end;
    double seconds = strtod(value, &end);
    if (end == value || *end || !(seconds >= 0.001) || seconds > 3600)
        return wrong("expected 0.001 to 3600 seconds, not ", value);
    *ms_r = (int)(seconds * 1000 + 0.5);
    return OPTIONS_PLAY;
}

static enum options_result say(const char *text)
{
    fputs(text, stdout);
    return OPTIONS_DONE;
}

static enum options_result read_option(struct options *options, int option, const char *value)
{
    switch (option) {
    case SERVER:
        return read_server(&options->server, "--server", value);
    case REMOTE:
        return read_server(&options->remote, "--remote", value);
    case DOMAIN_NAME:
        options->domain = value;
        return *value ? OPTIONS_PLAY : wrong("--domain needs a name", "");
    case JOBS:
        return read_jobs(options, value);
    case TIMEOUT:
        return read_seconds(&options->timeout_ms, value);
    case QUIET:
        return read_seconds(&options->quiet_ms, value);
    case SERVICE:
        options->service = value;
        return OPTIONS_PLAY;
    case JUNIT:
        options->junit = value;
        return OPTIONS_PLAY;
    case VERBOSE:
        options->verbose = true;
        return OPTIONS_PLAY;
    case VERSION:
        return say("coven-scenario " COVEN_VERSION "\n");
    case HELP:
        return say(usage);
    default: /* getopt has printed the error */
        return OPTIONS_WRONG;
    }
}

enum options_result options_read(struct options *options, int argc, char **argv)
{
    *options = (struct options){.server = {mem_string("127.0.0.1"), mem_string("5222")},
                                .domain = "localhost",
                                .jobs = 1,
                                .timeout_ms = 5000,
                                .quiet_ms = 300};
    optind = 0; /* a second call reads from the start too */
    int option;
    while ((option = getopt_long(argc, argv, "", names, NULL)) != -1) {
        enum options_result result = read_option(options, option, optarg);
        if (result != OPTIONS_PLAY)
            return result;
    }
    options->paths = argv + optind;
    options->path_count = argc - optind;
    return options->path_count ? OPTIONS_PLAY : wrong("no script given; see --help", "");
}

void options_free(struct options *options)
{
    free(options->server.host);
    free(options->server.port);
    free(options->remote.host);
    free(options->remote.port);
}
