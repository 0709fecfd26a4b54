#include "config_keys.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "config_values.h"
#include "coven/bug.h"
#include "coven/jid.h"
#include "coven/mem.h"

#define AT(member) offsetof(struct config, member)
#define TEXT(change, section, name, member, standard, fault)                                       \
    {                                                                                              \
        section, name, KEY_##change, KEY_TEXT, AT(member), standard, 0, 0, fault                   \
    }
#define NUMBER(change, section, name, member, standard, min, max)                                  \
    {                                                                                              \
        section, name, KEY_##change, KEY_NUMBER, AT(member), standard, min, max, NULL              \
    }
#define ADDRESSES(change, section, name, member)                                                   \
    {                                                                                              \
        section, name, KEY_##change, KEY_ADDRESSES, AT(member), NULL, 0, 0, NULL                   \
    }

#define FAR 100000000 /* as good as no bound */

static const struct config_key keys[] = {
    TEXT(RELOAD, "link", "server", server, "127.0.0.1:5347", config_server_fault),
    TEXT(RESTART, "link", "domain", domain, "conference.localhost", config_domain_fault),
    TEXT(RELOAD, "link", "secret_file", secret_file, NULL, NULL),
    NUMBER(RELOAD, "link", "connect_seconds", connect_seconds, "20", 1, 3600),
    NUMBER(RELOAD, "link", "silence_seconds", silence_seconds, "20", 1, 3600),
    NUMBER(RELOAD, "link", "answer_seconds", answer_seconds, "10", 1, 3600),
    NUMBER(RELOAD, "link", "backoff_after_seconds", backoff_after_seconds, "30", 0, 3600),
    NUMBER(RELOAD, "link", "backoff_min_seconds", backoff_min_seconds, "1", 1, 3600),
    NUMBER(RELOAD, "link", "backoff_max_seconds", backoff_max_seconds, "60", 1, 86400),
    NUMBER(RELOAD, "link", "stop_seconds", stop_seconds, "5", 0, 3600),
    TEXT(RESTART, "store", "data", data, NULL, NULL),
    TEXT(RESTART, "store", "synchronous", synchronous, "full", config_synchronous_fault),
    TEXT(RELOAD, "service", "restart", restart, "silent", config_restart_fault),
    TEXT(RELOAD, "service", "name", name, "Chat rooms", config_text_fault),
    NUMBER(RELOAD, "service", "list_occupants", list_occupants, "1", 0, 1),
    NUMBER(RELOAD, "service", "open_registration", open_registration, "0", 0, 1),
    NUMBER(RELOAD, "service", "strict_registration", strict_registration, "0", 0, 1),
    ADDRESSES(RELOAD, "service", "admin", admins),
    ADDRESSES(RELOAD, "service", "creator", creators),
    ADDRESSES(RELOAD, "service", "local_domain", local_domains),
    NUMBER(RELOAD, "archive", "page_messages", archive_page, "50", 1, 1000),
    NUMBER(RELOAD, "archive", "keep_days", archive_days, "0", 0, 36500),
    NUMBER(RELOAD, "archive", "keep_messages", archive_keep, "0", 0, 1000000000),
    NUMBER(RELOAD, "archive", "queries", archive_queries, "5000", 1, 1000000),
    NUMBER(RELOAD, "archive", "user_queries", user_queries, "100", 1, 1000000),
    NUMBER(RELOAD, "archive", "search_ms", search_ms, "250", 1, 60000),
    TEXT(RELOAD, "log", "level", log_level_name, "info", config_level_fault),
    NUMBER(RELOAD, "limits", "rooms", rooms, "1000000", 1, FAR),
    NUMBER(RELOAD, "limits", "occupants", occupants, "100000", 1, FAR),
    NUMBER(RELOAD, "limits", "sessions", sessions, "100", 1, FAR),
    NUMBER(RELOAD, "limits", "user_sessions", user_sessions, "1000", 1, FAR),
    NUMBER(RELOAD, "limits", "user_created", user_created, "100", 1, FAR),
    NUMBER(RELOAD, "limits", "user_rate", user_rate, "20", 0, 1000000),
    NUMBER(RELOAD, "limits", "user_burst", user_burst, "400", 1, 1000000),
    NUMBER(RELOAD, "limits", "visit_rate", visit_rate, "2", 0, 1000000),
    NUMBER(RELOAD, "limits", "visit_burst", visit_burst, "30", 1, 1000000),
    NUMBER(RELOAD, "limits", "room_rate", room_rate, "50", 0, 1000000),
    NUMBER(RELOAD, "limits", "room_burst", room_burst, "1000", 1, 1000000),
    NUMBER(RELOAD, "limits", "own_domain_factor", own_domain_factor, "2", 1, 1000),
    NUMBER(RELOAD, "limits", "answer_rate", answer_rate, "1048576", 0, 1000000000),
    NUMBER(RELOAD, "limits", "answer_burst", answer_burst, "8388608", 1, 2000000000),
    NUMBER(RELOAD, "limits", "refusal_rate", refusal_rate, "1", 0, 1000000),
    NUMBER(RELOAD, "limits", "refusal_burst", refusal_burst, "100", 1, 1000000),
    NUMBER(RELOAD, "limits", "affiliations", affiliations, "20000", 1, FAR),
    NUMBER(RELOAD, "limits", "items", items, "500", 1, 1000),
    NUMBER(RELOAD, "limits", "history", history, "100", 0, 10000),
    NUMBER(RELOAD, "limits", "history_bytes", history_bytes, "262144", 0, FAR),
    NUMBER(RELOAD, "limits", "history_seconds", history_seconds, "10", 0, 86400),
    NUMBER(RELOAD, "limits", "nick_characters", nick, "1023", 1, 1023),
    NUMBER(RELOAD, "limits", "room_name_bytes", room_name, "1023", 1, 1023),
    NUMBER(RELOAD, "limits", "stanza_bytes", stanza, "262144", 10000, 1000000),
    NUMBER(RELOAD, "limits", "subject_bytes", subject, "65536", 1, 262144),
    NUMBER(RELOAD, "limits", "reason_bytes", reason, "4096", 1, 16384),
    NUMBER(RELOAD, "limits", "presence_bytes", presence, "16384", 0, 262144),
    NUMBER(RELOAD, "limits", "option_bytes", option, "4096", 1, 16384),
    NUMBER(RELOAD, "limits", "vcard_bytes", vcard, "131072", 0, 500000),
    NUMBER(RELOAD, "limits", "departures", departures, "100000", 0, FAR),
    NUMBER(RELOAD, "limits", "lock_seconds", lock, "300", 1, FAR),
    NUMBER(RELOAD, "limits", "vacant_seconds", vacant, "120", 0, FAR),
    NUMBER(RELOAD, "limits", "idle_rooms", idle_rooms, "100", 0, FAR),
    NUMBER(RELOAD, "limits", "invites", invites, "100", 1, 1000),
    NUMBER(RELOAD, "limits", "hour_invites", hour_invites, "100", 0, 1000000),
    NUMBER(RELOAD, "limits", "voice_seconds", voice, "30", 0, FAR),
    NUMBER(RELOAD, "limits", "relays", relays, "100000", 0, FAR),
    NUMBER(RELOAD, "limits", "user_relays", user_relays, "1000", 0, FAR),
    NUMBER(RELOAD, "limits", "relay_seconds", relay, "60", 1, 3600),
    NUMBER(RELOAD, "limits", "whispers", whispers, "10000", 0, FAR),
    NUMBER(RELOAD, "limits", "user_whispers", user_whispers, "1000", 0, FAR),
    NUMBER(RELOAD, "limits", "whisper_seconds", whisper, "900", 1, 86400),
    NUMBER(RELOAD, "limits", "questions", questions, "10000", 1, FAR),
    NUMBER(RELOAD, "limits", "user_queue_ms", user_queue, "1500", 0, 1000000),
    NUMBER(RELOAD, "limits", "room_queue_ms", room_queue, "1000", 0, 1000000),
    NUMBER(RELOAD, "limits", "parked", parked, "1000", 0, 1000000),
    NUMBER(RELOAD, "limits", "parked_kib", parked_kib, "4096", 0, 1000000),
    NUMBER(RELOAD, "limits", "queue_high_mib", queue_high, "64", 1, 65536),
    NUMBER(RELOAD, "limits", "queue_low_mib", queue_low, "32", 0, 65536),
    NUMBER(RELOAD, "limits", "memory_mib", memory, "0", 0, FAR),
};

