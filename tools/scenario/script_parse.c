#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "coven/mem.h"
#include "script_line.h"
#include "script_reader.h"

#define SETUP_DEPTH 8 /* of setups within setups */

bool script_fail(struct script_reader *reader, int line, const char *format, ...)
{
    struct script_error *error = reader->error;
    va_list args;
    va_start(args, format);
    vsnprintf(error->what, sizeof error->what, format, args);
    va_end(args);
    snprintf(error->path, sizeof error->path, "%s", reader->path);
    error->line = line;
    return false;
}

static bool next_line(struct script_reader *reader, struct span *line_r)
{
    if (reader->rest.len == 0)
        return false;
    const char *end = memchr(reader->rest.at, '\n', reader->rest.len);
    size_t len = end ? (size_t)(end - reader->rest.at) : reader->rest.len;
    *line_r = (struct span){reader->rest.at, len};
    reader->rest = line_without(reader->rest, end ? len + 1 : len);
    if (len && line_r->at[len - 1] == '\r')
        line_r->len--;
    reader->line++;
    return true;
}

static bool read_lines(struct script_reader *reader)
{
    struct span line;
    while (next_line(reader, &line)) {
        if (line.len && memchr(line.at, '\0', line.len))
            return script_fail(reader, reader->line, "a script contains no NUL");
        bool ok = reader->in_body ? script_body_line(reader, line) : script_head_line(reader, line);
        if (!ok)
            return false;
    }
    if (!reader->in_body)
        return script_fail(reader, reader->line, "no line of dashes ends the head");
    return script_body_end(reader);
}

/* Reads a whole file into the script, which owns `path` from then on. */
static bool read_text(struct script_reader *reader, char *path, struct span text)
{
    struct script *script = reader->script;
    size_t count = (size_t)script->path_count++;
    script->paths = mem_resize(script->paths, (count + 1) * sizeof *script->paths);
    script->paths[count] = path;
    reader->path = path;
    reader->rest = text;
    bool ok = read_lines(reader);
    buf_free(&reader->text);
    return ok;
}

/* A setup is in the folder of the file that names it. */
static char *setup_path(const char *path, struct span name)
{
    const char *slash = strrchr(path, '/');
    struct buf out = BUF_INIT;
    buf_add(&out, path, slash ? (size_t)(slash - path) + 1 : 0);
    buf_add_span(&out, name);
    buf_add_text(&out, ".setup");
    return buf_take(&out);
}

bool script_setup_read(struct script_reader *reader, struct span name)
{
    struct script *script = reader->script;
    if (reader->depth == SETUP_DEPTH)
        return script_fail(reader, reader->line, "more than %d setups within each other",
                           SETUP_DEPTH);
    struct script_reader setup = {
        .script = script, .error = reader->error, .load = reader->load, .depth = reader->depth + 1};
    char *path = setup_path(reader->path, name);
    struct buf text = BUF_INIT;
    bool ok = reader->load(path, &text);
    if (ok) {
        ok = read_text(&setup, path, buf_span(&text));
    } else {
        script_fail(reader, reader->line, "the setup %.*s.setup cannot be read: %s", (int)name.len,
                    name.at, strerror(errno));
        free(path);
    }
    buf_free(&text);
    reader->first_client = script->client_count;
    reader->first_step = script->step_count;
    return ok;
}

struct script *script_parse(const char *path, struct span text, script_load *load,
                            struct script_error *error_r)
{
    struct script *script = mem_new(sizeof *script);
    struct script_reader reader = {.script = script, .error = error_r, .load = load};
    script->title = mem_string(path);
    if (read_text(&reader, mem_string(path), text))
        return script;
    script_free(script);
    return NULL;
}
