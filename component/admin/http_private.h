/* What the files of HTTP share: http.c (the server), http_exchange.c (requests and answers),
 * http_pages.c and http_api.c (what there is). */
#ifndef ADMIN_HTTP_PRIVATE_H
#define ADMIN_HTTP_PRIVATE_H

#include <microhttpd.h>

#include "coven/buf.h"
#include "coven/directory.h"
#include "coven/run.h"
#include "http.h"

struct http {
    struct http_settings settings;
    char *token; /* NULL: commands are not offered */
    struct MHD_Daemon *server;
    uv_poll_t poll;
    uv_timer_t timer, tick;
    unsigned handles; /* not yet closed */
    struct http_client *clients;
};

/* A connection. */
struct http_client {
    struct http_client *prev, *next;
    struct MHD_Connection *connection;
    unsigned used_s;           /* by the client: to send its request and to take the answer */
    struct exchange *exchange; /* NULL: the head of the next request is not complete */
};

/* A request and its answer. */
struct exchange {
    struct http *http;
    struct http_client *client;
    struct MHD_Connection *connection;
    const struct http_page *page;
    const char *path;   /* of the request; lives as long as the exchange */
    struct buf request; /* the body */
    bool too_large;     /* the body is */
    bool asked;         /* the page was */

    unsigned status;
    const char *type;
    const char *caching;
    bool is_shared; /* scripts of all web sites may read the answer */
    struct buf out;
    size_t sent;    /* of `out` */
    bool begun;     /* `status` and what follows it are known */
    bool over;      /* the whole answer is in `out`, or was */
    bool suspended; /* until there is more to send */
    bool gone;      /* the client is */

    struct directory_page *directory; /* that is awaited; NULL: none */
    struct run *run;                  /* NULL: none, or ended */
    bool in_lines;                    /* a line of JSON for each row */
    bool has_rows;
};

struct http_page {
    const char *path; /* what ends with '/' stands for all below */
    bool is_post;     /* else GET and HEAD */
    bool is_guarded;  /* by the token */
    void (*answer)(struct exchange *exchange);
};

/* The page of a path; NULL: there is none. */
const struct http_page *http_page_find(const char *path);

/* ---- http.c ---- */

/* A connection was resumed, which libmicrohttpd notices when it is run. */
void http_run_soon(struct http *http);

/* ---- http_exchange.c ---- */

enum MHD_Result exchange_take(void *user, struct MHD_Connection *connection, const char *path,
                              const char *method, const char *version, const char *bytes,
                              size_t *count, void **state);

/* Ends an exchange, when libmicrohttpd is through with it. */
void exchange_end(void *user, struct MHD_Connection *connection, void **state,
                  enum MHD_RequestTerminationCode code);

/* Does the client name that type among those that it understands? */
bool exchange_accepts(const struct exchange *exchange, const char *type);

/* There is more to send. */
void exchange_wake(struct exchange *exchange);

/* The client has gone, or covend ends: nothing more is done for it. */
void exchange_leave(struct exchange *exchange);

/* The whole answer: a sentence. */
void exchange_say(struct exchange *exchange, unsigned status, const char *text);

/* ---- http_api.c ---- */

void api_list(struct exchange *exchange);
void api_run(struct exchange *exchange);

#endif
