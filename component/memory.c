#include "memory.h"

#include <fcntl.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "coven/clock.h"
#include "coven/log.h"

#define LOOK_MS 50    /* between measurements */
#define LOG_MS  60000 /* between lines in the log */
#define TRIM_MS 10000 /* between attempts to give freed memory back */
#define GROUPS  "/sys/fs/cgroup"

static uint64_t least(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* ---- Limits of the machine ---- */

static uint64_t machine_bytes(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : UINT64_MAX;
}

static uint64_t number_in(const char *path)
{
    FILE *file = fopen(path, "re");
    uint64_t number = UINT64_MAX;
    if (file && fscanf(file, "%" SCNu64, &number) != 1)
        number = UINT64_MAX; /* "max" */
    if (file)
        fclose(file);
    return number;
}

/* The smallest limit of the control group and of those above it. */
static uint64_t group_bytes(void)
{
    char line[1024] = "", path[sizeof GROUPS + sizeof line + 32];
    uint64_t bytes = UINT64_MAX;
    FILE *file = fopen("/proc/self/cgroup", "re");
    while (file && fgets(line, sizeof line, file) && strncmp(line, "0::", 3) != 0)
        line[0] = '\0';
    if (file)
        fclose(file);
    char *group = line[0] ? line + 3 : line;
    group[strcspn(group, "\n")] = '\0';
    for (char *slash; (slash = strrchr(group, '/')); *slash = '\0') {
        snprintf(path, sizeof path, GROUPS "%s/memory.max", group);
        bytes = least(bytes, number_in(path));
    }
    return bytes;
}

static uint64_t address_bytes(void)
{
    struct rlimit limit;
    bool given = getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
    return given ? limit.rlim_cur : UINT64_MAX;
}

void memory_configure(struct memory *memory, uint64_t limit)
{
    uint64_t there = least(machine_bytes(), group_bytes());
    uint64_t size = address_bytes();
    memory->limit = limit ? limit : there / 4 * 3;
    memory->address_limit = size == UINT64_MAX ? size : size / 4 * 3;
}

void memory_open(struct memory *memory, uint64_t limit)
{
    *memory = (struct memory){.fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)};
    memory_configure(memory, limit);
}

void memory_close(struct memory *memory)
{
    if (memory->fd >= 0)
        close(memory->fd);
}

/* ---- Use ---- */

/* Shared pages do not count: they are files, which the system can drop. */
static bool read_use(const struct memory *memory, uint64_t *size_r, uint64_t *bytes_r)
{
    char text[128];
    uint64_t size, resident, shared, page = (uint64_t)sysconf(_SC_PAGESIZE);
    ssize_t len = memory->fd >= 0 ? pread(memory->fd, text, sizeof text - 1, 0) : -1;
    if (len <= 0)
        return false;
    text[len] = '\0';
    if (sscanf(text, "%" SCNu64 " %" SCNu64 " %" SCNu64, &size, &resident, &shared) != 3)
        return false;
    *size_r = size * page;
    *bytes_r = (resident > shared ? resident - shared : 0) * page;
    return true;
}

/* malloc() keeps freed memory until it is told to give it back. */
static void trim(struct memory *memory, int64_t now)
{
    if (memory->trimmed_ms > 0 && now - memory->trimmed_ms < TRIM_MS)
        return;
    memory->trimmed_ms = now;
#ifdef __GLIBC__
    malloc_trim(0);
#endif
}

static void log_shortage(struct memory *memory, uint64_t bytes, int64_t now)
{
    if (memory->logged_ms > 0 && now - memory->logged_ms < LOG_MS)
        return;
    memory->logged_ms = now;
    log_error("memory is short: %" PRIu64 " MiB are in use, the limit is %" PRIu64
              " MiB (memory_mib); joins and queries are refused until less is in use",
              bytes >> 20, memory->limit >> 20);
}

bool memory_is_tight(struct memory *memory)
{
    uint64_t size = 0, bytes = 0;
    int64_t now = clock_mono_ms();
    if (now - memory->looked_ms < LOOK_MS)
        return memory->tight;
    memory->looked_ms = now;
    memory->tight =
        read_use(memory, &size, &bytes) && (bytes > memory->limit || size > memory->address_limit);
    if (memory->tight) {
        log_shortage(memory, bytes, now);
        trim(memory, now);
    }
    return memory->tight;
}

uint64_t memory_used(const struct memory *memory)
{
    uint64_t size = 0, bytes = 0;
    return read_use(memory, &size, &bytes) ? bytes : 0;
}
