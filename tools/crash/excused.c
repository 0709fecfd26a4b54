#include "excused.h"

#include <stdlib.h>

#include "coven/clock.h"
#include "coven/mem.h"
#include "tree.h"

void excused_note_sent(struct excused *excused, uint32_t number, uint32_t device, uint32_t room)
{
    excused->recent[excused->next++ % EXCUSED_RECENT_MAX] =
        (struct sent_message){number, device, room, clock_mono_ms()};
}

static void excuse(struct excused *excused, uint32_t number)
{
    if (excused->count == excused->size) {
        excused->size = excused->size ? 2 * excused->size : 64;
        excused->numbers = mem_resize(excused->numbers, excused->size * sizeof *excused->numbers);
    }
    excused->numbers[excused->count++] = number;
}

void excused_remove_sender(struct excused *excused, uint32_t device, uint32_t room)
{
    int64_t since = clock_mono_ms() - EXCUSED_RECENT_MS;
    for (uint32_t i = 0; i < EXCUSED_RECENT_MAX; i++) {
        const struct sent_message *message = &excused->recent[i];
        if (message->number > 0 && message->device == device && message->room == room &&
            message->ms >= since)
            excuse(excused, message->number);
    }
}

bool excused_is_removal(const xmlNode *x)
{
    static const char *const codes[] = {"301", "307", "321", "322"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (tree_has_status(x, codes[i]))
            return true;
    }
    return false;
}

static int order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

void excused_mark(const struct excused *excused, struct said_list *archive)
{
    if (excused->count == 0)
        return;
    qsort(excused->numbers, excused->count, sizeof *excused->numbers, order);
    for (size_t i = 0; i < archive->count; i++) {
        struct said *said = &archive->items[i];
        if (bsearch(&said->number, excused->numbers, excused->count, sizeof *excused->numbers,
                    order))
            said->stay = EXCUSED;
    }
}

void excused_free(struct excused *excused)
{
    free(excused->numbers);
}
