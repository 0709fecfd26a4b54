/* coven-shim: a small XMPP server to try and test components with. */
#include <libxml/parser.h>
#include <malloc.h>

#include "coven/log.h"
#include "options.h"
#include "server.h"

/* Free bytes that the heap keeps, as written buffers are soon filled again. */
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
