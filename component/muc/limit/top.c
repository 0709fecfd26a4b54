#include "top.h"

#include <stdlib.h>

#include "coven/mem.h"
#include "muc/state/request.h"
#include "muc/state/service_state.h"

#define WINDOW_MS 150000
#define EXACT     10000 /* stanzas of a window that are all counted */
#define SAMPLE    16    /* of the others, one of so many */

struct top *top_new(void)
{
    struct top *top = mem_new(sizeof *top);
    top->random = 1;
    return top;
}

static void clear(struct top *top, unsigned window)
{
    for (int kind = 0; kind < TOP_KINDS; kind++) {
        for (int i = 0; i < TOP_ENTRIES; i++) {
            free(top->entries[window][kind][i].name);
            top->entries[window][kind][i] = (struct top_entry){NULL, 0, 0, 0};
        }
    }
}

void top_free(struct top *top)
{
    clear(top, 0);
    clear(top, 1);
    free(top);
}

/* ---- Counting ---- */

static bool is_of(const struct top_entry *entry, unsigned hash, struct span name)
{
    return entry->name && entry->hash == hash && span_is(name, entry->name);
}

/* The name's entry, or the one that it takes. */
static struct top_entry *entry_of(struct top_entry *entries, unsigned hash, struct span name)
{
    struct top_entry *set = &entries[(hash % TOP_SETS) * TOP_WAYS], *least = set;
    for (int i = 0; i < TOP_WAYS; i++) {
        if (is_of(&set[i], hash, name))
            return &set[i];
        if (set[i].stanzas < least->stanzas)
            least = &set[i];
    }
    free(least->name);
    least->name = mem_copy(name.at, name.len);
    least->hash = hash;
    least->refusals = 0;
    return least;
}

static void count(struct service *service, enum top_kind kind, struct span name, uint32_t weight,
                  bool refused)
{
    struct top *top = service->top;
    struct top_entry *entry =
        entry_of(top->entries[top->now][kind], hash_span(&service->seed, name), name);
    entry->stanzas += weight;
    entry->refusals += refused ? weight : 0;
}

/* Returns for how many stanzas this one counts; 0: it is not counted. The choice need not be good
 * (xorshift): it must only not follow a pattern of the stanzas. */
static uint32_t weight_of_next(struct top *top)
{
    if (top->seen < EXACT) {
        top->seen++;
        return 1;
    }
    top->random ^= top->random << 13;
    top->random ^= top->random >> 17;
    top->random ^= top->random << 5;
    return top->random % SAMPLE == 0 ? SAMPLE : 0;
}

void top_count(const struct request *request, bool refused)
{
    uint32_t weight = weight_of_next(request->service->top);
    if (weight == 0)
        return;
    count(request->service, TOP_USER, jid_bare(&request->from), weight, refused);
    if (request->room)
        count(request->service, TOP_ROOM, jid_bare(&request->to), weight, refused);
}

void top_tick(struct service *service)
{
    struct top *top = service->top;
    if (service->mono_ms - top->since_ms[top->now] < WINDOW_MS)
        return;
    bool first = top->since_ms[top->now] == 0;
    top->now = !top->now;
    top->seen = 0;
    top->since_ms[top->now] = service->mono_ms;
    if (first) /* nothing is known of a time before */
        top->since_ms[!top->now] = service->mono_ms;
    clear(top, top->now);
}

/* ---- Reading ---- */

static void add(struct top_entry *list, unsigned *number, const struct top_entry *entry)
{
    for (unsigned i = 0; i < *number; i++) {
        if (is_of(&list[i], entry->hash, span_of(entry->name))) {
            list[i].stanzas += entry->stanzas;
            list[i].refusals += entry->refusals;
            return;
        }
    }
    if (*number < TOP_ENTRIES)
        list[(*number)++] = *entry;
}

static int compare(const void *a, const void *b)
{
    const struct top_entry *x = a, *y = b;
    return (x->stanzas < y->stanzas) - (x->stanzas > y->stanzas);
}

unsigned top_read(const struct service *service, enum top_kind kind, struct top_entry *list)
{
    const struct top *top = service->top;
    unsigned number = 0;
    for (unsigned window = 0; window < 2; window++) {
        const struct top_entry *entries = top->entries[(top->now + window) % 2][kind];
        for (int i = 0; i < TOP_ENTRIES; i++) {
            if (entries[i].name)
                add(list, &number, &entries[i]);
        }
    }
    qsort(list, number, sizeof *list, compare);
    return number;
}

int64_t top_seconds(const struct service *service)
{
    const struct top *top = service->top;
    int64_t since = top->since_ms[!top->now];
    return (service->mono_ms - (since ? since : service->started_ms) + 999) / 1000;
}
