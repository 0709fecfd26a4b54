/* Texts of the configuration that have a form of their own. */
#ifndef COVEN_CONFIG_VALUES_H
#define COVEN_CONFIG_VALUES_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/span.h"

/* HOST:PORT, [ADDRESS]:PORT, or HOST alone for port 5347; `host` borrows from `text`. */
bool config_split_server(const char *text, struct span *host, uint16_t *port_r);

/* Each returns what such a value must be, or NULL when this one is. */
const char *config_server_fault(const char *text);
const char *config_domain_fault(const char *text);
const char *config_level_fault(const char *text);
const char *config_restart_fault(const char *text);
const char *config_synchronous_fault(const char *text);
const char *config_text_fault(const char *text);

#endif