#define KEY_COUNT (sizeof keys / sizeof *keys)
_Static_assert(KEY_COUNT <= CONFIG_KEYS_MAX, "CONFIG_KEYS_MAX is too small");

const struct config_key *config_key_at(size_t index)
{
    return index < KEY_COUNT ? &keys[index] : NULL;
}

const struct config_key *config_key_find(const char *section, const char *name)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strcmp(keys[i].section, section) == 0 && strcmp(keys[i].name, name) == 0)
            return &keys[i];
    }
    return NULL;
}

size_t config_key_index(const struct config_key *key)
{
    return (size_t)(key - keys);
}

const char *config_section_of(const char *name)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strcmp(keys[i].name, name) == 0)
            return keys[i].section;
    }
    return NULL;
}

bool config_section_exists(const char *section)
{
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (strcmp(keys[i].section, section) == 0)
            return true;
    }
    return false;
}

/* ---- Values ---- */

static bool set_number(const struct config_key *key, uint64_t *number, const char *value,
                       struct buf *why)
{
    bool digits = *value && value[strspn(value, "0123456789")] == '\0' && strlen(value) <= 18;
    uint64_t given = digits ? strtoull(value, NULL, 10) : 0;
    if (!digits || given < key->min || given > key->max) {
        buf_printf(why, "%s must be a number from %" PRIu64 " to %" PRIu64 ", not \"%s\"",
                   key->name, key->min, key->max, value);
        return false;
    }
    *number = given;
    return true;
}

