/* Many rooms, and presence in many rooms. */
#include "acts.h"
#include "attempt.h"
#include "coven/ns.h"

#define PRESENCE_BYTES 60000

static void go_into(struct attempt *attempt, const char *prefix, uint64_t room, uint32_t who,
                    struct buf *out)
{
    buf_printf(out, "<presence to='%s-%s-%llu@%s/%c%u'>", attempt->attack->name, prefix,
               (unsigned long long)room, attempt->options->service, attempt->attackers.nick, who);
}

void rooms_create(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    go_into(attempt, "new", turn, who, out);
    buf_add_text(out, "<x xmlns='" NS_MUC "'/></presence>");
}

void rooms_presence(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    go_into(attempt, "large", turn, who, out);
    buf_printf(out, "<x xmlns='" NS_MUC "'/><status>%.*s</status></presence>", PRESENCE_BYTES,
               attempt->filling);
}
