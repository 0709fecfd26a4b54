#include "config_keys.h"

#include <string.h>

#define KEY(change, kind, section, name, member, standard, ...)                                    \
    {                                                                                              \
        section, name, KEY_##change, KEY_##kind, offsetof(struct config, member),                  \
            sizeof(((struct config *)0)->member), standard, __VA_ARGS__                            \
    }
#define TEXT(change, kind, section, name, member, standard)                                        \
    KEY(change, kind, section, name, member, standard, .words = NULL)
#define CHOICE(change, section, name, member, standard, list)                                      \
    KEY(change, CHOICE, section, name, member, standard, .words = list)
#define FLAG(section, name, member, standard) CHOICE(RELOAD, section, name, member, standard, flags)
#define SCALED(factor, section, name, member, standard, low, high)                                 \
    KEY(RELOAD, NUMBER, section, name, member, standard, .min = low, .max = high, .scale = factor)
#define NUMBER(section, name, member, standard, low, high)                                         \
    SCALED(1, section, name, member, standard, low, high)
/* Written in seconds, stored in milliseconds; written in MiB, stored in bytes. */
#define MS(section, name, member, standard, low, high)                                             \
    SCALED(1000, section, name, member, standard, low, high)
#define BYTES(section, name, member, standard, low, high)                                          \
    SCALED(1 << 20, section, name, member, standard, low, high)
#define FIXED(section, name, member, standard, low, high)                                          \
    KEY(RESTART, NUMBER, section, name, member, standard, .min = low, .max = high, .scale = 1)
