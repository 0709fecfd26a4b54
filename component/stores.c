#include "stores.h"

#include <stdlib.h>

#include "coven/buf.h"
#include "coven/log.h"

static bool open_others(struct stores *stores, char **why_r)
{
    struct store **further = stores->further;
    return store_second(stores->first, &further[TASK_SEARCH], why_r) != STORE_FAILED &&
           store_reader(stores->first, &further[TASK_PAGE], why_r) != STORE_FAILED &&
           store_reader(stores->first, &further[TASK_ADMIN], why_r) != STORE_FAILED;
}

bool stores_open(struct stores *stores, const struct config *config)
{
    struct buf path = BUF_INIT;
    char *why = NULL;
    if (config->data)
        buf_printf(&path, "%s/coven.db", config->data);
    struct store_settings settings = {
        .path = path.data,
        .full_sync = config->full_sync,
    };
    stores->first = store_open(&settings, &why);
    bool good = stores->first && open_others(stores, &why);
    if (!good)
        log_fatal("%s: %s", path.data ? path.data : "the store", why);
    free(why);
    buf_free(&path);
    return good;
}

void stores_close(struct stores *stores)
{
    for (enum task_kind kind = 0; kind < TASK_KINDS; kind++) {
        if (stores->further[kind])
            store_close(stores->further[kind]);
    }
    if (stores->first)
        store_close(stores->first);
}
