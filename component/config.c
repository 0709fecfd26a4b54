#include "config.h"

#include <getopt.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config_file.h"
#include "config_keys.h"
#include "config_values.h"
#include "coven/jid.h"
#include "coven/mem.h"

static const char usage[] =
    "usage: covend [--config FILE] [--server HOST:PORT] [--domain NAME] [--secret-file FILE]\n"
    "              [--data DIR] [--check] [--version]\n"
    "The secret may also come from the environment, COVEN_SECRET. Without --data, rooms live in "
    "memory.\n";

static bool complain(const char *what)
{
    log_fatal("%s", what);
    return false;
}

/* Says what is wrong (and forgets it). Always false. */
static bool complain_buf(struct buf *why)
{
    complain(why->data ? why->data : "");
    buf_free(why);
    return false;
}

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
              lacks_value ? "needs a value" : "is no option of covend");
    return false;
}

static bool read_line(struct line *line, int argc, char **argv)
{
    enum { CONFIG = 256, SERVER, DOMAIN, SECRET_FILE, DATA, CHECK, VERSION, HELP };
    static const struct option options[] = {
        {"config", required_argument, NULL, CONFIG},
        {"server", required_argument, NULL, SERVER},
        {"domain", required_argument, NULL, DOMAIN},
        {"data", required_argument, NULL, DATA},
        {"secret-file", required_argument, NULL, SECRET_FILE},
        {"check", no_argument, NULL, CHECK},
        {"version", no_argument, NULL, VERSION},
        {"help", no_argument, NULL, HELP},
        {NULL, 0, NULL, 0},
    };
    *line = (struct line){.action = CONFIG_RUN};
    int option;
    optind = 0; /* anew, even from amid an argument */
    opterr = 0;
    while ((option = getopt_long(argc, argv, ":", options, NULL)) != -1) {
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
        case VERSION:
            line->action = CONFIG_VERSION;
            break;
        case HELP:
            line->action = CONFIG_HELP;
            break;
        default:
            return complain_option(argv[optind - 1], option == ':');
        }
        if (optarg && *optarg == '\0')
            return complain_option(argv[optind - 2], true);
    }
    if (optind < argc) {
        log_fatal("\"%s\" is no option; see covend --help", argv[optind]);
        return false;
    }
    return true;
}

static bool apply_line(struct config *config, const struct line *line)
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
        if (given[i].value && !config_key_set(key, config, given[i].value, &why))
            return complain_buf(&why);
    }
    return true;
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
    if (!config->local_domains && dot && dot[1])
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

/* The first line of the file. */
static bool read_secret(struct config *config)
{
    struct buf text = BUF_INIT, why = BUF_INIT;
    struct stat status;
    if (!config_file_load(config->secret_file, SECRET_BYTES_MAX, &text, &why)) {
        buf_free(&text);
        return complain_buf(&why);
    }
    bool is_open =
        stat(config->secret_file, &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO));
    size_t len = strcspn(text.data, "\r\n");
    bool good = len > 0 && strlen(text.data) == text.len;
    if (good && is_open)
        log_warn("%s: others may read the secret; chmod 600 helps", config->secret_file);
    if (good)
        config->secret = mem_copy(text.data, len);
    else
        log_fatal("%s: its first line must be the secret, without NUL", config->secret_file);
    OPENSSL_cleanse(text.data, text.len);
    buf_free(&text);
    return good;
}

static bool settle_secret(struct config *config, bool on_line)
{
    const char *environment = getenv("COVEN_SECRET");
    if (environment && !on_line)
        config->secret = mem_string(environment);
    else if (config->secret_file && !read_secret(config))
        return false;
    if (config->secret && *config->secret)
        return true;
    return complain(
        "there is no secret: give --secret-file FILE, or COVEN_SECRET in the environment");
}

static bool settle(struct config *config, const struct line *line)
{
    if (config->backoff_min_seconds > config->backoff_max_seconds)
        return complain("backoff_min_seconds is above backoff_max_seconds");
    if (config->queue_low > config->queue_high)
        return complain("queue_low_mib is above queue_high_mib");
    settle_server(config);
    settle_domain(config);
    log_level_named(config->log_level_name, &config->log_level);
    return settle_secret(config, line->secret_file != NULL);
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
    struct buf why = BUF_INIT;
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
    if (config->file && !config_file_read(config->file, config, &why))
        return complain_buf(&why);
    return apply_line(config, &line) && settle(config, &line);
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

#define KEPT_IN_MEMORY 1000 /* messages of a room; what is in memory does not grow for ever */

static unsigned messages_kept(const struct config *config)
{
    bool unlimited = config->archive_keep == 0 && config->archive_days == 0;
    return unlimited && !config->data ? KEPT_IN_MEMORY : (unsigned)config->archive_keep;
}

struct service_limits config_service_limits(const struct config *config)
{
    return (struct service_limits){
        .rooms = (unsigned)config->rooms,
        .occupants = (unsigned)config->occupants,
        .sessions = (unsigned)config->sessions,
        .user_sessions = (unsigned)config->user_sessions,
        .user_created = (unsigned)config->user_created,
        .user_rate = (unsigned)config->user_rate,
        .user_burst = (unsigned)config->user_burst,
        .room_rate = (unsigned)config->room_rate,
        .room_burst = (unsigned)config->room_burst,
        .affiliations = (unsigned)config->affiliations,
        .items = (unsigned)config->items,
        .history = (unsigned)config->history,
        .nick_chars = (unsigned)config->nick,
        .room_name_bytes = (unsigned)config->room_name,
        .stanza_bytes = (unsigned)config->stanza,
        .reason_bytes = (unsigned)config->reason,
        .subject_bytes = (unsigned)config->subject,
        .presence_bytes = (unsigned)config->presence,
        .option_bytes = (unsigned)config->option,
        .vcard_bytes = (unsigned)config->vcard,
        .departures = (unsigned)config->departures,
        .lock_seconds = (unsigned)config->lock,
        .idle_rooms = (unsigned)config->idle_rooms,
        .invites = (unsigned)config->invites,
        .voice_seconds = (unsigned)config->voice,
        .relays = (unsigned)config->relays,
        .relay_seconds = (unsigned)config->relay,
        .archive_page = (unsigned)config->archive_page,
        .archive_days = (unsigned)config->archive_days,
        .archive_keep = messages_kept(config),
        .archive_queries = (unsigned)config->archive_queries,
        .user_queries = (unsigned)config->user_queries,
    };
}

struct outbox_limits config_outbox_limits(const struct config *config)
{
    return (struct outbox_limits){.high = config->queue_high << 20, .low = config->queue_low << 20};
}
