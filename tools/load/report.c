#include "report.h"

#include <stddef.h>
#include <string.h>

static const struct field {
    const char *name, *unit;
    size_t offset;
    int digits; /* after the point */
} fields[] = {
    {"rooms", "", offsetof(struct report, rooms), 0},
    {"occupants", "each", offsetof(struct report, occupants), 0},
    {"bytes", "of a body", offsetof(struct report, bytes), 0},
    {"join_seconds", "s", offsetof(struct report, join_seconds), 3},
    {"seconds", "s", offsetof(struct report, seconds), 3},
    {"sent", "stanzas", offsetof(struct report, sent), 0},
    {"copies", "", offsetof(struct report, copies), 0},
    {"received", "bytes", offsetof(struct report, received), 0},
    {"sent_s", "/s", offsetof(struct report, sent_s), 0},
    {"copies_s", "/s", offsetof(struct report, copies_s), 0},
    {"received_s", "bytes/s", offsetof(struct report, received_s), 0},
    {"replayed", "messages of history", offsetof(struct report, replayed), 0},
    {"replayed_s", "/s", offsetof(struct report, replayed_s), 0},
    {"flood_s", "copies/s beside", offsetof(struct report, flood_s), 0},
    {"p50_ms", "ms", offsetof(struct report, p50_ms), 3},
    {"p99_ms", "ms", offsetof(struct report, p99_ms), 3},
    {"max_ms", "ms", offsetof(struct report, max_ms), 3},
    {"mean_ms", "ms", offsetof(struct report, mean_ms), 3},
    {"errors", "", offsetof(struct report, errors), 0},
    {"stray", "copies", offsetof(struct report, stray), 0},
    {"lost", "copies", offsetof(struct report, lost), 0},
};

#define FIELD_COUNT (sizeof fields / sizeof *fields)

static double value_of(const struct report *report, const struct field *field)
{
    return *(const double *)(const void *)((const char *)report + field->offset);
}

static double mib(uint64_t bytes)
{
    return (double)bytes / (1024 * 1024);
}

/* With commas between thousands. */
static void add_number(struct buf *out, double value, int digits)
{
    struct buf plain = BUF_INIT;
    buf_printf(&plain, "%.*f", digits, value);
    size_t whole = strcspn(plain.data, ".");
    for (size_t i = 0; i < plain.len; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            buf_add_char(out, ',');
        buf_add_char(out, plain.data[i]);
    }
    buf_free(&plain);
}

void report_table(const struct report *report, struct buf *out)
{
    buf_printf(out, "%-14s %18s\n", "work", report->work);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        struct buf number = BUF_INIT;
        add_number(&number, value_of(report, &fields[i]), fields[i].digits);
        buf_printf(out, "%-14s %18s %s\n", fields[i].name, number.data, fields[i].unit);
        buf_free(&number);
    }
    for (int i = 0; i < report->process_count; i++) {
        const struct report_process *process = &report->processes[i];
        buf_printf(out, "%-14s %17.0f%% of a core, %.1f MiB (%.1f at first, %.1f joined)\n",
                   process->name, process->cpu_percent, mib(process->rss_end),
                   mib(process->rss_start), mib(process->rss_joined));
    }
}

void report_csv(const struct report *report, struct buf *out)
{
    buf_add_text(out, "work");
    for (size_t i = 0; i < FIELD_COUNT; i++)
        buf_printf(out, ",%s", fields[i].name);
    for (int i = 0; i < report->process_count; i++)
        buf_printf(out, ",cpu_percent_%d,rss_start_%d,rss_joined_%d,rss_end_%d", i, i, i, i);
    buf_printf(out, "\n%s", report->work);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        buf_printf(out, ",%.*f", fields[i].digits, value_of(report, &fields[i]));
    for (int i = 0; i < report->process_count; i++) {
        const struct report_process *process = &report->processes[i];
        buf_printf(out, ",%.1f,%llu,%llu,%llu", process->cpu_percent,
                   (unsigned long long)process->rss_start, (unsigned long long)process->rss_joined,
                   (unsigned long long)process->rss_end);
    }
    buf_add_char(out, '\n');
}

/* The name of a process may contain anything. */
static void add_json_text(struct buf *out, const char *text)
{
    buf_add_char(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, (unsigned char)*text < ' ' ? ' ' : *text);
    }
    buf_add_char(out, '"');
}

void report_json(const struct report *report, struct buf *out)
{
    buf_printf(out, "{\"work\": \"%s\"", report->work);
    for (size_t i = 0; i < FIELD_COUNT; i++)
        buf_printf(out, ", \"%s\": %.*f", fields[i].name, fields[i].digits,
                   value_of(report, &fields[i]));
    buf_add_text(out, ", \"processes\": [");
    for (int i = 0; i < report->process_count; i++) {
        const struct report_process *process = &report->processes[i];
        buf_printf(out, "%s{\"pid\": %d, \"name\": ", i ? ", " : "", process->pid);
        add_json_text(out, process->name);
        buf_printf(out,
                   ", \"cpu_percent\": %.1f, \"rss_start\": %llu, \"rss_joined\": %llu, "
                   "\"rss_end\": %llu}",
                   process->cpu_percent, (unsigned long long)process->rss_start,
                   (unsigned long long)process->rss_joined, (unsigned long long)process->rss_end);
    }
    buf_add_text(out, "]}\n");
}
