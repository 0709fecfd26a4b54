/* Reads the options of a room in any thread: for lists of rooms, which load none. */

#include "coven/store.h"
#include "options.h"

struct reading {
    struct room_config *config;
    const struct service_limits *limits;
};

static void read_one(void *user, const struct store_option *option)
{
    struct reading *reading = user;
    options_load(reading->config, option->var, option->value, reading->limits);
}

bool options_read(struct room_config *config, struct store *store, int64_t room,
                  const struct service_limits *limits)
{
    struct reading reading = {config, limits};
    options_init(config, limits);
    return store_options(store, room, read_one, &reading) != STORE_FAILED;
}
