#include "denial.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/domain.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "coven/text.h"
#include "service_state.h"

#define ENDED_MAX 100 /* in one turn */

static bool has_address(const struct table_link *link, struct span address)
{
    return span_is(address, TABLE_ITEM(link, const struct denial, link)->address);
}

static struct denial *find(const struct service *service, struct span address)
{
    unsigned hash = hash_span(&service->seed, address);
    struct table_link *link = table_find(&service->denials->table, hash, has_address, address);
    return link ? TABLE_ITEM(link, struct denial, link) : NULL;
}

const struct denial *denial_find(const struct service *service, struct span address)
{
    return find(service, address);
}

static bool holds(const struct service *service, const struct denial *denial)
{
    return denial && (denial->until == 0 || denial->until > service->wall_ms);
}

const struct denial *denial_of(const struct service *service, struct span bare)
{
    if (service->denials->table.count == 0 || domain_lists(service->settings.admins, bare))
        return NULL;
    const struct denial *denial = find(service, bare);
    struct span domain = domain_of(bare);
    if (holds(service, denial))
        return denial;
    do {
        denial = find(service, domain);
        if (holds(service, denial))
            return denial;
    } while (domain_rise(&domain));
    return NULL;
}

/* ---- Memory ---- */

static void note_end(struct denials *denials, int64_t until)
{
    if (until > 0 && until < denials->next_end)
        denials->next_end = until;
}

static void drop(struct service *service, struct denial *denial)
{
    table_remove(&service->denials->table, &denial->link);
    DL_DELETE(service->denials->first, denial);
    text_free(denial->reason);
    text_free(denial->by);
    free(denial);
}

static void take(void *user, const struct store_denied *row)
{
    struct service *service = user;
    struct denials *denials = service->denials;
    struct denial *denial = mem_new(sizeof *denial + row->address.len + 1);
    memcpy(denial->address, row->address.at, row->address.len);
    denial->reason = text_new(row->reason);
    denial->by = text_new(row->by);
    denial->since = row->since;
    denial->until = row->until;
    table_add(&denials->table, &denial->link, hash_span(&service->seed, row->address));
    DL_APPEND(denials->first, denial);
    note_end(denials, row->until);
}

static void forget_all(struct service *service)
{
    while (service->denials->first)
        drop(service, service->denials->first);
    service->denials->next_end = INT64_MAX;
}

void denial_open(struct service *service)
{
    service->denials = mem_new(sizeof *service->denials);
    service->denials->next_end = INT64_MAX;
    service_wrote(service, store_denied_all(service->store, take, service));
}

void denial_free_all(struct service *service)
{
    forget_all(service);
    free(service->denials);
}

/* ---- Changes ---- */

void denial_remove(struct service *service, struct span address)
{
    struct denial *denial = find(service, address);
    if (!denial)
        return;
    service_wrote(service, store_denied_delete(service->store, address));
    drop(service, denial);
    service->denials->changed = true;
}

void denial_put(struct service *service, struct span address, int64_t until, const char *reason,
                const char *by)
{
    struct store_denied row = {.address = address,
                               .since = service->wall_ms,
                               .until = until,
                               .reason = span_of(reason),
                               .by = span_of(by)};
    struct denial *old = find(service, address);
    service_wrote(service, store_denied_put(service->store, &row));
    if (old)
        drop(service, old);
    take(service, &row);
    service->denials->changed = true;
}

void denial_tick(struct service *service)
{
    struct denial *denial, *next;
    unsigned left = ENDED_MAX;
    if (service->wall_ms < service->denials->next_end)
        return;
    service->denials->next_end = INT64_MAX;
    DL_FOREACH_SAFE (service->denials->first, denial, next) {
        if (holds(service, denial) || left == 0) {
            note_end(service->denials, denial->until);
            continue;
        }
        left--;
        log_info("%s may use the service again", denial->address);
        denial_remove(service, span_of(denial->address));
    }
}

void denial_settle(struct service *service, bool committed)
{
    bool reads = service->denials->changed && !committed;
    service->denials->changed = false;
    if (!reads)
        return;
    forget_all(service);
    if (store_denied_all(service->store, take, service) == STORE_FAILED)
        log_error("who is denied cannot be read; those who are not known may use the service");
}