static bool add_address(const struct config_key *key, char ***list, const char *value,
                        struct buf *why)
{
    struct jid jid;
    size_t count = 0;
    if (!jid_parse(span_of(value), &jid) || jid_has_resource(&jid)) {
        buf_printf(why, "%s must be user@domain or a domain, not \"%s\"", key->name, value);
        return false;
    }
    while (*list && (*list)[count])
        count++;
    *list = mem_resize(*list, (count + 2) * sizeof **list);
    (*list)[count] = mem_copy(jid.text, jid.bare_len);
    (*list)[count + 1] = NULL;
    return true;
}

bool config_key_set(const struct config_key *key, struct config *config, const char *value,
                    struct buf *why)
{
    void *member = (char *)config + key->offset;
    if (key->type == KEY_NUMBER)
        return set_number(key, member, value, why);
    if (key->type == KEY_ADDRESSES)
        return add_address(key, member, value, why);
    if (*value == '\0') {
        buf_printf(why, "%s has no value", key->name);
        return false;
    }
    const char *fault = key->fault ? key->fault(value) : NULL;
    if (fault) {
        buf_printf(why, "%s must be %s, not \"%s\"", key->name, fault, value);
        return false;
    }
    char **text = member;
    free(*text);
    *text = mem_string(value);
    return true;
}

bool config_key_equal(const struct config_key *key, const struct config *a, const struct config *b)
{
    const void *left = (const char *)a + key->offset, *right = (const char *)b + key->offset;
    coven_assert(key->type != KEY_ADDRESSES);
    if (key->type == KEY_NUMBER)
        return *(const uint64_t *)left == *(const uint64_t *)right;
    const char *old = *(char *const *)left, *new = *(char *const *)right;
    return old && new ? strcmp(old, new) == 0 : old == new;
}

void config_key_swap(const struct config_key *key, struct config *a, struct config *b)
{
    char kept[sizeof(uint64_t)];
    size_t size = key->type == KEY_NUMBER ? sizeof(uint64_t) : sizeof(char *);
    void *left = (char *)a + key->offset, *right = (char *)b + key->offset;
    memcpy(kept, left, size);
    memcpy(left, right, size);
    memcpy(right, kept, size);
}
