/* Runs commands on a rig, as an operator without an address, and keeps what they answer. */
#ifndef TESTS_COMMAND_FIXTURE_H
#define TESTS_COMMAND_FIXTURE_H

#include <jansson.h>

#include "coven/run.h"
#include "room_fixture.h"

struct answer {
    json_t *rows; /* an array */
    bool ended;
    const struct stanza_error *error; /* NULL: success */
    char *text;
};

static inline void answer_take_row(void *user, json_t *row)
{
    json_array_append(((struct answer *)user)->rows, row);
}

static inline void answer_take_end(void *user, const struct stanza_error *error, const char *text)
{
    struct answer *answer = user;
    assert_false(answer->ended);
    answer->ended = true;
    answer->error = error;
    answer->text = text ? strdup(text) : NULL;
}

static inline void answer_free(struct answer *answer)
{
    json_decref(answer->rows);
    free(answer->text);
}

/* Runs one command, with arguments as JSON, in which ' stands for ". The caller frees the answer.
 */
static inline struct answer command_run_as(struct rig *rig, const struct run_caller *caller,
                                           const char *name, const char *arguments)
{
    const struct command *command = command_find(name);
    assert_non_null(command);
    char *text = strdup(arguments);
    for (char *at = text; *at; at++)
        *at = *at == '\'' ? '"' : *at;
    json_error_t fault;
    json_t *given = json_loads(text, 0, &fault);
    free(text);
    if (!given)
        fail_msg("%s: %s", arguments, fault.text);
    struct buf why = BUF_INIT;
    json_t *args = command_read(command, given, span_of(RIG_DOMAIN), &why);
    json_decref(given);
    if (!args)
        fail_msg("%s", why.data);
    buf_free(&why);
    struct answer answer = {.rows = json_array()};
    struct run_sink sink = {.user = &answer, .row = answer_take_row, .end = answer_take_end};
    assert_non_null(run_begin(rig->service, command, args, caller, &sink));
    for (unsigned steps = 0; !answer.ended; steps++) {
        assert_true(steps < 10000);
        rig_step(rig);
        rig_run_tasks(rig);
    }
    return answer;
}

static inline struct answer command_run(struct rig *rig, const char *name, const char *arguments)
{
    struct run_caller caller = {.name = "uid 0", .is_operator = true};
    return command_run_as(rig, &caller, name, arguments);
}

/* The same for a command that must succeed. */
static inline void command_do(struct rig *rig, const char *name, const char *arguments)
{
    struct answer answer = command_run(rig, name, arguments);
    if (answer.error)
        fail_msg("%s %s: %s: %s", name, arguments, answer.error->condition, answer.text);
    answer_free(&answer);
}

/* The same for one that must fail in this way. */
static inline void command_refused(struct rig *rig, const char *name, const char *arguments,
                                   const char *condition)
{
    struct answer answer = command_run(rig, name, arguments);
    assert_non_null(answer.error);
    assert_string_equal(answer.error->condition, condition);
    answer_free(&answer);
}

/* A field of a row as text; numbers and flags are printed. Lives until the next call. */
static inline const char *answer_field(const struct answer *answer, size_t row, const char *name)
{
    static char text[4096];
    const json_t *value = json_object_get(json_array_get(answer->rows, row), name);
    if (json_is_string(value))
        return json_string_value(value);
    char *printed = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    snprintf(text, sizeof text, "%s", printed ? printed : "nothing");
    free(printed);
    return text;
}

#endif
