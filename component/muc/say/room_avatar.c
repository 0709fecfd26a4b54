#include "room_avatar.h"

#include "coven/ns.h"
#include "draft.h"
#include "muc/state/avatar.h"
#include "muc/state/occupant.h"
#include "muc/state/service_state.h"

static struct draft open_presence(const struct room *room)
{
    return draft_open(room->service, "presence", room_address(room), NULL, NULL);
}

/* Only the first image is told of: a card has one avatar. */
static void write_hash(struct xml *xml, const struct room *room)
{
    size_t len = room->avatar ? AVATAR_HASH_CHARS : 0;
    xml_open(xml, "x", NS_VCARD_UPDATE);
    xml_element(xml, "photo", NULL, (struct span){room->avatar, len});
    xml_close(xml);
}

void room_avatar_send(const struct session *session)
{
    const struct room *room = session->occupant->room;
    if (!room->avatar || !room->service->settings.avatar_presence)
        return;
    struct draft draft = open_presence(room);
    draft_to(&draft, session_jid(session));
    write_hash(&draft.xml, room);
    outbox_send(room->service->outbox, room->lane, draft_close(&draft));
}

void room_avatar_announce(struct room *room)
{
    if (!room->service->settings.avatar_presence)
        return;
    struct draft draft = open_presence(room);
    draft_to_each(&draft);
    write_hash(&draft.xml, room);
    outbox_fan(room->service->outbox, room->audience, draft_close(&draft), 0);
}
