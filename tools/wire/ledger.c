#include "wire/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/mem.h"

void mark_write(char at[MARK_LEN], uint32_t number)
{
    at[0] = 'L';
    for (int i = MARK_LEN - 1; i > 0; i--, number /= 10)
        at[i] = (char)('0' + number % 10);
}

bool mark_read(const char at[MARK_LEN], uint32_t *number_r)
{
    uint64_t number = 0;
    if (at[0] != 'L')
        return false;
    for (int i = 1; i < MARK_LEN; i++) {
        if (at[i] < '0' || at[i] > '9')
            return false;
        number = number * 10 + (uint64_t)(at[i] - '0');
    }
    *number_r = (uint32_t)number;
    return number <= UINT32_MAX;
}

void ledger_init(struct ledger *ledger, uint32_t size)
{
    coven_assert(size && (size & (size - 1)) == 0);
    *ledger = (struct ledger){.mask = size - 1, .next = 1};
    ledger->entries = mem_new(size * sizeof *ledger->entries);
}

void ledger_free(struct ledger *ledger)
{
    free(ledger->entries);
}

bool ledger_is_full(const struct ledger *ledger)
{
    return ledger->open > ledger->mask / 2;
}

uint32_t ledger_send(struct ledger *ledger, uint64_t sent_ns, uint32_t copies)
{
    uint32_t number = ledger->next++;
    struct ledger_entry *entry = &ledger->entries[number & ledger->mask];
    if (entry->due) {
        ledger->lost += entry->due;
        ledger->open--;
    }
    *entry = (struct ledger_entry){sent_ns, number, copies};
    ledger->open += copies > 0;
    ledger->sent++;
    return number;
}

bool ledger_receive(struct ledger *ledger, uint32_t number, uint64_t *sent_ns_r)
{
    struct ledger_entry *entry = &ledger->entries[number & ledger->mask];
    if (entry->number != number || entry->due == 0) {
        ledger->stray++;
        return false;
    }
    entry->due--;
    ledger->open -= entry->due == 0;
    ledger->copies++;
    *sent_ns_r = entry->sent_ns;
    return true;
}

void ledger_refuse(struct ledger *ledger, uint32_t number)
{
    struct ledger_entry *entry = &ledger->entries[number & ledger->mask];
    if (entry->number != number || entry->due == 0)
        return;
    ledger->lost += entry->due;
    entry->due = 0;
    ledger->open--;
}

uint64_t ledger_due(const struct ledger *ledger)
{
    uint64_t due = 0;
    for (uint32_t i = 0; i <= ledger->mask; i++)
        due += ledger->entries[i].due;
    return due;
}

void ledger_reset(struct ledger *ledger)
{
    for (uint32_t i = 0; i <= ledger->mask; i++)
        ledger->entries[i].due = 0;
    ledger->open = 0;
    ledger->sent = ledger->copies = ledger->stray = ledger->lost = 0;
}
