#include "measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "wire/net.h"
#include "wire/usage.h"

#define MIB (1024.0 * 1024)

/* covend logs this after each connect. */
static const char connected[] = "connected to ";

static unsigned count_connects(const char *path)
{
    FILE *file = path ? fopen(path, "re") : NULL;
    char *line = NULL;
    size_t size = 0;
    unsigned count = 0;
    while (file && getline(&line, &size, file) >= 0)
        count += strstr(line, connected) != NULL;
    free(line);
    if (file)
        fclose(file);
    return count;
}

static bool look(const struct measure *measure, struct usage *usage)
{
    return measure->options->watch && usage_read(usage, (int)measure->options->watch);
}

void measure_begin(struct measure *measure, const struct options *options)
{
    struct usage usage = {.rss = 0};
    *measure = (struct measure){.options = options, .began_ns = net_clock_ns()};
    look(measure, &usage);
    measure->rss = measure->rss_most = usage.rss;
    measure->cpu_s = usage.cpu_s;
    measure->connects = count_connects(options->log);
}

void measure_look(struct measure *measure)
{
    struct usage usage;
    if (look(measure, &usage) && usage.rss > measure->rss_most)
        measure->rss_most = usage.rss;
}

struct measured measure_end(struct measure *measure)
{
    struct usage usage = {.cpu_s = measure->cpu_s};
    double seconds = (double)(net_clock_ns() - measure->began_ns) / 1e9;
    measure_look(measure);
    bool there = look(measure, &usage);
    return (struct measured){
        .gone = measure->options->watch && (!there || usage.rss == 0),
        .connects = count_connects(measure->options->log) - measure->connects,
        .grown_mib = (double)(measure->rss_most - measure->rss) / MIB,
        .cpu_percent = seconds > 0 ? 100 * (usage.cpu_s - measure->cpu_s) / seconds : 0,
    };
}
