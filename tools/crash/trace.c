#include "trace.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "coven/clock.h"
#include "coven/mem.h"

#define LINES     32768
#define DONE_MAX  80  /* lines printed about what was done, and the answers */
#define HEARD_MAX 100 /* and lines about what was received */

void traces_init(struct traces *traces, uint32_t rooms)
{
    *traces = (struct traces){mem_new(rooms * sizeof *traces->list), rooms, clock_mono_ms()};
    for (uint32_t i = 0; i < rooms; i++)
        traces->list[i].lines = mem_new(LINES * sizeof *traces->list[i].lines);
}

void traces_free(struct traces *traces)
{
    for (uint32_t i = 0; i < traces->rooms; i++)
        free(traces->list[i].lines);
    free(traces->list);
}

void trace_add(struct traces *traces, uint32_t room, const char *format, ...)
{
    char text[140];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    for (uint32_t i = 0; i < traces->rooms; i++) {
        struct trace *trace = &traces->list[i];
        if (room == i || room == TRACE_EVERYWHERE)
            snprintf(trace->lines[trace->next++ % LINES], sizeof *trace->lines, "%10.3f %s",
                     (double)(clock_mono_ms() - traces->began_ms) / 1000, text);
    }
}

static bool names(const char *line, const char *text)
{
    size_t len = strlen(text);
    for (const char *at = line; (at = strstr(at, text)); at++) {
        if (!strchr("0123456789", at[len]) || at[len] == '\0')
            return true;
    }
    return false;
}

/* A line about what one received from another matters to a question about both; a line about what
 * somebody did matters to a question about either. The fate of a message matters besides all that
 * one received. */
static bool concerns(const char *line, const char *one, const char *other)
{
    bool of_one = one && names(line, one), of_other = other && names(line, other);
    if (!one || strstr(line, "***"))
        return true;
    bool both = other && *other != 'm' && strstr(line, "<-");
    return both ? of_one && of_other : of_one || of_other;
}

/* Is it an action, its result, or an event that concerns all? */
static bool is_action(const char *line)
{
    return strstr(line, "***") || strstr(line, "->") || strstr(line, " 110 ");
}

void trace_print(const struct traces *traces, uint32_t room, const char *one, const char *other,
                 FILE *file)
{
    const struct trace *trace = &traces->list[room];
    unsigned left[] = {HEARD_MAX, DONE_MAX};
    size_t oldest = trace->next > LINES ? trace->next - LINES : 0;
    bool *printed = mem_new(LINES * sizeof *printed);
    for (size_t at = trace->next; at > oldest; at--) {
        const char *line = trace->lines[(at - 1) % LINES];
        unsigned *rest = &left[is_action(line)];
        printed[(at - 1) % LINES] = *rest > 0 && concerns(line, one, other);
        *rest -= printed[(at - 1) % LINES];
    }
    fprintf(file, "Last events in room %u:\n", room);
    for (size_t at = oldest; at < trace->next; at++) {
        if (printed[at % LINES])
            fprintf(file, "%s\n", trace->lines[at % LINES]);
    }
    free(printed);
}
