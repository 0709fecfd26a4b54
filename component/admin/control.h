/*
 * The control socket: a Unix socket for covenctl and other programs of the operator. Only root and
 * covend's own account may connect. A client sends one line of JSON,
 *
 *   {"command": "rooms", "arguments": {"match": "team-*", "limit": 10}}
 *
 * and gets the lines that admin/reply.h tells; then covend closes the connection. A client that
 * goes away before ends its command, after the step that is under way.
 */
#ifndef ADMIN_CONTROL_H
#define ADMIN_CONTROL_H

#include <uv.h>

#include "coven/buf.h"
#include "coven/service.h"

struct control;

struct control_settings {
    const char *path; /* borrowed until control_open() returns */
    struct service *service;
    void (*wake)(void *user); /* a run can go on: the service's steps are to be taken */
    void *user;
};

/* Where the socket is if the configuration says nothing: in the runtime directory that systemd has
 * made, else in the data folder (`data`, may be NULL). The caller frees it; NULL: nowhere. */
char *control_default_path(const char *data);

/* Listens. NULL if that is impossible, after logging why: the service works without it. */
struct control *control_open(uv_loop_t *loop, const struct control_settings *settings);

/* Ends all connections, after sending what fits into them. The loop must run once more to close the
 * handles, and frees the rest then. NULL is allowed. */
void control_close(struct control *control);

#endif
