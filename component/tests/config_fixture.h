/* Reads configurations from a file of a test, and keeps what it is told on stderr. */
#ifndef COVEN_TESTS_CONFIG_FIXTURE_H
#define COVEN_TESTS_CONFIG_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "config.h"
#include "coven/log.h"
#include "log_fixture.h"

#define SECRET "hunter2"

static char folder[] = "/tmp/coven-config-XXXXXX";
static char path[64], said[16384];

static inline void write_file(const void *bytes, size_t len)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    fclose(file);
}

/* Runs config_read() and keeps what it writes to stderr in `said`. */
static inline bool reads(int argc, char **argv, struct config *config)
{
    FILE *file = tmpfile();
    int old = dup(STDERR_FILENO);
    assert_non_null(file);
    dup2(fileno(file), STDERR_FILENO);
    bool good = config_read(config, argc, argv);
    dup2(old, STDERR_FILENO);
    close(old);
    rewind(file);
    said[fread(said, 1, sizeof said - 1, file)] = '\0';
    fclose(file);
    return good;
}

static inline void assert_refused(int argc, char **argv, const char *line)
{
    struct config config;
    assert_false(reads(argc, argv, &config));
    assert_string_equal(said, line);
    config_free(&config);
}

static inline void read_text(struct config *config, const char *text)
{
    char *argv[] = {"covend", "--config", path, NULL};
    write_file(text, strlen(text));
    assert_true(reads(3, argv, config));
}

static inline int set_up(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/file", folder);
    log_open("covend", LOG_INFO);
    return setenv("COVEN_SECRET", SECRET, 1);
}

static inline int tear_down(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

#endif
