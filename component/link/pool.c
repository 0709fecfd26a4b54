#include "link/pool.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"

#define STEP       16 /* bytes; sizes and addresses are multiples of it */
#define CLASSES    16 /* small pieces have up to STEP * CLASSES bytes */
#define SLAB_BYTES (64 * 1024)
#define NOTHING    SIZE_MAX

/* Stands before every piece. */
union head {
    struct {
        uint32_t class;   /* CLASSES: a piece of malloc()'s */
        uint32_t size;    /* of a piece of malloc()'s, in bytes */
        union head *next; /* of the free ones in its class */
    };
    char align[STEP];
};

struct slab {
    struct slab *next;
    _Alignas(STEP) char bytes[SLAB_BYTES];
};

struct pool {
    xmpp_mem_t mem;
    struct slab *slabs;
    size_t used;         /* bytes of the first slab */
    size_t awaited;      /* size in bytes of the piece to be watched, or NOTHING */
    const void *watched; /* NULL: no piece, or it was freed */
    union head *free[CLASSES];
};

/* Under a sanitizer every piece is malloc()'s, so that use after free is found. */
#ifdef __SANITIZE_ADDRESS__
#define PIECE_MAX 0
#else
#define PIECE_MAX ((size_t)STEP * CLASSES)
#endif

static union head *cut_piece(struct pool *pool, uint32_t class)
{
    size_t need = sizeof(union head) + (class + 1) * STEP;
    if (!pool->slabs || pool->used + need > SLAB_BYTES) {
        struct slab *slab = mem_resize(NULL, sizeof *slab);
        slab->next = pool->slabs;
        pool->slabs = slab;
        pool->used = 0;
    }
    union head *head = (union head *)(void *)(pool->slabs->bytes + pool->used);
    pool->used += need;
    head->class = class;
    return head;
}

static uint32_t class_of(size_t size)
{
    return size ? (uint32_t)((size - 1) / STEP) : 0;
}

static __attribute__((noinline)) void *alloc_new(struct pool *pool, size_t size)
{
    if (size <= PIECE_MAX)
        return cut_piece(pool, class_of(size)) + 1;
    union head *head = mem_resize(NULL, sizeof *head + size);
    head->class = CLASSES;
    head->size = (uint32_t)size;
    return head + 1;
}

/* Called some thirty times per message: the rare case is out of line. */
static void *alloc(struct pool *pool, size_t size)
{
    if (size > PIECE_MAX)
        return alloc_new(pool, size);
    union head **list = &pool->free[class_of(size)], *head = *list;
    if (!head)
        return alloc_new(pool, size);
    *list = head->next;
    __builtin_prefetch(head->next, 1); /* the next piece of that size, which was used a turn ago */
    return head + 1;
}

static void *alloc_watched(struct pool *pool, size_t size)
{
    void *piece = alloc(pool, size);
    pool->awaited = NOTHING;
    pool->watched = piece;
    return piece;
}

static void *pool_alloc(size_t size, void *user)
{
    struct pool *pool = user;
    return pool->awaited == size ? alloc_watched(pool, size) : alloc(pool, size);
}

static void pool_release(void *piece, void *user)
{
    struct pool *pool = user;
    union head *head = piece;
    if (!piece)
        return;
    if (piece == pool->watched)
        pool->watched = NULL;
    head--;
    if (head->class == CLASSES) {
        free(head);
        return;
    }
    head->next = pool->free[head->class];
    pool->free[head->class] = head;
}

static void *pool_resize(void *piece, size_t size, void *user)
{
    void *larger = pool_alloc(size, user);
    if (!piece)
        return larger;
    const union head *head = (const union head *)piece - 1;
    size_t had = head->class == CLASSES ? head->size : (head->class + 1) * (size_t)STEP;
    memcpy(larger, piece, had < size ? had : size);
    pool_release(piece, user);
    return larger;
}

struct pool *pool_new(void)
{
    struct pool *pool = mem_new(sizeof *pool);
    pool->awaited = NOTHING;
    pool->mem = (xmpp_mem_t){pool_alloc, pool_release, pool_resize, pool};
    return pool;
}

void pool_free(struct pool *pool)
{
    while (pool->slabs) {
        struct slab *slab = pool->slabs;
        pool->slabs = slab->next;
        free(slab);
    }
    free(pool);
}

void pool_watch(struct pool *pool, size_t size)
{
    pool->awaited = size;
    pool->watched = NULL;
}

bool pool_holds(const struct pool *pool)
{
    return pool->watched != NULL;
}

const xmpp_mem_t *pool_mem(const struct pool *pool)
{
    return &pool->mem;
}
