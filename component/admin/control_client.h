/* A connection to the control socket (control.h). */
#ifndef ADMIN_CONTROL_CLIENT_H
#define ADMIN_CONTROL_CLIENT_H

#include <stdbool.h>
#include <sys/types.h>

#include "control.h"
#include "coven/run.h"

struct control {
    struct control_settings settings;
    uv_loop_t *loop;
    uv_pipe_t server;
    uv_timer_t tick;
    unsigned handles; /* that are not closed yet */
    struct control_client *clients;
    unsigned count;
};

struct control_client {
    struct control_client *prev, *next;
    struct control *control;
    uv_pipe_t pipe;
    uv_write_t write;
    uid_t uid;
    unsigned idle_s;    /* since it last sent or took something */
    struct buf request; /* what has come of it */
    bool asked;         /* the request is complete */
    struct run *run;    /* NULL: not begun yet, or ended */
    bool feeds;         /* what follows the request are lines for the run */
    struct buf out;     /* to be written next */
    struct buf writing; /* is being written */
    bool over;          /* the last line is in `out` */
    bool says_no_more;  /* it has closed its direction */
    bool closing;
};

struct control_client *control_client_new(struct control *control);

/* The connection is accepted: reads the request. */
void control_client_begin(struct control_client *client, uid_t uid);

/* Answers with an error, and ends the connection when that is sent. */
void control_client_refuse(struct control_client *client, const struct stanza_error *error,
                           const char *text);

/* Ends the connection at once. */
void control_client_end(struct control_client *client);

/* A second has passed: a client that does not send its request, or does not take the answer, is not
 * waited for. */
void control_client_tick(struct control_client *client);

/* One of the control socket's handles is closed; the last one frees it. */
void control_release(struct control *control);

#endif
