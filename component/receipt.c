#include "receipt.h"

#include "coven/clock.h"

#define PAUSE_MS 1000 /* between lines, because each costs a ping and a commit */

static bool draw_line(struct receipt *receipt, bool hurry)
{
    int64_t change = service_unconfirmed(receipt->service);
    if (change == 0 || service_is_recovering(receipt->service))
        return false;
    int64_t now = clock_mono_ms();
    bool soon = receipt->drawn_ms > 0 && now - receipt->drawn_ms < PAUSE_MS;
    if ((soon && !hurry) || !outbox_draw_line(receipt->outbox))
        return false;
    receipt->change = change;
    receipt->drawn_ms = now;
    return true;
}

bool receipt_wanted(struct receipt *receipt, bool hurry)
{
    if (receipt->asked || (receipt->change == 0 && !draw_line(receipt, hurry)))
        return false;
    receipt->asked = outbox_is_past_line(receipt->outbox);
    return receipt->asked;
}

void receipt_arrived(struct receipt *receipt)
{
    service_confirm(receipt->service, receipt->change);
    receipt_cancel(receipt);
}

void receipt_cancel(struct receipt *receipt)
{
    receipt->change = 0;
    receipt->asked = false;
}
