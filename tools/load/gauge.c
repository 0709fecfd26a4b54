#include "gauge.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SAMPLE_NS   200000000u
#define PROGRESS_NS 1000000000u

static void watch(struct report *report, int pid)
{
    struct usage usage;
    if (!usage_read(&usage, pid))
        return;
    struct report_process *process = &report->processes[report->process_count++];
    *process = (struct report_process){.pid = pid, .rss_start = usage.rss};
    memcpy(process->name, usage.name, sizeof process->name);
}

void gauge_init(struct gauge *gauge, const struct options *options, int other,
                struct report *report, struct series *series)
{
    *gauge = (struct gauge){.options = options, .report = report, .series = series};
    for (int i = 0; i < options->watch_count; i++)
        watch(report, options->watch[i]);
    if (other)
        watch(report, other);
    watch(report, getpid());
}

/* ---- Over time ---- */

static void show(struct gauge *gauge, const char *phase, const struct sample *sample)
{
    bool terminal = isatty(STDERR_FILENO);
    fprintf(stderr, "%s%6.1f s  %-8s %10.0f sent/s %12.0f copies/s   p50 %8.2f ms  p99 %8.2f ms%s",
            terminal ? "\r" : "", sample->at_s, phase, sample->sent_s, sample->copies_s,
            sample->p50_ms, sample->p99_ms, terminal ? "\033[K" : "\n");
    gauge->line_open = terminal;
}

void gauge_tick(struct gauge *gauge, const char *phase, uint64_t now_ns, uint64_t sent,
                uint64_t copies)
{
    if (gauge->began_ns == 0)
        gauge->began_ns = gauge->sampled_ns = gauge->shown_ns = now_ns;
    if (now_ns - gauge->sampled_ns < SAMPLE_NS)
        return;
    double seconds = (double)(now_ns - gauge->sampled_ns) / 1e9;
    struct sample sample = {
        .at_s = (double)(now_ns - gauge->began_ns) / 1e9,
        .copies_s = (double)(copies - gauge->copies) / seconds,
        .sent_s = (double)(sent - gauge->sent) / seconds,
        .p50_ms = (double)histogram_at(&gauge->slice, 0.50) / 1e6,
        .p99_ms = (double)histogram_at(&gauge->slice, 0.99) / 1e6,
    };
    series_add(gauge->series, &sample);
    if (gauge->options->progress && now_ns - gauge->shown_ns >= PROGRESS_NS) {
        show(gauge, phase, &sample);
        gauge->shown_ns = now_ns;
    }
    gauge->copies = copies;
    gauge->sent = sent;
    gauge->sampled_ns = now_ns;
    histogram_clear(&gauge->slice);
}

void gauge_restart(struct gauge *gauge, uint64_t now_ns)
{
    gauge->copies = gauge->sent = 0;
    gauge->sampled_ns = now_ns;
    histogram_clear(&gauge->slice);
}

void gauge_end(struct gauge *gauge)
{
    if (gauge->line_open)
        fputs("\r\033[K", stderr);
    gauge->line_open = false;
}

/* ---- Processes ---- */

void gauge_joined(struct gauge *gauge)
{
    struct usage usage;
    for (int i = 0; i < gauge->report->process_count; i++)
        if (usage_read(&usage, gauge->report->processes[i].pid))
            gauge->report->processes[i].rss_joined = usage.rss;
}

void gauge_measure(struct gauge *gauge)
{
    struct usage usage;
    for (int i = 0; i < gauge->report->process_count; i++)
        if (usage_read(&usage, gauge->report->processes[i].pid))
            gauge->cpu_s[i] = usage.cpu_s;
}

void gauge_measured(struct gauge *gauge, double seconds)
{
    struct usage usage;
    for (int i = 0; i < gauge->report->process_count; i++) {
        struct report_process *process = &gauge->report->processes[i];
        if (!usage_read(&usage, process->pid))
            continue;
        process->rss_end = usage.rss;
        process->cpu_percent = seconds > 0 ? 100 * (usage.cpu_s - gauge->cpu_s[i]) / seconds : 0;
    }
}
