/* covend: a Multi-User Chat service for XMPP, as a component of any server. */

#include <stdio.h>

#include "config.h"
#include "coven/link.h"
#include "coven/log.h"
#include "daemon.h"

static int run(const struct config *config)
{
    const char *why = NULL;
    log_open("covend", config->log_level);
    if (config->action == CONFIG_CHECK) {
        puts("covend: the configuration is good");
        return 0;
    }
    if (config->action != CONFIG_RUN)
        return 0;
    if (!link_self_test(&why)) {
        log_fatal("%s", why);
        return 1;
    }
    return daemon_run(config);
}

int main(int argc, char **argv)
{
    struct config config;
    log_open("covend", LOG_INFO);
    int status = config_read(&config, argc, argv) ? run(&config) : 2;
    config_free(&config);
    return status;
}
