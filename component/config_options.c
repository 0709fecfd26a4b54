/* The command line. */

#include <getopt.h>
#include <stdio.h>

#include "config_keys.h"
#include "config_private.h"
#include "config_value.h"

static const char usage[] =
    "usage: covend [--config FILE] [--server HOST:PORT] [--domain NAME] [--secret-file FILE]\n"
    "              [--data DIR] [--check]\n"
    "       covend --version | --help\n"
    "\n"
    "  --config FILE         read the configuration from FILE\n"
    "  --server HOST:PORT    where the XMPP server accepts components (127.0.0.1:5347)\n"
    "  --domain NAME         domain of the rooms (conference.localhost)\n"
    "  --secret-file FILE    read the shared secret from the first line of FILE\n"
    "  --data DIR            keep rooms in DIR; without it they live in memory\n"
    "  --check               check the configuration and exit\n"
    "  -V, --version         print the version and exit\n"
    "  -h, --help            print this help and exit\n"
    "\n"
    "The environment variable COVEN_SECRET may hold the secret instead.\n";

static bool refuse_option(const char *given, bool lacks_value)
{
    char letter[] = {'-', (char)optopt, '\0'}; /* one argument may hold several */
    bool is_letter = optopt > ' ' && optopt <= '~';
    const char *option = is_letter ? letter : given;
    if (lacks_value)
        log_fatal("option %s needs a value; see covend --help", option);
    else
        log_fatal("unknown option %s; see covend --help", option);
    return false;
}

bool config_options_read(struct config_options *options, int argc, char **argv)
{
    enum { CHECK = 256, CONFIG, KEYS }; /* above every letter; KEYS + enum option_key sets a key */
    static const struct option known[] = {
        {"config", required_argument, NULL, CONFIG},
        {"server", required_argument, NULL, KEYS + OPTION_SERVER},
        {"domain", required_argument, NULL, KEYS + OPTION_DOMAIN},
        {"secret-file", required_argument, NULL, KEYS + OPTION_SECRET_FILE},
        {"data", required_argument, NULL, KEYS + OPTION_DATA},
        {"check", no_argument, NULL, CHECK},
        {"version", no_argument, NULL, 'V'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    int option;
    *options = (struct config_options){.action = CONFIG_RUN};
    optind = 0; /* makes getopt start over, even from within an argument */
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":hV", known, NULL)) != -1) {
        if (option == '?' || option == ':')
            return refuse_option(argv[optind - 1], option == ':');
        if (optarg && *optarg == '\0')
            return refuse_option(argv[optind - 2], true);
        if (option >= KEYS)
            options->values[option - KEYS] = optarg;
        else if (option == CONFIG)
            options->file = optarg;
        else if (option == CHECK)
            options->action = CONFIG_CHECK;
        else
            options->action = option == 'V' ? CONFIG_VERSION : CONFIG_HELP;
    }
    if (optind < argc)
        log_fatal("unexpected argument \"%s\"; see covend --help", argv[optind]);
    return optind >= argc;
}

void config_options_apply(struct config *config, const struct config_options *options)
{
    static const struct {
        const char *section, *name;
    } names[OPTION_KEYS] = {
        [OPTION_SERVER] = {"link", "server"},
        [OPTION_DOMAIN] = {"link", "domain"},
        [OPTION_SECRET_FILE] = {"link", "secret_file"},
        [OPTION_DATA] = {"store", "data"},
    };
    struct buf why = BUF_INIT;
    for (size_t i = 0; i < OPTION_KEYS; i++) {
        const struct config_key *key = config_key_find(names[i].section, names[i].name);
        if (!options->values[i])
            continue;
        if (!config_value_set(key, config, options->values[i], &why))
            config_fault(config, 0, "%s", why.data);
        config->lines[config_key_index(key)] = 0;
        buf_clear(&why);
    }
    buf_free(&why);
}

bool config_options_answer(const struct config_options *options)
{
    if (options->action == CONFIG_HELP)
        fputs(usage, stdout);
    else if (options->action == CONFIG_VERSION)
        puts("covend " COVEN_VERSION);
    else
        return false;
    return true;
}
