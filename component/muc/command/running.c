#include "running.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "coven/datetime.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "muc/limit/tasks.h"
#include "muc/state/service_state.h"
#include "runs.h"

#define LOG_BYTES 900 /* what fits into a line of the log */

/* ---- Arguments ---- */

const char *run_text(const struct run *run, const char *name)
{
    return json_string_value(json_object_get(run->args, name));
}

int64_t run_number(const struct run *run, const char *name, int64_t otherwise)
{
    const json_t *value = json_object_get(run->args, name);
    return value ? json_integer_value(value) : otherwise;
}

bool run_flag(const struct run *run, const char *name)
{
    return json_is_true(json_object_get(run->args, name));
}

/* ---- Lines ---- */

#define INPUT_ENOUGH   (256 << 10)
#define INPUT_LINE_MAX (1 << 20)

static size_t count_lines(const char *bytes, size_t len)
{
    size_t count = 0;
    const char *end = bytes + len;
    while (bytes < end && (bytes = memchr(bytes, '\n', (size_t)(end - bytes)))) {
        bytes++;
        count++;
    }
    return count;
}

/* A line that is too long ends the input, and the step that finds it says so. */
bool run_feed(struct run *run, const char *bytes, size_t len)
{
    if (run->input_over)
        return true;
    buf_add(&run->input, bytes, len);
    run->input_lines += count_lines(bytes, len);
    run->input_over = run->input_lines == 0 && run->input.len - run->input_read > INPUT_LINE_MAX;
    run->input_full = run->input_lines > 0 && run->input.len - run->input_read >= INPUT_ENOUGH;
    return !run->input_full;
}

void run_feed_end(struct run *run)
{
    run->input_over = true;
}

/* Without an end, the last line is a line, too. */
bool run_line(struct run *run, struct span *line_r)
{
    const char *at = run->input.data + run->input_read;
    size_t left = run->input.len - run->input_read;
    const char *end = left > 0 ? memchr(at, '\n', left) : NULL;
    if (left == 0 || (!end && !run->input_over))
        return false;
    line_r->at = at;
    line_r->len = end ? (size_t)(end - at) : left;
    run->input_read += line_r->len + (end != NULL);
    run->input_lines -= end != NULL;
    return true;
}

bool run_lines_over(const struct run *run)
{
    return run->input_over && run->input_read == run->input.len;
}

void running_digest(struct run *run)
{
    buf_consume(&run->input, run->input_read);
    run->input_read = 0;
    if (!run->input_full || run->input.len >= INPUT_ENOUGH / 2 || run->abandoned)
        return;
    run->input_full = false;
    run->sink.hungry(run->sink.user);
}

/* ---- Answers ---- */

void run_row(struct run *run, json_t *row)
{
    json_array_append_new(run->rows, row);
}

bool run_rows(struct run *run, const json_t *rows, size_t *told, size_t most)
{
    size_t count = json_array_size(rows);
    for (; *told < count && most > 0; most--)
        run_row(run, json_incref(json_array_get(rows, (*told)++)));
    return *told == count;
}

void run_progress(struct run *run, int64_t done, int64_t of)
{
    run->done = done;
    run->of = of;
}

enum run_next run_fail(struct run *run, const struct stanza_error *error, const char *format, ...)
{
    va_list args;
    run->error = error;
    buf_clear(&run->why);
    if (!format)
        return RUN_FAILED;
    char *text = NULL;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        mem_exhausted();
    va_end(args);
    buf_add_text(&run->why, text);
    free(text);
    return RUN_FAILED;
}

json_t *run_json_text(struct span text)
{
    return text.len > 0 ? json_stringn(text.at, text.len) : NULL;
}

json_t *run_json_time(int64_t ms)
{
    char text[DATETIME_SIZE];
    if (ms == 0)
        return NULL;
    datetime_print(ms, text);
    return json_string(text);
}

void run_set(json_t *row, const char *name, json_t *value)
{
    if (value)
        json_object_set_new(row, name, value);
}

/* ---- Work in another thread ---- */

struct run_task {
    struct task task;
    struct run *run;
    run_worker *work;
    bool finished;
};

static void work(struct task *task, struct store *store)
{
    struct run_task *item = (struct run_task *)task;
    item->work(item->run->state, store);
}

static void finish(struct task *task, struct service *service, bool dropped)
{
    struct run_task *item = (struct run_task *)task;
    (void)service;
    (void)dropped; /* nothing depends on the turn */
    item->finished = true;
    if (item->run->stage == STAGE_WORKING)
        item->run->stage = STAGE_READY;
}

/* A task whose turn was dropped was never begun, and its run has failed with that turn. */
static void free_task(struct task *task)
{
    struct run_task *item = (struct run_task *)task;
    if (!item->finished && item->run->stage == STAGE_WORKING)
        item->run->stage = STAGE_READY;
    free(item);
}

enum run_next run_work(struct run *run, enum task_kind kind, run_worker *worker)
{
    struct run_task *item = mem_new(sizeof *item);
    item->task = (struct task){.kind = kind, .run = work, .finish = finish, .free = free_task};
    item->run = run;
    item->work = worker;
    run->stage = STAGE_WORKING;
    tasks_stage(run->service, &item->task,
                run->is_operator ? (struct span){NULL, 0} : span_of(run->jid));
    return RUN_WAITS;
}

void run_log(const struct run *run, const char *format, ...)
{
    char text[LOG_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    log_line(run->is_operator ? LOG_INFO : LOG_DEBUG, "%s: %s", run->caller, text);
}
