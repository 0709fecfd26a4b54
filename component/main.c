/* covend: a Multi-User Chat service for XMPP, as a component of any server. */

#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "config.h"
#include "coven/link.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "coven/system.h"
#include "daemon.h"

#define FILES_NEEDED 32 /* half of them are for libraries, which open some briefly */

/* Signals that operators send to running daemons must not kill one that is still starting. */
static void ignore_signals(void)
{
    static const int numbers[] = {SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        signal(numbers[i], SIG_IGN);
}

static int check_config(struct config *config)
{
    if (!config_check(config))
        return 2;
    puts("covend: the configuration is valid");
    return 0;
}

static int run_daemon(struct config *config, int argc, char **argv)
{
    const char *why = NULL;
    umask(S_IRWXG | S_IRWXO); /* nobody else may read the archives */
    ignore_signals();
    log_open("covend", config->log_level);
    log_stamp();
    system_check_files(FILES_NEEDED);
    if (!link_self_test(&why)) {
        log_fatal("%s", why);
        return 1;
    }
    return daemon_run(config, argc, argv);
}

static int run_action(struct config *config, int argc, char **argv)
{
    switch (config->action) {
    case CONFIG_CHECK:
        return check_config(config);
    case CONFIG_RUN:
        return run_daemon(config, argc, argv);
    default:
        return 0;
    }
}

int main(int argc, char **argv)
{
    struct config config;
    json_set_alloc_funcs(mem_block, free);
    log_open("covend", LOG_INFO);
    int status = config_read(&config, argc, argv) ? run_action(&config, argc, argv) : 2;
    config_free(&config);
    return status;
}
