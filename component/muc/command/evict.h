/* Makes a user, or all users of a domain, leave all rooms: in steps, each a bounded number of them.
 */
#ifndef MUC_COMMAND_EVICT_H
#define MUC_COMMAND_EVICT_H

#include "running.h"

struct evict {
    char *address;
    bool is_domain;
    char *after; /* the last full JID that was read */
    bool over, failed;
    struct evict_place *places; /* where those are who are to leave */
    size_t count, at;
};

void evict_open(struct evict *evict, const char *address);
void evict_close(struct evict *evict);

/* Takes out some of those who were found. RUN_DONE: all have left. RUN_WAITS: evict_read() is to be
 * called in another thread, then this again. Only those leave whom the service denies, for its
 * reason, if `denied` is set. */
enum run_next evict_step(struct evict *evict, struct run *run, bool denied);

void evict_read(struct evict *evict, struct store *store);

#endif
