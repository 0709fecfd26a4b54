/* The configuration as the link, the rooms and the outbox want it. */

#include "config.h"

#define KEPT_IN_MEMORY 1000 /* messages of a room; what is in memory does not grow for ever */

static unsigned messages_kept(const struct config *config)
{
    bool unlimited = config->archive_keep == 0 && config->archive_days == 0;
    return unlimited && !config->data ? KEPT_IN_MEMORY : (unsigned)config->archive_keep;
}

static struct service_limits limits_of(const struct config *config)
{
    return (struct service_limits){
        .rooms = (unsigned)config->rooms,
        .occupants = (unsigned)config->occupants,
        .sessions = (unsigned)config->sessions,
        .user_sessions = (unsigned)config->user_sessions,
        .user_created = (unsigned)config->user_created,
        .user_rate = (unsigned)config->user_rate,
        .user_burst = (unsigned)config->user_burst,
        .room_rate = (unsigned)config->room_rate,
        .room_burst = (unsigned)config->room_burst,
        .visit_rate = (unsigned)config->visit_rate,
        .visit_burst = (unsigned)config->visit_burst,
        .own_domain_factor = (unsigned)config->own_domain_factor,
        .answer_rate = (unsigned)config->answer_rate,
        .answer_burst = (unsigned)config->answer_burst,
        .refusal_rate = (unsigned)config->refusal_rate,
        .refusal_burst = (unsigned)config->refusal_burst,
        .user_queue_ms = (unsigned)config->user_queue,
        .room_queue_ms = (unsigned)config->room_queue,
        .affiliations = (unsigned)config->affiliations,
        .items = (unsigned)config->items,
        .history = (unsigned)config->history,
        .history_bytes = (unsigned)config->history_bytes,
        .history_seconds = (unsigned)config->history_seconds,
        .nick_chars = (unsigned)config->nick,
        .room_name_bytes = (unsigned)config->room_name,
        .stanza_bytes = (unsigned)config->stanza,
        .reason_bytes = (unsigned)config->reason,
        .subject_bytes = (unsigned)config->subject,
        .presence_bytes = (unsigned)config->presence,
        .option_bytes = (unsigned)config->option,
        .vcard_bytes = (unsigned)config->vcard,
        .departures = (unsigned)config->departures,
        .lock_seconds = (unsigned)config->lock,
        .vacant_seconds = (unsigned)config->vacant,
        .idle_rooms = (unsigned)config->idle_rooms,
        .invites = (unsigned)config->invites,
        .hour_invites = (unsigned)config->hour_invites,
        .voice_seconds = (unsigned)config->voice,
        .relays = (unsigned)config->relays,
        .user_relays = (unsigned)config->user_relays,
        .relay_seconds = (unsigned)config->relay,
        .whispers = (unsigned)config->whispers,
        .user_whispers = (unsigned)config->user_whispers,
        .whisper_seconds = (unsigned)config->whisper,
        .questions = (unsigned)config->questions,
        .parked = (unsigned)config->parked,
        .parked_kib = (unsigned)config->parked_kib,
        .archive_page = (unsigned)config->archive_page,
        .archive_days = (unsigned)config->archive_days,
        .archive_keep = messages_kept(config),
        .archive_queries = (unsigned)config->archive_queries,
        .user_queries = (unsigned)config->user_queries,
        .search_ms = (unsigned)config->search_ms,
    };
}

struct service_settings config_service_settings(const struct config *config)
{
    return (struct service_settings){
        .domain = config->domain,
        .name = config->name,
        .list_occupants = config->list_occupants,
        .open_registration = config->open_registration,
        .strict_registration = config->strict_registration,
        .admins = (const char *const *)config->admins,
        .creators = (const char *const *)config->creators,
        .local_domains = (const char *const *)config->local_domains,
        .limits = limits_of(config),
    };
}

struct link_settings config_link_settings(const struct config *config)
{
    return (struct link_settings){
        .host = config->host,
        .port = config->port,
        .domain = config->domain,
        .secret = config->secret,
        .connect_ms = (uint32_t)config->connect_seconds * 1000,
        .silence_ms = (uint32_t)config->silence_seconds * 1000,
        .answer_ms = (uint32_t)config->answer_seconds * 1000,
        .backoff_after_ms = (uint32_t)config->backoff_after_seconds * 1000,
        .backoff_min_ms = (uint32_t)config->backoff_min_seconds * 1000,
        .backoff_max_ms = (uint32_t)config->backoff_max_seconds * 1000,
        .input_bytes = 64 * 1024,
        .input_ms = 5,
        .seeks_rival = true,
    };
}

struct outbox_limits config_outbox_limits(const struct config *config)
{
    return (struct outbox_limits){.high = config->queue_high << 20, .low = config->queue_low << 20};
}
