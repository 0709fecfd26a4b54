#include <ctype.h>

#include "coven/mem.h"
#include "script_line.h"
#include "script_reader.h"

/* The client with the longest name that the line begins with, or -1. */
static int find_client(const struct script *script, struct span line)
{
    int best = -1;
    size_t best_len = 0;
    for (int i = 0; i < script->client_count; i++) {
        size_t len = strlen(script->clients[i].name);
        if (len > best_len && line_begins(line, script->clients[i].name) && len < line.len &&
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
    return colon ? line_trim((struct span){verb.at, verb.len - 1}) : verb;
}

/* This file's last step; NULL: it has none yet. */
static struct script_step *last_step(const struct script_reader *reader)
{
    const struct script *script = reader->script;
    bool any = script->step_count > reader->first_step;
    return any ? &script->steps[script->step_count - 1] : NULL;
}

/* Gives the collected data block to its step. */
bool script_body_end(struct script_reader *reader)
{
    struct script_step *step = last_step(reader);
    if (!step || !script_verb_has_text(step->verb))
        return true;
    if (line_trim(buf_span(&reader->text)).len == 0)
        return script_fail(reader, step->line, "\"%s\" needs XML in indented lines below it",
                           script_verb_name(step->verb));
    step->text = buf_take(&reader->text);
    return true;
}

static bool read_action(struct script_reader *reader, struct span line)
{
    struct script *script = reader->script;
    if (!script_body_end(reader))
        return false;
    int client = find_client(script, line);
    if (client < 0)
        return script_fail(reader, reader->line, "no declared client at the start of \"%.*s\"",
                           (int)line.len, line.at);
    struct span name = line_trim(line_without(line, strlen(script->clients[client].name)));
    enum script_verb verb;
    name = without_colon(name);
    if (!script_verb_named(name, &verb))
        return script_fail(reader, reader->line, "unknown verb \"%.*s\"", (int)name.len, name.at);
    size_t count = (size_t)script->step_count++;
    script->steps = mem_resize(script->steps, (count + 1) * sizeof *script->steps);
    script->steps[count] = (struct script_step){.client = client,
                                                .verb = verb,
                                                .path = reader->path,
                                                .line = reader->line,
                                                .text_line = reader->line + 1};
    reader->after_comment = false;
    return true;
}

/*
 * Indented lines after a comment continue the block before the comment. Below a step without a
 * block they are dropped: the comment is then the first line of a step that is commented out.
 */
static bool read_data(struct script_reader *reader, struct span line)
{
    const struct script_step *step = last_step(reader);
    if (step && script_verb_has_text(step->verb)) {
        buf_add_span(&reader->text, line);
        buf_add_char(&reader->text, '\n');
        return true;
    }
    if (line_trim(line).len == 0 || reader->after_comment)
        return true;
    return script_fail(reader, reader->line,
                       "indented lines belong under \"sends\" or \"receives\"");
}

static bool is_comment(struct span line)
{
    return line_is_comment(line) || line_begins(line, "--");
}

bool script_body_line(struct script_reader *reader, struct span line)
{
    if (is_comment(line)) {
        reader->after_comment = true;
        return read_data(reader, (struct span){"", 0}); /* an empty line, for the line numbers */
    }
    if (line.len == 0 || isspace((unsigned char)line.at[0]))
        return read_data(reader, line);
    return read_action(reader, line);
}
