/* Rooms, and presences in many of them. */
#include "coven/ns.h"
#include "says.h"
#include "stage.h"

#define PRESENCE_BYTES 60000

static void go_into(struct stage *stage, const char *prefix, uint64_t room, uint32_t who,
                    struct buf *out)
{
    buf_printf(out, "<presence to='%s-%s-%llu@%s/%c%u'>", stage->attack->name, prefix,
               (unsigned long long)room, stage->options->service, stage->attackers.nick, who);
}

void rooms_create(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    go_into(stage, "new", turn, who, out);
    buf_add_text(out, "<x xmlns='" NS_MUC "'/></presence>");
}

void rooms_presence(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    go_into(stage, "large", turn, who, out);
    buf_printf(out, "<x xmlns='" NS_MUC "'/><status>%.*s</status></presence>", PRESENCE_BYTES,
               stage->filling);
}
