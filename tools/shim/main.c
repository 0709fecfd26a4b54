/* coven-shim: a small XMPP server, to try and test a component with. */
#include <libxml/parser.h>
#include <malloc.h>

#include "coven/log.h"
#include "options.h"
#include "server.h"

/* Bytes that the heap keeps when they are free: what was written is soon to be filled again. */
#define HEAP_KEPT (32 * 1024 * 1024)

int main(int argc, char **argv)
{
    struct options options;
    log_open("coven-shim", LOG_WARN);
    mallopt(M_TRIM_THRESHOLD, HEAP_KEPT);
    enum options_result result = options_read(&options, argc, argv);
    int code = result == OPTIONS_DONE ? 0 : 2;
    if (result == OPTIONS_RUN)
        code = server_run(&options);
    options_free(&options);
    xmlCleanupParser();
    return code;
}
