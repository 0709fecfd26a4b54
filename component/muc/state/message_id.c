#include "message_id.h"

#include <stdlib.h>
#include <string.h>

#include "coven/id.h"
#include "service_state.h"

uint64_t message_id_noise(struct service *service)
{
    if (service->noise_left == 0) {
        id_random_bytes(service->noise, sizeof service->noise);
        service->noise_left = NOISE_COUNT;
    }
    return service->noise[--service->noise_left];
}

struct message_id message_id_next(struct service *service)
{
    return (struct message_id){era_next_key(service), message_id_noise(service)};
}

void message_id_print(struct message_id id, char out[MESSAGE_ID_SIZE])
{
    unsigned char bytes[(MESSAGE_ID_SIZE - 1) / 2];
    for (size_t i = 0; i < sizeof bytes / 2; i++) {
        bytes[i] = (unsigned char)((uint64_t)id.key >> (56 - 8 * i));
        bytes[sizeof bytes / 2 + i] = (unsigned char)(id.noise >> (56 - 8 * i));
    }
    id_hex(bytes, sizeof bytes, out);
}

void message_id_name(const struct store_message *message, char out[MESSAGE_NAME_SIZE])
{
    size_t len = message->alias.len < MESSAGE_ALIAS_MAX ? message->alias.len : MESSAGE_ALIAS_MAX;
    if (len == 0) {
        message_id_print((struct message_id){message->key, message->noise}, out);
        return;
    }
    memcpy(out, message->alias.at, len);
    out[len] = '\0';
}

enum store_result message_id_find(const struct room *room, const char *text,
                                  struct message_id *id_r)
{
    struct message_id id;
    struct span alias = span_of(text);
    enum store_result result = STORE_NOTHING;
    if (alias.len > 0 && alias.len <= MESSAGE_ALIAS_MAX)
        result = store_message_known(room->service->store, room->id, alias, &id.key, &id.noise);
    if (result == STORE_NOTHING && message_id_parse(text, &id))
        result = STORE_OK;
    if (result == STORE_OK)
        *id_r = id;
    return result;
}

bool message_id_parse(const char *text, struct message_id *id_r)
{
    char half[(MESSAGE_ID_SIZE - 1) / 2 + 1] = "";
    if (strspn(text, "0123456789abcdef") != MESSAGE_ID_SIZE - 1 || text[MESSAGE_ID_SIZE - 1])
        return false;
    memcpy(half, text, sizeof half - 1);
    *id_r = (struct message_id){
        .key = (int64_t)strtoull(half, NULL, 16),
        .noise = strtoull(text + sizeof half - 1, NULL, 16),
    };
    return true;
}
