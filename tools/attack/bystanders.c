#include "bystanders.h"

#include <string.h>

#include "honest.h"

static void *read_all(void *user)
{
    struct bystanders *bystanders = user;
    while (!atomic_load(&bystanders->over))
        net_poll(&bystanders->group.net, 20);
    return NULL;
}

/* They use the last accounts. */
bool bystanders_begin(struct bystanders *bystanders, const struct options *options, uint32_t count,
                      const char *room, struct buf *why)
{
    memset(bystanders, 0, sizeof *bystanders);
    bystanders->group = (struct group){
        .options = options, .first = options->people - count, .count = count, .nick = 'c'};
    if (!count)
        return true;
    if (!group_begin(&bystanders->group, why))
        return false;
    if (!group_join(&bystanders->group, room, NULL)) {
        buf_add_text(why, "the bystanders could not join the room");
        return false;
    }
    bystanders->received = bystanders->group.net.received;
    bystanders->running = pthread_create(&bystanders->thread, NULL, read_all, bystanders) == 0;
    return true;
}

uint64_t bystanders_end(struct bystanders *bystanders)
{
    if (bystanders->running) {
        atomic_store(&bystanders->over, true);
        pthread_join(bystanders->thread, NULL);
        bystanders->running = false;
    }
    uint64_t received = bystanders->group.net.received - bystanders->received;
    group_end(&bystanders->group);
    return received;
}
