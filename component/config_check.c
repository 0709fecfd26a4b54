/* --check: does what the configuration refers to exist? */

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "config_private.h"

static void check_data(struct config *config)
{
    struct stat status;
    int line = config_line_of(config, "store", "data");
    if (!config->data)
        return;
    if (stat(config->data, &status) != 0)
        config_fault(config, line, "data: %s: %s", config->data, strerror(errno));
    else if (!S_ISDIR(status.st_mode))
        config_fault(config, line, "data: %s is not a folder", config->data);
    else if (access(config->data, R_OK | W_OK | X_OK) != 0)
        config_fault(config, line, "data: no access to %s: %s", config->data, strerror(errno));
}

static void check_server(struct config *config)
{
    static const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int status = getaddrinfo(config->link.host, NULL, &hints, &found);
    if (status != 0)
        config_fault(config, config_line_of(config, "link", "server"), "server: %s: %s",
                     config->link.host, gai_strerror(status));
    else
        freeaddrinfo(found);
}

bool config_check(struct config *config)
{
    check_data(config);
    check_server(config);
    return config->faults == 0;
}
