#include "link/resolve.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"

struct resolve {
    uv_getaddrinfo_t request;
    resolve_done *done; /* NULL: cancelled */
    void *user;
};

static bool is_address(const char *host)
{
    struct in6_addr address;
    return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
}

static void collect_addresses(struct addresses *found, const struct addrinfo *list)
{
    for (; list && found->count < ADDRESSES_MAX; list = list->ai_next) {
        char *text = found->text[found->count];
        if (uv_ip_name(list->ai_addr, text, sizeof found->text[0]) == 0)
            found->count++;
    }
}

static void on_answer(uv_getaddrinfo_t *request, int status, struct addrinfo *list)
{
    struct resolve *resolve = request->data;
    struct addresses found = {0};
    collect_addresses(&found, list);
    uv_freeaddrinfo(list);
    if (status == 0 && found.count == 0)
        status = UV_EAI_NODATA;
    if (resolve->done)
        resolve->done(resolve->user, status, &found);
    free(resolve);
}

struct resolve *resolve_start(uv_loop_t *loop, const char *host, resolve_done *done, void *user)
{
    struct addresses numeric = {.count = 1};
    if (is_address(host)) {
        strcpy(numeric.text[0], host);
        done(user, 0, &numeric);
        return NULL;
    }
    struct resolve *resolve = mem_new(sizeof *resolve);
    resolve->done = done;
    resolve->user = user;
    resolve->request.data = resolve;
    static const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    int status = uv_getaddrinfo(loop, &resolve->request, on_answer, host, NULL, &hints);
    if (status == 0)
        return resolve;
    free(resolve);
    done(user, status, NULL);
    return NULL;
}

void resolve_cancel(struct resolve *resolve)
{
    if (!resolve)
        return;
    resolve->done = NULL;
    uv_cancel((uv_req_t *)&resolve->request);
}
