/* Command lines: the words behind a command's name. */

#include <string.h>

#include "coven/command.h"

struct line {
    const struct command *command;
    json_t *given;
    struct buf *why;
    bool only_places; /* after "--" nothing is named */
};

/* Does `word` name the argument, with '-' for '_'? */
static bool is_named(const struct command_argument *argument, struct span word)
{
    if (word.len != strlen(argument->name))
        return false;
    for (size_t i = 0; i < word.len; i++) {
        if (word.at[i] != (argument->name[i] == '_' ? '-' : argument->name[i]))
            return false;
    }
    return true;
}

static const struct command_argument *find_named(const struct line *line, struct span word)
{
    const struct command_argument *argument = line->command->arguments;
    for (; argument && argument->name; argument++) {
        if (argument->named && is_named(argument, word))
            return argument;
    }
    return NULL;
}

/* The next argument that is told by its place. */
static const struct command_argument *next_place(const struct line *line)
{
    const struct command_argument *argument = line->command->arguments;
    for (; argument && argument->name; argument++) {
        if (!argument->named && (argument->many || !json_object_get(line->given, argument->name)))
            return argument;
    }
    return NULL;
}

static bool put(struct line *line, const struct command_argument *argument, const char *value)
{
    json_t *text = json_string(value), *list = json_object_get(line->given, argument->name);
    if (!text) {
        buf_printf(line->why, "%s is not valid UTF-8", argument->name);
        return false;
    }
    if (!argument->many && list) {
        json_decref(text);
        buf_printf(line->why, "%s is given twice", argument->name);
        return false;
    }
    if (!argument->many)
        return json_object_set_new(line->given, argument->name, text) == 0;
    if (!list)
        json_object_set_new(line->given, argument->name, json_array());
    return json_array_append_new(json_object_get(line->given, argument->name), text) == 0;
}

/* Takes --NAME VALUE, --NAME=VALUE or the flag --NAME. Returns how many words it took; 0: a fault.
 */
static int take_named(struct line *line, int left, char *const *words)
{
    const char *name = words[0] + 2, *equals = strchr(name, '=');
    struct span word = {name, equals ? (size_t)(equals - name) : strlen(name)};
    const struct command_argument *argument = find_named(line, word);
    if (!argument) {
        buf_printf(line->why, "%s has no --%.*s", line->command->name, (int)word.len, word.at);
        return 0;
    }
    if (argument->kind == ARGUMENT_FLAG && !equals)
        return put(line, argument, "true");
    if (!equals && left < 2) {
        buf_printf(line->why, "--%.*s wants a value", (int)word.len, word.at);
        return 0;
    }
    bool good = put(line, argument, equals ? equals + 1 : words[1]);
    return !good ? 0 : equals ? 1 : 2;
}

static int take_place(struct line *line, const char *word)
{
    const struct command_argument *argument = next_place(line);
    if (!argument) {
        buf_printf(line->why, "%s takes no further \"%s\"", line->command->name, word);
        return 0;
    }
    return put(line, argument, word);
}

static int take(struct line *line, int left, char *const *words)
{
    if (!line->only_places && strcmp(words[0], "--") == 0) {
        line->only_places = true;
        return 1;
    }
    if (!line->only_places && strncmp(words[0], "--", 2) == 0)
        return take_named(line, left, words);
    return take_place(line, words[0]);
}

json_t *command_line_read(const struct command *command, int argc, char *const *argv,
                          struct buf *why)
{
    struct line line = {.command = command, .given = json_object(), .why = why};
    for (int i = 0, took; i < argc; i += took) {
        took = take(&line, argc - i, argv + i);
        if (took == 0) {
            json_decref(line.given);
            return NULL;
        }
    }
    return line.given;
}
