/* What a new configuration changes while covend runs. */

#include "config.h"
#include "config_keys.h"

/* The old value of a key that is not to change stays in `config` when all else is exchanged. */
static void hold_back(struct config *config, struct config *fresh, const struct config_key *key)
{
    if (config_key_equal(key, config, fresh))
        return;
    log_warn("%s has changed in [%s]: that needs a restart", key->name, key->section);
    config_key_swap(key, config, fresh);
}

/* The server's own domain was told from a domain that is not in force. */
static void hold_back_assumed(struct config *config, struct config *fresh)
{
    const struct config_key *key = config_key_find("service", "local_domain");
    if (fresh->is_local_assumed && config->is_local_assumed)
        config_key_swap(key, config, fresh);
}

void config_adopt(struct config *config, struct config *fresh)
{
    for (size_t i = 0; config_key_at(i); i++) {
        const struct config_key *key = config_key_at(i);
        if (key->change == KEY_RESTART)
            hold_back(config, fresh, key);
    }
    hold_back_assumed(config, fresh);
    struct config old = *config;
    *config = *fresh;
    *fresh = old;
}
