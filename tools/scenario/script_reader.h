/* Only for script_*.c: the state of reading one file, the script itself or a setup. */
#ifndef SCENARIO_SCRIPT_READER_H
#define SCENARIO_SCRIPT_READER_H

#include "script.h"

struct script_reader {
    struct script *script;
    struct script_error *error;
    script_load *load;
    const char *path; /* of this file; the script owns it */
    int depth;        /* 0: the script itself, 1: its setup, 2: the setup's own, ... */

    struct span rest;
    int line;         /* of the file, from 1 */
    int first_client; /* of this file; those before it belong to the setup */
    int first_step;   /* likewise */
    bool in_body;
    bool after_comment; /* since the last step */
    struct buf text;    /* of the last step */
};

/* Notes an error in this file. Returns false. */
bool script_fail(struct script_reader *reader, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Reads the setup of that name into the script. */
bool script_setup_read(struct script_reader *reader, struct span name);

/* Reads a line of the head; sets `in_body` after the last one. */
bool script_head_line(struct script_reader *reader, struct span line);

/* Reads a line of the body. */
bool script_body_line(struct script_reader *reader, struct span line);

/* Ends the last step; called after the last line. */
bool script_body_end(struct script_reader *reader);

#endif
