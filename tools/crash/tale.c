#include "tale.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "coven/clock.h"
#include "coven/mem.h"

#define LINES       32768
#define PRINTED_MAX 80

void tales_init(struct tales *tales, uint32_t rooms)
{
    *tales = (struct tales){mem_new(rooms * sizeof *tales->list), rooms, clock_mono_ms()};
    for (uint32_t i = 0; i < rooms; i++)
        tales->list[i].lines = mem_new(LINES * sizeof *tales->list[i].lines);
}

void tales_free(struct tales *tales)
{
    for (uint32_t i = 0; i < tales->rooms; i++)
        free(tales->list[i].lines);
    free(tales->list);
}

void tale_add(struct tales *tales, uint32_t room, const char *format, ...)
{
    char text[140];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (uint32_t i = 0; i < tales->rooms; i++) {
        struct tale *tale = &tales->list[i];
        if (room == i || room == TALE_EVERYWHERE)
            snprintf(tale->lines[tale->next++ % LINES], sizeof *tale->lines, "%10.3f %s",
                     (double)(clock_mono_ms() - tales->began_ms) / 1000, text);
    }
}

static bool speaks_of(const char *line, const char *text)
{
    size_t len = strlen(text);
    for (const char *at = line; (at = strstr(at, text)); at++) {
        if (!strchr("0123456789", at[len]) || at[len] == '\0')
            return true;
    }
    return false;
}

/* What one heard of another is for whoever asks about both, what somebody did for either. */
static bool concerns(const char *line, const char *one, const char *other)
{
    bool of_one = one && speaks_of(line, one), of_other = other && speaks_of(line, other);
    if (!one || strstr(line, "***"))
        return true;
    return other && strstr(line, "<-") ? of_one && of_other : of_one || of_other;
}

void tale_print(const struct tales *tales, uint32_t room, const char *one, const char *other,
                FILE *file)
{
    const struct tale *tale = &tales->list[room];
    size_t at = tale->next, oldest = tale->next > LINES ? tale->next - LINES : 0;
    for (unsigned count = 0; at > oldest && count < PRINTED_MAX; at--)
        count += concerns(tale->lines[(at - 1) % LINES], one, other);
    fprintf(file, "What happened last in room %u:\n", room);
    for (; at < tale->next; at++) {
        if (concerns(tale->lines[at % LINES], one, other))
            fprintf(file, "%s\n", tale->lines[at % LINES]);
    }
}
