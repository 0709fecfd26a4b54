#include "whisper.h"

#include <stdio.h>
#include <stdlib.h>

#include "coven/mem.h"

#define BIT(device) (UINT64_C(1) << (device))

void whispers_free(struct whispers *whispers)
{
    free(whispers->list);
    *whispers = (struct whispers){NULL, 0, 0, 0};
}

void whisper_send(struct whispers *whispers, const struct whisper *whisper)
{
    if (whispers->count == whispers->size) {
        whispers->size = whispers->size ? 2 * whispers->size : 64;
        whispers->list = mem_resize(whispers->list, whispers->size * sizeof *whispers->list);
    }
    whispers->list[whispers->count++] = *whisper;
}

static struct whisper *find(struct whispers *whispers, uint32_t number)
{
    for (size_t i = whispers->count; i-- > 0;) {
        if (whispers->list[i].number == number)
            return &whispers->list[i];
    }
    return NULL;
}

bool whisper_hear(struct whispers *whispers, uint32_t number, uint32_t person, uint32_t device,
                  bool again, struct buf *why)
{
    struct whisper *whisper = find(whispers, number);
    if (!whisper)
        buf_printf(why, "private message w%u comes when all of them had come", number);
    else if (whisper->to != person)
        buf_printf(why, "private message w%u is for person %u", number, whisper->to);
    else if (whisper->got & BIT(device) && !again)
        buf_printf(why, "private message w%u comes twice", number);
    if (why->len)
        return false;
    whisper->got |= BIT(device);
    whispers->heard++;
    return true;
}

void whisper_refuse(struct whispers *whispers, uint32_t number, const char *condition)
{
    struct whisper *whisper = find(whispers, number);
    if (whisper)
        snprintf(whisper->refused, sizeof whisper->refused, "%s", condition);
}

void whispers_excuse(struct whispers *whispers, uint32_t room, uint32_t person, uint32_t device)
{
    for (size_t i = 0; i < whispers->count; i++) {
        struct whisper *whisper = &whispers->list[i];
        if (whisper->room == room && whisper->to == person)
            whisper->due &= whisper->got | ~BIT(device);
    }
}

void whispers_excuse_sender(struct whispers *whispers, uint32_t room, uint32_t from)
{
    for (size_t i = 0; i < whispers->count; i++) {
        struct whisper *whisper = &whispers->list[i];
        if (whisper->room == room && whisper->from == from)
            whisper->due &= whisper->got;
    }
}

void whispers_excuse_all(struct whispers *whispers)
{
    for (size_t i = 0; i < whispers->count; i++)
        whispers->list[i].due &= whispers->list[i].got;
}

static void tell(const struct whisper *whisper, struct buf *why)
{
    buf_printf(why,
               "room %u: private message w%u to person %u did not come to all its sessions (due "
               "%llx, got %llx)%s%s",
               whisper->room, whisper->number, whisper->to, (unsigned long long)whisper->due,
               (unsigned long long)whisper->got, *whisper->refused ? "; it was refused: " : "",
               whisper->refused);
}

bool whispers_settle(struct whispers *whispers, uint32_t *room_r, struct buf *why)
{
    for (size_t i = 0; i < whispers->count; i++) {
        if (whispers->list[i].due & ~whispers->list[i].got) {
            tell(&whispers->list[i], why);
            *room_r = whispers->list[i].room;
            return false;
        }
    }
    whispers->count = 0;
    return true;
}
