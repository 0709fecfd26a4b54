#include "config.h"

#include <getopt.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config_fault.h"
#include "config_file.h"
#include "config_keys.h"
#include "config_values.h"
#include "coven/jid.h"
#include "coven/mem.h"

static const char usage[] =
    "usage: covend [--config FILE] [--server HOST:PORT] [--domain NAME] [--secret-file FILE]\n"
    "              [--data DIR] [--check]\n"
    "       covend --version | --help\n"
    "\n"
    "  --config FILE         read the configuration from FILE\n"
    "  --server HOST:PORT    where the XMPP server listens for components (127.0.0.1:5347)\n"
    "  --domain NAME         the domain of the rooms (conference.localhost)\n"
    "  --secret-file FILE    its first line is the secret that the server knows, too\n"
    "  --data DIR            keep rooms in DIR; without it they live in memory\n"
    "  --check               say whether the configuration is good, and end\n"
    "  -V, --version         print the version, and end\n"
    "  -h, --help            print this, and end\n"
    "\n"
    "The secret may also come from the environment, COVEN_SECRET.\n";

/* ---- The command line ---- */

struct line {
    const char *config, *server, *domain, *secret_file, *data;
    enum config_action action;
};

static bool complain_option(const char *given, bool lacks_value)
{
    char letter[] = {'-', (char)optopt, '\0'}; /* several may stand in one argument */
    bool is_letter = optopt > ' ' && optopt <= '~';
    log_fatal("%s %s; see covend --help", is_letter ? letter : given,
              lacks_value ? "needs a value" : "is not an option of covend");
    return false;
}

static bool read_line(struct line *line, int argc, char **argv)
{
    enum { CONFIG = 256, SERVER, DOMAIN, SECRET_FILE, DATA, CHECK };
    static const struct option options[] = {
        {"config", required_argument, NULL, CONFIG},
        {"server", required_argument, NULL, SERVER},
        {"domain", required_argument, NULL, DOMAIN},
        {"data", required_argument, NULL, DATA},
        {"secret-file", required_argument, NULL, SECRET_FILE},
        {"check", no_argument, NULL, CHECK},
        {"version", no_argument, NULL, 'V'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    *line = (struct line){.action = CONFIG_RUN};
    int option;
    optind = 0; /* anew, even from amid an argument */
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":hV", options, NULL)) != -1) {
        switch (option) {
        case CONFIG:
            line->config = optarg;
            break;
        case SERVER:
            line->server = optarg;
            break;
        case DOMAIN:
            line->domain = optarg;
            break;
        case SECRET_FILE:
            line->secret_file = optarg;
            break;
        case DATA:
            line->data = optarg;
            break;
        case CHECK:
            line->action = CONFIG_CHECK;
            break;
        case 'V':
            line->action = CONFIG_VERSION;
            break;
        case 'h':
            line->action = CONFIG_HELP;
            break;
        default:
            return complain_option(argv[optind - 1], option == ':');
        }
        if (optarg && *optarg == '\0')
            return complain_option(argv[optind - 2], true);
    }
    if (optind < argc) {
        log_fatal("\"%s\" is not an option; see covend --help", argv[optind]);
        return false;
    }
    return true;
}

static void apply_line(struct config *config, const struct line *line)
{
    const struct {
        const char *section, *name, *value;
    } given[] = {
        {"link", "server", line->server},
        {"link", "domain", line->domain},
        {"link", "secret_file", line->secret_file},
        {"store", "data", line->data},
    };
    struct buf why = BUF_INIT;
    for (size_t i = 0; i < sizeof given / sizeof *given; i++) {
        const struct config_key *key = config_key_find(given[i].section, given[i].name);
        if (!given[i].value)
            continue;
        if (!config_key_set(key, config, given[i].value, &why))
            config_fault(config, 0, "%s", why.data);
        config->lines[config_key_index(key)] = 0;
        buf_clear(&why);
    }
    buf_free(&why);
}

/* ---- Values that have a form of their own ---- */

static void settle_server(struct config *config)
{
    struct span host;
    config_split_server(config->server, &host, &config->port);
    config->host = mem_copy(host.at, host.len);
}

/* Where nothing is said, conference.example.org is taken for a part of example.org. */
static void settle_local_domains(struct config *config)
{
    const char *dot = strchr(config->domain, '.');
    struct buf why = BUF_INIT;
    config->is_local_assumed = !config->local_domains;
    if (config->is_local_assumed && dot && dot[1])
        config_key_set(config_key_find("service", "local_domain"), config, dot + 1, &why);
    buf_free(&why);
}