#define LIMIT(name, standard, low, high)                                                           \
    NUMBER("limits", #name, service.limits.name, standard, low, high)

#define FAR 100000000 /* practically no bound */

static const char *const flags[] = {"0", "1", NULL};
static const char *const syncs[] = {"normal", "full", NULL}; /* by config.full_sync */
static const char *const restarts[] = {
    [CONFIG_RESTART_SILENT] = "silent", [CONFIG_RESTART_STOP] = "stop", NULL};

static const char *const creations[] = {[CREATION_EVERYBODY] = "everybody",
                                        [CREATION_LOCAL] = "local",
                                        [CREATION_LISTED] = "listed",
                                        NULL};

static const struct config_key keys[] = {
    TEXT(RELOAD, SERVER, "link", "server", link, "127.0.0.1:5347"),
    TEXT(RESTART, DOMAIN, "link", "domain", service.domain, "conference.localhost"),
    TEXT(RELOAD, PATH, "link", "secret_file", secret_file, NULL),
    MS("link", "connect_seconds", link.connect_ms, "20", 1, 3600),
    MS("link", "silence_seconds", link.silence_ms, "20", 1, 3600),
    MS("link", "answer_seconds", link.answer_ms, "10", 1, 3600),
    MS("link", "backoff_after_seconds", link.backoff_after_ms, "30", 0, 3600),
    MS("link", "backoff_min_seconds", link.backoff_min_ms, "1", 1, 3600),
    MS("link", "backoff_max_seconds", link.backoff_max_ms, "60", 1, 86400),
    FLAG("link", "multi", link.multiplies, "1"),
    MS("link", "stop_seconds", stop_ms, "5", 0, 3600),
    TEXT(RESTART, PATH, "store", "data", data, NULL),
    CHOICE(RESTART, "store", "synchronous", full_sync, "full", syncs),
    TEXT(RESTART, PATH, "control", "socket", control, NULL),
    TEXT(RESTART, TEXT, "http", "listen", http, NULL),
    TEXT(RESTART, PATH, "http", "token_file", http_token_file, NULL),
    CHOICE(RELOAD, "service", "restart", restart, "silent", restarts),
    TEXT(RELOAD, TEXT, "service", "name", service.name, "Chat rooms"),
    TEXT(RELOAD, URL, "service", "logs_url", service.logs_url, NULL),
    NUMBER("service", "tombstone_days", service.tombstone_days, "31", 0, 36500),
    FLAG("service", "list_occupants", service.list_occupants, "1"),
    FLAG("service", "avatar_presence", service.avatar_presence, "1"),
    FLAG("service", "open_registration", service.open_registration, "0"),
    FLAG("service", "strict_registration", service.strict_registration, "0"),
    TEXT(RELOAD, ADDRESSES, "service", "admin", service.admins, NULL),
    CHOICE(RELOAD, "service", "creation", service.creation, "everybody", creations),
    TEXT(RELOAD, ADDRESSES, "service", "creator", service.creators, NULL),
    TEXT(RELOAD, ADDRESSES, "service", "local_domain", service.local_domains, NULL),
    TEXT(RELOAD, OPTIONS, "room", "fixed", service.fixed, NULL),
    NUMBER("archive", "page_messages", service.limits.archive_page, "50", 1, 1000),
    NUMBER("archive", "keep_days", service.limits.archive_days, "0", 0, 36500),
    NUMBER("archive", "keep_messages", keep_messages, "0", 0, 1000000000),
    NUMBER("archive", "queries", service.limits.archive_queries, "5000", 1, 1000000),
    NUMBER("archive", "user_queries", service.limits.user_queries, "100", 1, 1000000),
    NUMBER("archive", "search_ms", service.limits.search_ms, "250", 1, 60000),
    CHOICE(RELOAD, "log", "level", log_level, "info", log_level_names),
    LIMIT(rooms, "1000000", 1, FAR),
    LIMIT(occupants, "100000", 1, FAR),
    LIMIT(sessions, "100", 1, FAR),
    LIMIT(user_sessions, "1000", 1, FAR),
    LIMIT(user_created, "100", 1, FAR),
    LIMIT(tombstones, "100000", 0, FAR),
    LIMIT(user_tombstones, "100", 0, FAR),
    LIMIT(user_rate, "20", 0, 1000000),
    LIMIT(user_burst, "400", 1, 1000000),
    LIMIT(visit_rate, "2", 0, 1000000),
    LIMIT(visit_burst, "30", 1, 1000000),
    LIMIT(room_rate, "50", 0, 1000000),
    LIMIT(room_burst, "1000", 1, 1000000),
    LIMIT(own_domain_factor, "2", 1, 1000),
    LIMIT(answer_rate, "1048576", 0, 1000000000),
    LIMIT(answer_burst, "8388608", 1, 2000000000),
    LIMIT(refusal_rate, "1", 0, 1000000),
    LIMIT(refusal_burst, "100", 1, 1000000),
    LIMIT(affiliations, "200000", 1, FAR),
    LIMIT(applicants, "100", 1, FAR),
    LIMIT(applicant_days, "30", 1, 36500),
    LIMIT(items, "500", 1, 1000),
    LIMIT(history, "100", 0, 10000),
    LIMIT(history_bytes, "262144", 0, FAR),
    LIMIT(history_seconds, "10", 0, 86400),
    NUMBER("limits", "nick_characters", service.limits.nick_chars, "1023", 1, 1023),
    LIMIT(room_name_bytes, "1023", 1, 1023),
    LIMIT(stanza_bytes, "262144", 10000, 1000000),
    LIMIT(subject_bytes, "65536", 1, 262144),
    LIMIT(reason_bytes, "4096", 1, 16384),
    LIMIT(presence_bytes, "16384", 0, 262144),
    LIMIT(option_bytes, "4096", 1, 16384),
    LIMIT(vcard_bytes, "131072", 0, 500000),
    LIMIT(departures, "100000", 0, FAR),
    LIMIT(lock_seconds, "300", 1, FAR),
    LIMIT(vacant_seconds, "120", 0, FAR),
    LIMIT(idle_rooms, "100", 0, FAR),
    LIMIT(invites, "100", 1, 1000),
    LIMIT(hour_invites, "100", 0, 1000000),
    LIMIT(voice_seconds, "30", 0, FAR),
    LIMIT(relays, "100000", 0, FAR),
    LIMIT(user_relays, "1000", 0, FAR),
    LIMIT(relay_seconds, "60", 1, 3600),
    LIMIT(whispers, "10000", 0, FAR),
    LIMIT(user_whispers, "1000", 0, FAR),
    LIMIT(whisper_seconds, "900", 1, 86400),
    LIMIT(questions, "10000", 1, FAR),
    LIMIT(user_queue_ms, "1500", 0, 1000000),
    LIMIT(room_queue_ms, "1000", 0, 1000000),
    LIMIT(parked, "1000", 0, 1000000),
    LIMIT(parked_kib, "4096", 0, 1000000),
    LIMIT(commands, "100", 1, 10000),
    LIMIT(held_log_mib, "256", 0, 1000000),
    FIXED("limits", "http_connections", http_connections, "256", 1, 10000),
    FIXED("limits", "http_seconds", http_seconds, "60", 1, 86400),
    LIMIT(denials, "100000", 0, FAR),
    LIMIT(command_forms, "100", 1, 10000),
    LIMIT(user_commands, "5", 1, 1000),
    BYTES("limits", "queue_high_mib", outbox.high, "64", 1, 65536),
    BYTES("limits", "queue_low_mib", outbox.low, "32", 0, 65536),
    BYTES("limits", "memory_mib", memory_bytes, "0", 0, FAR),
};

#define KEY_COUNT (sizeof keys / sizeof *keys)
_Static_assert(KEY_COUNT <= CONFIG_KEYS_MAX, "CONFIG_KEYS_MAX is too small");

const struct config_key *config_key_at(size_t index)
{
    return index < KEY_COUNT ? &keys[index] : NULL;
}

size_t config_key_index(const struct config_key *key)
{
    return (size_t)(key - keys);
}

bool config_key_repeats(const struct config_key *key)
{
    return key->kind == KEY_ADDRESSES || key->kind == KEY_OPTIONS;
}

const struct config_key *config_key_find(const char *section, const char *name)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if ((!section || strcmp(keys[i].section, section) == 0) &&
            (!name || strcmp(keys[i].name, name) == 0))
            return &keys[i];
    }
    return NULL;
}
