/* Runs of commands as their handlers see them. A handler is one file of this folder, such as
 * rename.c. */
#ifndef MUC_COMMAND_RUNNING_H
#define MUC_COMMAND_RUNNING_H

#include <stdatomic.h>

#include "coven/run.h"
#include "coven/task.h"
#include "muc/state/privilege.h"

struct room;
struct store;

/* What a step leaves. */
enum run_next {
    RUN_GOES_ON, /* another step is to follow */
    RUN_WAITS,   /* for run_work() */
    RUN_READS,   /* another step is to follow when there is a line to read: see run_line() */
    RUN_DONE,
    RUN_FAILED, /* see run_fail() */
};

struct run {
    /* For handlers. */
    struct service *service;
    const struct command *command;
    json_t *args; /* as command_read() leaves them */
    struct room
        *room; /* that the argument `room` names, loaded for this step; NULL: there is none */
    enum affiliation rank; /* of the caller in that room; an operator is an owner */
    bool is_operator;
    char *caller; /* for the log */
    char *client; /* the caller's full JID; "": an operator without one */
    char *jid;    /* the same, bare */
    void *state;  /* of the handler from its first step on; NULL before */
    bool sends;   /* its steps send much: none is taken while the outbox is full */

    /* For running.c and runs.c. */
    struct run *prev, *next;
    struct run_sink sink;
    enum run_stage { STAGE_READY, STAGE_WORKING, STAGE_OVER } stage;
    atomic_bool abandoned; /* may be read in any thread */
    bool stepped;          /* in this turn */
    json_t *rows;          /* of this turn */
    int64_t done, of;      /* progress of this turn; of 0: none */
    const struct stanza_error *error;
    struct buf why;
    struct buf input;   /* lines that are not read yet, behind what is */
    size_t input_read;  /* bytes of it that are read */
    size_t input_lines; /* whole lines in the rest */
    bool input_over;    /* no more follows */
    bool input_full;    /* the caller waits to give more */
    bool reads;         /* waits for a line */
};

/* ---- Arguments ---- */

/* NULL where the argument was not given. */
const char *run_text(const struct run *run, const char *name);
/* `otherwise` where the argument was not given. */
int64_t run_number(const struct run *run, const char *name, int64_t otherwise);
bool run_flag(const struct run *run, const char *name);

/* ---- Lines ---- */

/* Takes the next line of a command that reads, without its end. It lives as long as the step.
 * False: there is none, now or any more. */
bool run_line(struct run *run, struct span *line_r);

/* Are all lines read, and none follows? */
bool run_lines_over(const struct run *run);

/* ---- Answers ---- */

/* Adds a row, which it takes over: an object with fields of the command. */
void run_row(struct run *run, json_t *row);

/* Adds rows of an array, those from `*told` on and at most `most`, and counts them there. Returns
 * whether all are told: else another step goes on. */
bool run_rows(struct run *run, const json_t *rows, size_t *told, size_t most);

void run_progress(struct run *run, int64_t done, int64_t of);

/* Ends the run without success. Returns RUN_FAILED. `format` NULL: the error's own text. */
enum run_next run_fail(struct run *run, const struct stanza_error *error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Text or a time as JSON. A time is in milliseconds since 1970; 0 gives NULL, which
 * json_object_set_new() may be passed: the row has no such field then. */
json_t *run_json_text(struct span text);
json_t *run_json_time(int64_t ms);

/* Sets a field of a row. A NULL value leaves it out. */
void run_set(json_t *row, const char *name, json_t *value);

/* ---- Work ---- */

/*
 * Lets another thread do `work`, with a connection to the store of its own; the next step follows
 * when that is done. Meanwhile nobody else uses `state`. For the search file that must be
 * TASK_SEARCH, else TASK_ADMIN. Returns RUN_WAITS.
 */
typedef void run_worker(void *state, struct store *store);
enum run_next run_work(struct run *run, enum task_kind kind, run_worker *work);

/* Logs what the command did, such as "uid 0: creates lobby@rooms.example.org": at level info if an
 * operator has run it, else at debug. */
void run_log(const struct run *run, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
