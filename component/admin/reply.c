#include "reply.h"

static int add(const char *bytes, size_t len, void *user)
{
    buf_add(user, bytes, len);
    return 0;
}

void reply_json(struct buf *out, const json_t *json)
{
    json_dump_callback(json, add, out, JSON_COMPACT | JSON_ENCODE_ANY);
}

/* Takes `value` over. */
static void add_line(struct buf *out, const char *name, json_t *value)
{
    json_t *line = json_object();
    json_object_set_new(line, name, value);
    reply_json(out, line);
    buf_add_char(out, '\n');
    json_decref(line);
}

void reply_row(struct buf *out, json_t *row)
{
    add_line(out, "row", json_incref(row));
}

void reply_progress(struct buf *out, int64_t done, int64_t of)
{
    json_t *progress = json_object();
    json_object_set_new(progress, "done", json_integer(done));
    json_object_set_new(progress, "of", json_integer(of));
    add_line(out, "progress", progress);
}

json_t *reply_error(const struct stanza_error *error, const char *text)
{
    json_t *value = json_object();
    json_object_set_new(value, "condition", json_string(error->condition));
    json_object_set_new(value, "text", json_string(text ? text : error->text));
    return value;
}

void reply_end(struct buf *out, const struct stanza_error *error, const char *text)
{
    if (error)
        add_line(out, "error", reply_error(error, text));
    else
        add_line(out, "end", json_object());
}
