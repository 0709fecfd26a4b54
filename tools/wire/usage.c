#include "wire/usage.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The name may contain brackets, so parsing continues after the last one. */
bool usage_parse(struct usage *usage, const char *stat, long ticks, long page)
{
    const char *open = strchr(stat, '('), *close = strrchr(stat, ')');
    unsigned long long user, system;
    long long rss;
    if (!open || !close || close < open)
        return false;
    snprintf(usage->name, sizeof usage->name, "%.*s", (int)(close - open - 1), open + 1);
    if (sscanf(close + 1,
               " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu %*d %*d %*d %*d %*d %*d %*u "
               "%*u %lld",
               &user, &system, &rss) != 3)
        return false;
    usage->cpu_s = (double)(user + system) / (double)ticks;
    usage->rss = (uint64_t)rss * (uint64_t)page;
    return true;
}

bool usage_read(struct usage *usage, int pid)
{
    char path[64], stat[1024];
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    size_t len = fread(stat, 1, sizeof stat - 1, file);
    fclose(file);
    stat[len] = '\0';
    return usage_parse(usage, stat, sysconf(_SC_CLK_TCK), sysconf(_SC_PAGESIZE));
}
