#include "config.h"

#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin/http_address.h"
#include "config_keys.h"
#include "config_private.h"
#include "config_value.h"
#include "coven/domain.h"
#include "coven/mem.h"

#define FAULTS_SHOWN   50
#define KEPT_IN_MEMORY 1000 /* messages per room, so that an archive in memory has a bound */

/* ---- Faults ---- */

void config_fault(struct config *config, int line, const char *format, ...)
{
    char text[1024];
    va_list args;
    if (config->faults++ >= FAULTS_SHOWN) {
        if (config->faults == FAULTS_SHOWN + 1)
            log_fatal("further errors are not shown");
        return;
    }
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (line > 0)
        log_fatal("%s:%d: %s", config->file, line, text);
    else
        log_fatal("%s", text);
}

int config_line_of(const struct config *config, const char *section, const char *name)
{
    return config->lines[config_key_index(config_key_find(section, name))];
}

static void check_order(struct config *config, bool is_wrong, const char *section, const char *low,
                        const char *high)
{
    int low_line = config_line_of(config, section, low);
    int high_line = config_line_of(config, section, high);
    if (is_wrong)
        config_fault(config, low_line > high_line ? low_line : high_line, "%s must not be above %s",
                     low, high);
}

static void check_orders(struct config *config)
{
    const struct link_settings *link = &config->link;
    check_order(config, link->backoff_min_ms > link->backoff_max_ms, "link", "backoff_min_seconds",
                "backoff_max_seconds");
    check_order(config, config->outbox.low > config->outbox.high, "limits", "queue_low_mib",
                "queue_high_mib");
}

/* The later one of the two lines is wrong. */
static void check_creation(struct config *config)
{
    int creation = config_line_of(config, "service", "creation");
    int creator = config_line_of(config, "service", "creator");
    if (creation > 0 && creator > 0 && config->service.creation == CREATION_EVERYBODY)
        config_fault(config, creation > creator ? creation : creator,
                     "creation = everybody leaves creator without effect: remove one of them");
    if (config->service.creation == CREATION_LOCAL && !config->service.local_domains)
        config_fault(config, creation, "creation = local needs local_domain");
}

/* ---- Defaults and derived values ---- */

/* Settings without a key. */
static const struct link_settings link_standard = {
    .input_bytes = 64 * 1024,
    .input_ms = 5,
    .seeks_rival = true,
};

static void set_defaults(struct config *config)
{
    *config = (struct config){.link = link_standard};
    for (size_t i = 0; config_key_at(i); i++) {
        const struct config_key *key = config_key_at(i);
        if (key->standard)
            config_value_set(key, config, key->standard, NULL);
    }
}

/* By default, conference.example.org belongs to the server of example.org. */
static void assume_local_domain(struct config *config)
{
    const struct config_key *key = config_key_find("service", "local_domain");
    struct span domain = span_of(config->service.domain);
    config_value_clear(key, config);
    if (domain_rise(&domain))
        config_value_set(key, config, domain.at, NULL);
}

/* A list of creators is there to be used. */
static void assume_creation(struct config *config)
{
    if (config_line_of(config, "service", "creation") == 0 && config->service.creators)
        config->service.creation = CREATION_LISTED;
}

/* Sets the members that follow from others; idempotent. */
static void derive(struct config *config)
{
    struct service_limits *limits = &config->service.limits;
    bool is_unlimited = config->keep_messages == 0 && limits->archive_days == 0;
    limits->archive_keep = is_unlimited && !config->data ? KEPT_IN_MEMORY : config->keep_messages;
    config->link.domain = config->service.domain;
    if (config->is_local_assumed)
        assume_local_domain(config);
    assume_creation(config);
}

static void check_http(struct config *config)
{
    struct sockaddr_storage address;
    if (config->http && !http_address_read(config->http, &address))
        config_fault(config, config_line_of(config, "http", "listen"),
                     "listen: %s is no ADDRESS:PORT, such as 127.0.0.1:5281", config->http);
}

/* ---- All of it ---- */

bool config_read(struct config *config, int argc, char **argv)
{
    struct config_options options;
    set_defaults(config);
    if (!config_options_read(&options, argc, argv))
        return false;
    config->action = options.action;
    if (config_options_answer(&options))
        return true;
    config->file = mem_string(options.file);
    if (config->file)
        config_file_read(config);
    config_options_apply(config, &options);
    check_orders(config);
    config_secret_read(config, options.values[OPTION_SECRET_FILE] != NULL);
    config->is_local_assumed = !config->service.local_domains;
    derive(config);
    check_creation(config);
    check_http(config);
    return config->faults == 0;
}

static void keep_until_restart(struct config *config, struct config *fresh,
                               const struct config_key *key)
{
    if (config_value_equal(key, config, fresh))
        return;
    log_warn("%s in [%s] has changed: restart covend to apply it", key->name, key->section);
    config_value_swap(key, config, fresh);
}

void config_adopt(struct config *config, struct config *fresh)
{
    for (size_t i = 0; config_key_at(i); i++) {
        if (config_key_at(i)->change == KEY_RESTART)
            keep_until_restart(config, fresh, config_key_at(i));
    }
    derive(fresh);
    struct config old = *config;
    *config = *fresh;
    *fresh = old;
}

static void free_secret(const char *secret)
{
    if (secret)
        OPENSSL_cleanse((char *)secret, strlen(secret));
    free((char *)secret);
}

void config_free(struct config *config)
{
    for (size_t i = 0; config_key_at(i); i++)
        config_value_clear(config_key_at(i), config);
    config_room_free(config);
    free_secret(config->link.secret);
    free_secret(config->http_token);
    free((void *)config->file);
}