static void settle_domain(struct config *config)
{
    struct jid jid;
    jid_parse(span_of(config->domain), &jid);
    free(config->domain);
    config->domain = mem_copy(jid.text, jid.domain_len);
    settle_local_domains(config);
}

#define SECRET_BYTES_MAX 1024

#define SECRET_BYTES_MAX 1024

/* A service manager hands over secrets in a folder of its own, and sees to who may read them. */
static bool is_credential(const char *path)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    size_t len = folder ? strlen(folder) : 0;
    return len > 0 && strncmp(path, folder, len) == 0 && path[len] == '/';
}

static bool is_open_to_others(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO));
}

/* The first line of the file. */
static void take_secret(struct config *config, const struct buf *text, int line)
{
    size_t len = strcspn(text->data, "\r\n");
    if (len == 0 || strlen(text->data) != text->len) {
        config_fault(config, line, "%s: its first line must be the secret, without NUL",
                     config->secret_file);
        return;
    }
    config->secret = mem_copy(text->data, len);
    if (!is_credential(config->secret_file) && is_open_to_others(config->secret_file))
        log_warn("%s: others may read the secret; chmod 600 helps", config->secret_file);
}

static void read_secret(struct config *config)
{
    struct buf text = BUF_INIT, why = BUF_INIT;
    int line = config_line_of(config, "link", "secret_file");
    if (config_file_load(config->secret_file, SECRET_BYTES_MAX, &text, &why))
        take_secret(config, &text, line);
    else
        config_fault(config, line, "%s", why.data);
    if (text.data)
        OPENSSL_cleanse(text.data, text.len);
    buf_free(&text);
    buf_free(&why);
}

static void settle_secret(struct config *config, bool on_line)
{
    const char *environment = getenv("COVEN_SECRET");
    if (environment && !on_line)
        config->secret = mem_string(environment);
    else if (config->secret_file)
        read_secret(config);
    else
        config_fault(config, 0,
                     "there is no secret: give --secret-file FILE, or COVEN_SECRET in the "
                     "environment");
    if (config->secret && !*config->secret)
        config_fault(config, 0, "COVEN_SECRET is empty");
}

/* Two numbers that must not be the wrong way round. */
static void check_order(struct config *config, const char *section, const char *low,
                        const char *high)
{
    const struct config_key *keys[] = {config_key_find(section, low),
                                       config_key_find(section, high)};
    uint64_t numbers[2];
    int line = 0;
    for (int i = 0; i < 2; i++) {
        int at = config->lines[config_key_index(keys[i])];
        memcpy(&numbers[i], (char *)config + keys[i]->offset, sizeof numbers[i]);
        line = at > line ? at : line;
    }
    if (numbers[0] > numbers[1])
        config_fault(config, line, "%s is above %s", low, high);
}

static void settle(struct config *config, const struct line *line)
{
    check_order(config, "link", "backoff_min_seconds", "backoff_max_seconds");
    check_order(config, "limits", "queue_low_mib", "queue_high_mib");
    settle_server(config);
    settle_domain(config);
    log_level_named(config->log_level_name, &config->log_level);
    settle_secret(config, line->secret_file != NULL);
}

/* ---- All of it ---- */

static void set_defaults(struct config *config)
{
    struct buf why = BUF_INIT;
    for (size_t i = 0; config_key_at(i); i++) {
        const struct config_key *key = config_key_at(i);
        if (key->standard)
            config_key_set(key, config, key->standard, &why);
    }
    buf_free(&why);
}

bool config_read(struct config *config, int argc, char **argv)
{
    struct line line;
    *config = (struct config){.action = CONFIG_RUN};
    set_defaults(config);
    if (!read_line(&line, argc, argv))
        return false;
    config->action = line.action;
    if (line.action == CONFIG_HELP)
        fputs(usage, stdout);
    if (line.action == CONFIG_VERSION)
        puts("covend " COVEN_VERSION);
    if (line.action == CONFIG_HELP || line.action == CONFIG_VERSION)
        return true;
    config->file = mem_string(line.config);
    if (config->file)
        config_file_read(config);
    apply_line(config, &line);
    settle(config, &line);
    return config->faults == 0;
}

static void free_list(char **list)
{
    for (char **item = list; item && *item; item++)
        free(*item);
    free(list);
}

void config_free(struct config *config)
{
    for (size_t i = 0; config_key_at(i); i++) {
        void *member = (char *)config + config_key_at(i)->offset;
        if (config_key_at(i)->type == KEY_TEXT)
            free(*(char **)member);
        else if (config_key_at(i)->type == KEY_ADDRESSES)
            free_list(*(char ***)member);
    }
    if (config->secret)
        OPENSSL_cleanse(config->secret, strlen(config->secret));
    free(config->secret);
    free(config->host);
    free(config->file);
}
