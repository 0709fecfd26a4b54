#include "coven/directory.h"

#include <jansson.h>
#include <stdlib.h>

#include "coven/mem.h"
#include "coven/store.h"
#include "coven/task.h"
#include "muc/limit/tasks.h"
#include "muc/state/options.h"
#include "muc/state/service_state.h"
#include "running.h"

struct directory_page {
    struct task task;
    directory_told *told; /* NULL: it was told, or nobody waits */
    void *user;
    char *after;  /* a room's name */
    char *domain; /* of the service; copies, because the configuration may be read again */
    struct service_limits limits;
    unsigned limit;
    int64_t total;

    /* In the other thread. */
    json_t *rooms;
    int64_t ids[DIRECTORY_LIMIT_MAX];
    unsigned count; /* of rooms that were found */
    bool failed;
    struct buf json;
};

/* ---- In the other thread ---- */

static json_t *address_of(const struct directory_page *page, struct span name)
{
    return json_sprintf("%.*s@%s", (int)name.len, name.at, page->domain);
}

/* One more than is wanted shows that there are more. */
static void take_facts(void *user, const struct store_facts *facts)
{
    struct directory_page *page = user;
    json_t *room = json_object();
    if (page->count < page->limit) {
        page->ids[page->count] = facts->id;
        run_set(room, "address", address_of(page, facts->name));
        run_set(room, "name", run_json_text(facts->title.len > 0 ? facts->title : facts->name));
        run_set(room, "occupants", json_integer(facts->occupants));
        json_array_append(page->rooms, room);
    }
    json_decref(room);
    page->count++;
}

static void add_options(json_t *room, const struct room_config *config)
{
    run_set(room, "description", run_json_text(span_of(config->description)));
    run_set(room, "language", run_json_text(span_of(config->lang)));
    run_set(room, "is_open", json_boolean(!config->members_only && !config->protected));
    run_set(room, "is_anonymous", json_boolean(config->whois == WHOIS_MODERATORS));
    if ((config->broadcast & BROADCAST_ALL) != BROADCAST_ALL)
        json_object_del(room, "occupants");
}

static void read_options(struct directory_page *page, struct store *store, size_t index)
{
    struct room_config config;
    if (!options_read(&config, store, page->ids[index], &page->limits))
        page->failed = true;
    add_options(json_array_get(page->rooms, index), &config);
    options_free(&config);
}

static int add_bytes(const char *bytes, size_t len, void *user)
{
    buf_add(user, bytes, len);
    return 0;
}

static void print(struct directory_page *page)
{
    json_t *all = json_object();
    json_t *last = json_array_get(page->rooms, json_array_size(page->rooms) - 1);
    json_object_set(all, "rooms", page->rooms);
    json_object_set_new(all, "total", json_integer(page->total));
    if (page->count > page->limit)
        json_object_set(all, "next", json_object_get(last, "address"));
    json_dump_callback(all, add_bytes, &page->json, JSON_COMPACT);
    json_decref(all);
}

static void read(struct task *task, struct store *store)
{
    struct directory_page *page = (struct directory_page *)task;
    page->rooms = json_array();
    enum store_result result =
        store_facts_listed(store, span_of(page->after), page->limit + 1, take_facts, page);
    page->failed = result == STORE_FAILED;
    for (size_t i = 0; i < json_array_size(page->rooms); i++)
        read_options(page, store, i);
    if (!page->failed)
        print(page);
}

/* ---- In the service's ---- */

static void tell(struct directory_page *page, struct buf *json)
{
    directory_told *told = page->told;
    page->told = NULL;
    if (told)
        told(page->user, json);
}

static void finish(struct task *task, struct service *service, bool dropped)
{
    struct directory_page *page = (struct directory_page *)task;
    (void)service;
    (void)dropped; /* nothing depends on the turn */
    tell(page, page->failed ? NULL : &page->json);
}

static void free_page(struct task *task)
{
    struct directory_page *page = (struct directory_page *)task;
    tell(page, NULL);
    json_decref(page->rooms);
    buf_free(&page->json);
    free(page->after);
    free(page->domain);
    free(page);
}

struct directory_page *directory_ask(struct service *service, struct span after, unsigned limit,
                                     directory_told *told, void *user)
{
    struct directory_page *page = mem_new(sizeof *page);
    const char *at = after.len > 0 ? memchr(after.at, '@', after.len) : NULL;
    page->task =
        (struct task){.kind = TASK_ADMIN, .run = read, .finish = finish, .free = free_page};
    page->told = told;
    page->user = user;
    page->after = mem_copy(after.at, at ? (size_t)(at - after.at) : after.len);
    page->domain = mem_string(service->settings.domain);
    page->limits = service->settings.limits;
    page->limit = limit > DIRECTORY_LIMIT_MAX ? DIRECTORY_LIMIT_MAX : limit > 0 ? limit : 1;
    page->total = service->rooms_stored.listed;
    tasks_add(service, &page->task, (struct span){NULL, 0});
    return page;
}

void directory_abandon(struct directory_page *page)
{
    page->told = NULL;
}
