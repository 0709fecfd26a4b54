/* coven-shim: a small XMPP server, to try and test a component with. */
#include <libxml/parser.h>

#include "coven/log.h"
#include "options.h"
#include "server.h"

int main(int argc, char **argv)
{
    struct options options;
    log_open("coven-shim", LOG_WARN);
    enum options_result result = options_read(&options, argc, argv);
    int code = result == OPTIONS_DONE ? 0 : 2;
    if (result == OPTIONS_RUN)
        code = server_run(&options);
    options_free(&options);
    xmlCleanupParser();
    return code;
}
