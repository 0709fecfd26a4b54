#include "pool.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <utlist.h>

#include "conn.h"
#include "coven/clock.h"
#include "coven/log.h"
#include "coven/mem.h"

#define SWEEP_MS 500
/* The most bytes read in one turn: some copies for each of a thousand clients, within the memory
 * that the heap keeps. */
#define TURN_BYTES (8u * 1024 * 1024)
/* The limit of unwritten bytes of all connections. */
#define FULL_BYTES ((size_t)256 * 1024 * 1024)
/* Descriptors for other uses than connections. */
#define SPARE_FILES 32

static void take_apart(struct pool *pool)
{
    while (pool->ended) {
        struct conn *conn = pool->ended;
        pool->ended = conn->next_ended;
        conn->kind->ended(conn->owner);
    }
}

static void write_all(struct pool *pool)
{
    while (pool->dirty) {
        struct conn *conn = pool->dirty;
        pool->dirty = conn->next_dirty;
        conn->dirty = false;
        conn_flush(conn);
    }
}

/* Each can give the other more work. */
static void turn_end(struct pool *pool)
{
    pool->taken = 0;
    while (pool->ended || pool->dirty) {
        take_apart(pool);
        write_all(pool);
    }
}

void pool_took(struct pool *pool, size_t len)
{
    pool->taken += len;
    if (pool->taken >= TURN_BYTES)
        turn_end(pool);
}

static void on_prepare(uv_prepare_t *prepare)
{
    turn_end(prepare->data);
}

static void on_check(uv_check_t *check)
{
    turn_end(check->data);
}

static void on_sweep(uv_timer_t *timer)
{
    struct pool *pool = timer->data;
    struct conn *conn, *next;
    int64_t now = clock_mono_ms();
    DL_FOREACH_SAFE (pool->all, conn, next) {
        conn_check(conn, now);
        if (conn->deadline == 0 || conn->deadline > now)
            continue;
        if (conn->ended)
            conn_drop(conn);
        else
            conn_close(conn, "connection-timeout", NULL);
    }
}

void pool_hurry(struct pool *pool)
{
    uv_timer_start(&pool->sweep, on_sweep, 0, SWEEP_MS);
}

/* Raises the limit of descriptors to the hard limit. */
static unsigned raise_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1024 - SPARE_FILES;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > 1000000)
        return 1000000;
    return limit.rlim_cur > 2 * SPARE_FILES ? (unsigned)limit.rlim_cur - SPARE_FILES : SPARE_FILES;
}

void pool_open(struct pool *pool, uv_loop_t *loop, SSL_CTX *tls)
{
    pool->loop = loop;
    pool->tls = tls;
    pool->max = raise_limit();
    pool->full_bytes = FULL_BYTES;
    pool->read_bytes = mem_new(POOL_READ_SIZE);
    pool->spare = wire_spare_new();
    uv_prepare_init(loop, &pool->prepare);
    uv_check_init(loop, &pool->check);
    uv_timer_init(loop, &pool->sweep);
    pool->prepare.data = pool->check.data = pool->sweep.data = pool;
    uv_prepare_start(&pool->prepare, on_prepare);
    uv_check_start(&pool->check, on_check);
    uv_timer_start(&pool->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
}

static void stop_when_empty(struct pool *pool)
{
    if (!pool->stopping || pool->count > 0)
        return;
    uv_close((uv_handle_t *)&pool->prepare, NULL);
    uv_close((uv_handle_t *)&pool->check, NULL);
    uv_close((uv_handle_t *)&pool->sweep, NULL);
}

void pool_stop(struct pool *pool)
{
    struct conn *conn;
    if (pool->stopping)
        return;
    pool->stopping = true;
    DL_FOREACH (pool->all, conn)
        conn_close(conn, "system-shutdown", NULL);
    stop_when_empty(pool);
}

void pool_close(struct pool *pool)
{
    SSL_CTX_free(pool->tls);
    buf_free(&pool->nowhere);
    free(pool->read_bytes);
    wire_spare_free(pool->spare);
}

bool pool_add(struct pool *pool, struct conn *conn)
{
    DL_APPEND(pool->all, conn);
    bool fits = ++pool->count <= pool->max;
    if (!fits && !pool->refusing)
        log_warn("connections are refused: the limit of open files allows %u", pool->max);
    pool->refusing = !fits;
    return fits;
}

void pool_remove(struct pool *pool, struct conn *conn)
{
    DL_DELETE(pool->all, conn);
    pool->count--;
    stop_when_empty(pool);
}

void pool_mark_dirty(struct pool *pool, struct conn *conn)
{
    if (conn->dirty)
        return;
    conn->dirty = true;
    conn->next_dirty = pool->dirty;
    pool->dirty = conn;
}

void pool_mark_ended(struct pool *pool, struct conn *conn)
{
    conn->next_ended = pool->ended;
    pool->ended = conn;
}
