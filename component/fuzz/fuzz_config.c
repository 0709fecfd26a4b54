/* Any file: each line sets a value, is reported as an error, or is empty, a comment or a section.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "config.h"
#include "config_keys.h"
#include "coven/bug.h"

static unsigned count_list(const char *const *list)
{
    unsigned count = 0;
    while (list && list[count])
        count++;
    return count;
}

static unsigned count_set(const struct config *config)
{
    unsigned count = count_list(config->service.admins) + count_list(config->service.creators) +
                     (config->is_local_assumed ? 0 : count_list(config->service.local_domains));
    for (size_t i = 0; config_key_at(i); i++)
        count += config->lines[i] > 0 && !config_key_repeats(config_key_at(i));
    for (size_t i = 0; i < ROOM_OPTIONS_MAX; i++)
        count += (unsigned)(config->room_lines[i] > 0) + config->service.fixed[i];
    return count;
}

/* Lines that must set a value or be reported: not empty, no comment, no section. */
static unsigned count_lines(const uint8_t *bytes, size_t len)
{
    unsigned count = 0;
    const char *at = (const char *)bytes, *end = at + len;
    if (len >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = stop ? stop : end;
        while (at < line_end && memchr(" \t\r\v\f", *at, 5))
            at++;
        count += at < line_end && !memchr("#;[", *at, 3);
        at = stop ? stop + 1 : end;
    }
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    char program[] = "covend", option[] = "--config", path[] = "/proc/self/fd/0000";
    char *argv[] = {program, option, path, NULL};
    struct config config;
    int fd = memfd_create("config", 0);
    coven_assert(fd >= 0 && fd < 10 && write(fd, bytes, len) == (ssize_t)len);
    path[sizeof "/proc/self/fd/" - 1] = (char)('0' + fd);
    path[sizeof "/proc/self/fd/"] = '\0';
    setenv("COVEN_SECRET", "secret", 1);
    bool good = config_read(&config, 3, argv);
    coven_assert(good == (config.faults == 0));
    coven_assert(count_set(&config) + config.faults >= count_lines(bytes, len));
    config_free(&config);
    close(fd);
    return 0;
}
