#include "words.h"

#include <stdlib.h>

#include "coven/clock.h"
#include "coven/mem.h"
#include "tree.h"

void words_say(struct words *words, uint32_t number, uint32_t device, uint32_t room)
{
    words->late[words->next++ % WORDS_MAX] = (struct word){number, device, room, clock_mono_ms()};
}

static void cut(struct words *words, uint32_t number)
{
    if (words->cut_count == words->cut_size) {
        words->cut_size = words->cut_size ? 2 * words->cut_size : 64;
        words->cut = mem_resize(words->cut, words->cut_size * sizeof *words->cut);
    }
    words->cut[words->cut_count++] = number;
}

void words_cut(struct words *words, uint32_t device, uint32_t room)
{
    int64_t since = clock_mono_ms() - WORDS_LATE_MS;
    for (uint32_t i = 0; i < WORDS_MAX; i++) {
        const struct word *word = &words->late[i];
        if (word->number > 0 && word->device == device && word->room == room && word->ms >= since)
            cut(words, word->number);
    }
}

bool words_are_cut(const xmlNode *x)
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

void words_mark(const struct words *words, struct said_list *archive)
{
    if (words->cut_count == 0)
        return;
    qsort(words->cut, words->cut_count, sizeof *words->cut, order);
    for (size_t i = 0; i < archive->count; i++) {
        struct said *said = &archive->items[i];
        if (bsearch(&said->number, words->cut, words->cut_count, sizeof *words->cut, order))
            said->stay = WORDS_CUT;
    }
}

void words_free(struct words *words)
{
    free(words->cut);
}
