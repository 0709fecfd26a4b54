/* Inside script_*.c: a file that is being read, the script itself or a setup. */
#ifndef SCENARIO_SCRIPT_READER_H
#define SCENARIO_SCRIPT_READER_H

#include "script.h"

struct script_reader {
    struct script *script;
    struct script_error *error;
    script_load *load;
    const char *path; /* of this file; the script's */
    int depth;        /* 0: the script itself, 1: its setup, 2: the setup's own, ... */

    struct span rest;
    int line;         /* of the script, from 1 */
    int first_client; /* this file's; those before come from its setup */
    int first_step;   /* likewise */
    bool in_body;
    bool after_comment; /* a comment stands between the last step and here */
    struct buf text;    /* of the last step */
};

/* Notes the error, in this file. Returns false. */
bool script_fail(struct script_reader *reader, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Reads the setup of that name into the script. */
bool script_setup_read(struct script_reader *reader, struct span name);

/* A line of the head: true and `in_body` set after its last one. */
bool script_head_line(struct script_reader *reader, struct span line);

bool script_body_line(struct script_reader *reader, struct span line);

/* After the last line. */
bool script_body_end(struct script_reader *reader);

#endif
