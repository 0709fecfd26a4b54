#include "private.h"

#include <stdio.h>
#include <stdlib.h>

#include "coven/mem.h"

#define BIT(device) (UINT64_C(1) << (device))

void private_free(struct private_messages *messages)
{
    free(messages->list);
    *messages = (struct private_messages){NULL, 0, 0, 0};
}

void private_send(struct private_messages *messages, const struct private_message *message)
{
    if (messages->count == messages->size) {
        messages->size = messages->size ? 2 * messages->size : 64;
        messages->list = mem_resize(messages->list, messages->size * sizeof *messages->list);
    }
    messages->list[messages->count++] = *message;
}

static struct private_message *find(struct private_messages *messages, uint32_t number)
{
    for (size_t i = messages->count; i-- > 0;) {
        if (messages->list[i].number == number)
            return &messages->list[i];
    }
    return NULL;
}

bool private_receive(struct private_messages *messages, uint32_t number, uint32_t person,
                     uint32_t device, bool again, struct buf *why)
{
    struct private_message *message = find(messages, number);
    if (!message)
        buf_printf(why, "private message w%u arrives again after everybody had it", number);
    else if (message->to != person)
        buf_printf(why, "private message w%u was meant for person %u", number, message->to);
    else if (message->got & BIT(device) && !again)
        buf_printf(why, "private message w%u arrives twice", number);
    if (why->len)
        return false;
    message->got |= BIT(device);
    messages->heard++;
    return true;
}

void private_refuse(struct private_messages *messages, uint32_t number, const char *condition)
{
    struct private_message *message = find(messages, number);
    if (message)
        snprintf(message->refused, sizeof message->refused, "%s", condition);
}

void private_excuse(struct private_messages *messages, uint32_t room, uint32_t person,
                    uint32_t device)
{
    for (size_t i = 0; i < messages->count; i++) {
        struct private_message *message = &messages->list[i];
        if (message->room == room && message->to == person)
            message->due &= message->got | ~BIT(device);
    }
}

void private_excuse_sender(struct private_messages *messages, uint32_t room, uint32_t from)
{
    for (size_t i = 0; i < messages->count; i++) {
        struct private_message *message = &messages->list[i];
        if (message->room == room && message->from == from)
            message->due &= message->got;
    }
}

void private_excuse_all(struct private_messages *messages)
{
    for (size_t i = 0; i < messages->count; i++)
        messages->list[i].due &= messages->list[i].got;
}

static void tell(const struct private_message *message, struct buf *why)
{
    buf_printf(why,
               "room %u: private message w%u to person %u did not arrive at all sessions (due "
               "%llx, got %llx)%s%s",
               message->room, message->number, message->to, (unsigned long long)message->due,
               (unsigned long long)message->got, *message->refused ? "; it was refused: " : "",
               message->refused);
}

bool private_settle(struct private_messages *messages, uint32_t *room_r, struct buf *why)
{
    for (size_t i = 0; i < messages->count; i++) {
        if (messages->list[i].due & ~messages->list[i].got) {
            tell(&messages->list[i], why);
            *room_r = messages->list[i].room;
            return false;
        }
    }
    messages->count = 0;
    return true;
}
