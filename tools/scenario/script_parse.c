#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "coven/mem.h"
#include "script.h"

struct reader {
    struct script *script;
    struct script_error *error;
    struct span rest;
    int line;
    bool in_body;
    bool after_comment; /* a comment stands between the last step and here */
    struct buf text;    /* of the last step */
};

static bool fail_at(struct reader *reader, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail_at(struct reader *reader, int line, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(reader->error->what, sizeof reader->error->what, format, args);
    va_end(args);
    reader->error->line = line;
    return false;
}

static struct span trim(struct span text)
{
    while (text.len && isspace((unsigned char)text.at[text.len - 1]))
        text.len--;
    while (text.len && isspace((unsigned char)*text.at))
        text.at++, text.len--;
    return text;
}

static bool begins(struct span text, const char *with)
{
    size_t len = strlen(with);
    return text.len >= len && memcmp(text.at, with, len) == 0;
}

static struct span without(struct span text, size_t count)
{
    return (struct span){text.at + count, text.len - count};
}

static char *span_string(struct span text)
{
    return mem_copy(text.at, text.len);
}

static bool next_line(struct reader *reader, struct span *line_r)
{
    if (reader->rest.len == 0)
        return false;
    const char *end = memchr(reader->rest.at, '\n', reader->rest.len);
    size_t len = end ? (size_t)(end - reader->rest.at) : reader->rest.len;
    *line_r = (struct span){reader->rest.at, len};
    reader->rest = without(reader->rest, end ? len + 1 : len);
    if (len && line_r->at[len - 1] == '\r')
        line_r->len--;
    reader->line++;
    return true;
}

/* ---- The header ---- */

static bool is_separator(struct span line)
{
    size_t dashes = 0;
    while (dashes < line.len && line.at[dashes] == '-')
        dashes++;
    return dashes >= 3 && trim(without(line, dashes)).len == 0;
}

static void add_absence(struct script *script, struct span service, struct span reason)
{
    size_t count = (size_t)script->absence_count++;
    script->absences = mem_resize(script->absences, (count + 1) * sizeof *script->absences);
    script->absences[count] = (struct script_absence){span_string(service), span_string(reason)};
}

static bool read_absence(struct reader *reader, struct span comment)
{
    static const char because[] = " because ";
    const char *found = memmem(comment.at, comment.len, because, strlen(because));
    if (!found)
        return fail_at(reader, reader->line, "expected: # not on: SERVICE because REASON");
    size_t len = (size_t)(found - comment.at);
    add_absence(reader->script, trim((struct span){comment.at, len}),
                trim(without(comment, len + strlen(because))));
    return true;
}

static bool read_header_comment(struct reader *reader, struct span line)
{
    static const char not_on[] = "not on:";
    struct span comment = trim(without(line, line.at[0] == '#' ? 1 : 2));
    if (reader->line == 1 && comment.len) {
        free(reader->script->title);
        reader->script->title = span_string(comment);
    }
    if (!begins(comment, not_on))
        return true;
    return read_absence(reader, without(comment, strlen(not_on)));
}

static bool add_client(struct reader *reader, struct span name)
{
    struct script *script = reader->script;
    if (name.len == 0)
        return fail_at(reader, reader->line, "a client needs a name");
    for (int i = 0; i < script->client_count; i++)
        if (span_is(name, script->clients[i].name))
            return fail_at(reader, reader->line, "%s is declared twice", script->clients[i].name);
    size_t count = (size_t)script->client_count++;
    script->clients = mem_resize(script->clients, (count + 1) * sizeof *script->clients);
    script->clients[count] =
        (struct script_client){.name = span_string(name), .line = reader->line};
    return true;
}

/* The member of a client that a key names. */
static char **key_place(struct script_client *client, struct span key)
{
    const struct {
        const char *key;
        char **place;
    } places[] = {
        {"jid", &client->jid},
        {"password", &client->password},
        {"resource", &client->resource},
        {"connect_host", &client->connect_host},
        {"connect_port", &client->connect_port},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (span_is(key, places[i].key))
            return places[i].place;
    return NULL;
}

static bool read_key(struct reader *reader, struct span line)
{
    struct script *script = reader->script;
    const char *colon = memchr(line.at, ':', line.len);
    if (!colon)
        return fail_at(reader, reader->line, "expected: key: value");
    if (script->client_count == 0)
        return fail_at(reader, reader->line, "no [Client] stands above this key");
    struct span key = trim((struct span){line.at, (size_t)(colon - line.at)});
    char **place = key_place(&script->clients[script->client_count - 1], key);
    if (!place)
        return fail_at(reader, reader->line,
                       "unknown key \"%.*s\"; a client has jid, password, resource, connect_host "
                       "and connect_port",
                       (int)key.len, key.at);
    free(*place);
    *place = span_string(trim(without(line, (size_t)(colon - line.at) + 1)));
    return true;
}

/* A resource in the jid is the client's, unless the key says another. */
static bool finish_client(struct reader *reader, struct script_client *client)
{
    if (!client->jid || !client->jid[0] || client->jid[0] == '/')
        return fail_at(reader, client->line, "%s has no jid", client->name);
    char *slash = strchr(client->jid, '/');
    if (slash) {
        *slash = '\0';
        if (!client->resource)
            client->resource = mem_string(slash + 1);
    }
    const char *at = strchr(client->jid, '@');
    client->is_remote = at && strcmp(at, "@remote.localhost") == 0;
    return true;
}

static bool finish_header(struct reader *reader)
{
    struct script *script = reader->script;
    if (script->client_count == 0)
        return fail_at(reader, reader->line, "the header declares no [Client]");
    for (int i = 0; i < script->client_count; i++)
        if (!finish_client(reader, &script->clients[i]))
            return false;
    reader->in_body = true;
    return true;
}

static bool read_header_line(struct reader *reader, struct span line)
{
    static const char client[] = "[Client] ";
    struct span text = trim(line);
    if (text.len == 0)
        return true;
    if (is_separator(line))
        return finish_header(reader);
    if (begins(text, "#") || begins(text, "//"))
        return read_header_comment(reader, text);
    if (begins(line, client))
        return add_client(reader, trim(without(line, strlen(client))));
    if (isspace((unsigned char)line.at[0]))
        return read_key(reader, line);
    return fail_at(reader, reader->line, "expected a [Client], a comment, or a line of dashes");
}

/* ---- The body ---- */

/* The client with the longest name that the line begins with, or -1. */
static int find_client(const struct script *script, struct span line)
{
    int best = -1;
    size_t best_len = 0;
    for (int i = 0; i < script->client_count; i++) {
        size_t len = strlen(script->clients[i].name);
        if (len > best_len && begins(line, script->clients[i].name) && len < line.len &&
            line.at[len] == ' ') {
            best = i;
            best_len = len;
        }
    }
    return best;
}

static struct span without_colon(struct span verb)
{
    bool colon = verb.len && verb.at[verb.len - 1] == ':';
    return colon ? trim((struct span){verb.at, verb.len - 1}) : verb;
}

/* Hands the collected data block to the step that it stands under. */
static bool finish_step(struct reader *reader)
{
    struct script *script = reader->script;
    if (script->step_count == 0)
        return true;
    struct script_step *step = &script->steps[script->step_count - 1];
    if (!script_verb_has_text(step->verb))
        return true;
    if (trim(buf_span(&reader->text)).len == 0)
        return fail_at(reader, step->line, "\"%s\" needs XML in indented lines below it",
                       script_verb_name(step->verb));
    step->text = buf_take(&reader->text);
    return true;
}

static bool read_action(struct reader *reader, struct span line)
{
    struct script *script = reader->script;
    if (!finish_step(reader))
        return false;
    int client = find_client(script, line);
    if (client < 0)
        return fail_at(reader, reader->line, "no declared client begins this line: \"%.*s\"",
                       (int)line.len, line.at);
    struct span name = trim(without(line, strlen(script->clients[client].name)));
    enum script_verb verb;
    name = without_colon(name);
    if (!script_verb_named(name, &verb))
        return fail_at(reader, reader->line, "unknown verb \"%.*s\"", (int)name.len, name.at);
    size_t count = (size_t)script->step_count++;
    script->steps = mem_resize(script->steps, (count + 1) * sizeof *script->steps);
    script->steps[count] = (struct script_step){
        .client = client, .verb = verb, .line = reader->line, .text_line = reader->line + 1};
    reader->after_comment = false;
    return true;
}

/*
 * A comment owns no data: lines below it go on with the block above. They are dropped where that
 * step has none, which happens when only the first line of a step was commented out.
 */
static bool read_data(struct reader *reader, struct span line)
{
    const struct script *script = reader->script;
    const struct script_step *step =
        script->step_count ? &script->steps[script->step_count - 1] : NULL;
    if (step && script_verb_has_text(step->verb)) {
        buf_add_span(&reader->text, line);
        buf_add_char(&reader->text, '\n');
        return true;
    }
    if (trim(line).len == 0 || reader->after_comment)
        return true;
    return fail_at(reader, reader->line, "indented lines belong under \"sends\" or \"receives\"");
}

static bool is_comment(struct span line)
{
    return begins(line, "#") || begins(line, "//") || begins(line, "--");
}

static bool read_body_line(struct reader *reader, struct span line)
{
    if (is_comment(line)) {
        reader->after_comment = true;
        return read_data(reader, (struct span){"", 0}); /* keeps the line numbers right */
    }
    if (line.len == 0 || isspace((unsigned char)line.at[0]))
        return read_data(reader, line);
    return read_action(reader, line);
}

/* ---- The whole ---- */

static bool read_lines(struct reader *reader)
{
    struct span line;
    while (next_line(reader, &line)) {
        if (line.len && memchr(line.at, '\0', line.len))
            return fail_at(reader, reader->line, "a NUL is no part of a script");
        bool ok = reader->in_body ? read_body_line(reader, line) : read_header_line(reader, line);
        if (!ok)
            return false;
    }
    if (!reader->in_body)
        return fail_at(reader, reader->line, "no line of dashes ends the header");
    return finish_step(reader);
}

struct script *script_parse(const char *path, struct span text, struct script_error *error_r)
{
    struct script *script = mem_new(sizeof *script);
    script->path = mem_string(path);
    script->title = mem_string(path);
    struct reader reader = {.script = script, .error = error_r, .rest = text};
    bool ok = read_lines(&reader);
    buf_free(&reader.text);
    if (ok)
        return script;
    script_free(script);
    return NULL;
}
