#include "limit_log.h"

#include <stdlib.h>

#include "coven/log.h"
#include "coven/mem.h"
#include "muc/state/service_state.h"

#define PAUSE_MS 60000

static struct limit_hit *find(struct limit_log *log, struct span user)
{
    struct limit_hit *free_hit = NULL;
    for (int i = 0; i < LIMIT_LOG_USERS; i++) {
        struct limit_hit *hit = &log->hits[i];
        if (hit->user && span_is(user, hit->user))
            return hit;
        if (!hit->user)
            free_hit = hit;
    }
    return free_hit;
}

void limit_log_hit(struct service *service, struct span user, const char *limit)
{
    struct limit_hit *hit = find(service->limit_log, user);
    if (!hit) {
        service->limit_log->others++;
        return;
    }
    hit->limit = limit;
    if (hit->user) {
        hit->repeats++;
        return;
    }
    hit->user = mem_copy(user.at, user.len);
    hit->repeats = 0;
    hit->logged_ms = service->mono_ms;
    log_info("%s exceeds a limit: %s", hit->user, limit);
}

static void log_repeats(struct limit_hit *hit, int64_t now)
{
    if (hit->repeats == 0) {
        free(hit->user);
        hit->user = NULL;
        return;
    }
    log_info("%s exceeded limits %u more times in the last minute, most recently: %s", hit->user,
             hit->repeats, hit->limit);
    hit->repeats = 0;
    hit->logged_ms = now;
}

void limit_log_tick(struct service *service)
{
    struct limit_log *log = service->limit_log;
    int64_t now = service->mono_ms;
    for (int i = 0; i < LIMIT_LOG_USERS; i++) {
        if (log->hits[i].user && now - log->hits[i].logged_ms >= PAUSE_MS)
            log_repeats(&log->hits[i], now);
    }
    if (log->others == 0 || now - log->others_logged_ms < PAUSE_MS)
        return;
    log_info("other users exceeded limits %u times in the last minute", log->others);
    log->others = 0;
    log->others_logged_ms = now;
}

void limit_log_free(struct limit_log *log)
{
    for (int i = 0; i < LIMIT_LOG_USERS; i++)
        free(log->hits[i].user);
    free(log);
}
