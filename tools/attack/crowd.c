#include "crowd.h"

#include <string.h>

#include "honest.h"

static void *read_all(void *user)
{
    struct crowd *crowd = user;
    while (!atomic_load(&crowd->over))
        net_poll(&crowd->party.net, 20);
    return NULL;
}

/* Their accounts are the last. */
bool crowd_begin(struct crowd *crowd, const struct options *options, uint32_t count,
                 const char *room, struct buf *why)
{
    memset(crowd, 0, sizeof *crowd);
    crowd->party = (struct party){
        .options = options, .first = options->people - count, .count = count, .nick = 'c'};
    if (!count)
        return true;
    if (!party_begin(&crowd->party, why))
        return false;
    if (!party_join(&crowd->party, room, NULL)) {
        buf_add_text(why, "the crowd was not let into the room");
        return false;
    }
    crowd->received = crowd->party.net.received;
    crowd->running = pthread_create(&crowd->thread, NULL, read_all, crowd) == 0;
    return true;
}

uint64_t crowd_end(struct crowd *crowd)
{
    if (crowd->running) {
        atomic_store(&crowd->over, true);
        pthread_join(crowd->thread, NULL);
        crowd->running = false;
    }
    uint64_t received = crowd->party.net.received - crowd->received;
    party_end(&crowd->party);
    return received;
}
