#include "config_keys.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "config_values.h"
#include "coven/jid.h"
#include "coven/mem.h"

#define AT(member) offsetof(struct config, member)
#define TEXT(section, name, member, standard)                                                      \
    {                                                                                              \
        section, name, KEY_TEXT, AT(member), standard, 0, 0, NULL                                  \
    }
#define CHECKED(section, name, member, standard, fault)                                            \
    {                                                                                              \
        section, name, KEY_TEXT, AT(member), standard, 0, 0, fault                                 \
    }
#define NUMBER(section, name, member, standard, min, max)                                          \
    {                                                                                              \
        section, name, KEY_NUMBER, AT(member), standard, min, max, NULL                            \
    }

#define ADDRESSES(section, name, member)                                                           \
    {                                                                                              \
        section, name, KEY_ADDRESSES, AT(member), NULL, 0, 0, NULL                                 \
    }

#define FAR 100000000 /* as good as no bound */

static const struct config_key keys[] = {
    CHECKED("link", "server", server, "127.0.0.1:5347", config_server_fault),
    CHECKED("link", "domain", domain, "conference.localhost", config_domain_fault),
    TEXT("link", "secret_file", secret_file, NULL),
    NUMBER("link", "connect_seconds", connect_seconds, "20", 1, 3600),
    NUMBER("link", "silence_seconds", silence_seconds, "20", 1, 3600),
    NUMBER("link", "answer_seconds", answer_seconds, "10", 1, 3600),
    NUMBER("link", "backoff_min_seconds", backoff_min_seconds, "1", 1, 3600),
    NUMBER("link", "backoff_max_seconds", backoff_max_seconds, "60", 1, 86400),
    NUMBER("link", "stop_seconds", stop_seconds, "5", 0, 3600),
    TEXT("store", "data", data, NULL),
    CHECKED("store", "synchronous", synchronous, "full", config_synchronous_fault),
    CHECKED("service", "restart", restart, "silent", config_restart_fault),
    CHECKED("service", "name", name, "Chat rooms", config_text_fault),
    NUMBER("service", "list_occupants", list_occupants, "1", 0, 1),
    NUMBER("service", "open_registration", open_registration, "0", 0, 1),
    NUMBER("service", "strict_registration", strict_registration, "0", 0, 1),
    ADDRESSES("service", "admin", admins),
    ADDRESSES("service", "creator", creators),
    ADDRESSES("service", "local_domain", local_domains),
    NUMBER("archive", "page_messages", archive_page, "50", 1, 1000),
    NUMBER("archive", "keep_days", archive_days, "0", 0, 36500),
    NUMBER("archive", "keep_messages", archive_keep, "0", 0, 1000000000),
    NUMBER("archive", "queries", archive_queries, "1000", 1, 1000000),
    NUMBER("archive", "user_queries", user_queries, "100", 1, 1000000),
    CHECKED("log", "level", log_level_name, "info", config_level_fault),
    NUMBER("limits", "rooms", rooms, "1000000", 1, FAR),
    NUMBER("limits", "occupants", occupants, "100000", 1, FAR),
    NUMBER("limits", "sessions", sessions, "100", 1, FAR),
    NUMBER("limits", "user_sessions", user_sessions, "1000000", 1, FAR),
    NUMBER("limits", "user_created", user_created, "1000000", 1, FAR),
    NUMBER("limits", "user_rate", user_rate, "0", 0, 1000000),
    NUMBER("limits", "user_burst", user_burst, "20", 1, 1000000),
    NUMBER("limits", "room_rate", room_rate, "0", 0, 1000000),
    NUMBER("limits", "room_burst", room_burst, "100", 1, 1000000),
    NUMBER("limits", "affiliations", affiliations, "20000", 1, FAR),
    NUMBER("limits", "items", items, "500", 1, 1000),
    NUMBER("limits", "history", history, "100", 0, 10000),
    NUMBER("limits", "nick_characters", nick, "1023", 1, 1023),
    NUMBER("limits", "room_name_bytes", room_name, "1023", 1, 1023),
    NUMBER("limits", "stanza_bytes", stanza, "262144", 10000, 1000000),
    NUMBER("limits", "subject_bytes", subject, "65536", 1, 262144),
    NUMBER("limits", "reason_bytes", reason, "4096", 1, 16384),
    NUMBER("limits", "presence_bytes", presence, "65536", 0, 262144),
    NUMBER("limits", "option_bytes", option, "4096", 1, 16384),
    NUMBER("limits", "vcard_bytes", vcard, "131072", 0, 500000),
    NUMBER("limits", "departures", departures, "100000", 0, FAR),
    NUMBER("limits", "lock_seconds", lock, "300", 1, FAR),
    NUMBER("limits", "idle_rooms", idle_rooms, "100", 0, FAR),
    NUMBER("limits", "invites", invites, "100", 1, 1000),
    NUMBER("limits", "voice_seconds", voice, "0", 0, FAR),
    NUMBER("limits", "relays", relays, "100000", 0, FAR),
    NUMBER("limits", "relay_seconds", relay, "60", 1, 3600),
    NUMBER("limits", "queue_high_mib", queue_high, "64", 1, 65536),
    NUMBER("limits", "queue_low_mib", queue_low, "32", 0, 65536),
};

#define KEY_COUNT (sizeof keys / sizeof *keys)

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
