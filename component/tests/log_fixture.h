/* Collects the log of a part of a test. */
#ifndef COVEN_TEST_LOG_FIXTURE_H
#define COVEN_TEST_LOG_FIXTURE_H

#include <unistd.h>

#include "coven/buf.h"
#include "unit.h"

struct listener {
    int stderr_copy;
    FILE *file;
};

static inline struct listener listen_to_log(void)
{
    struct listener listener = {dup(STDERR_FILENO), tmpfile()};
    assert_non_null(listener.file);
    dup2(fileno(listener.file), STDERR_FILENO);
    return listener;
}

static inline char *end_listening(struct listener *listener)
{
    struct buf text = BUF_INIT;
    dup2(listener->stderr_copy, STDERR_FILENO);
    close(listener->stderr_copy);
    rewind(listener->file);
    size_t got;
    do {
        got = fread(buf_reserve(&text, 4096), 1, 4096, listener->file);
        text.len += got;
    } while (got > 0);
    buf_add_char(&text, '\0');
    fclose(listener->file);
    return buf_take(&text);
}

#endif
