#include "reserved_nick.h"

#include "coven/ns.h"
#include "draft.h"
#include "muc/state/affiliation.h"
#include "muc/state/occupant.h"
#include "muc/state/occupant_id.h"
#include "muc/state/service_state.h"

/* Presences that a newcomer gets; the list of members has all users. */
#define ABSENT_MAX 1000
#define LOOKS_MAX  20000 /* affiliations to look at for them: a millisecond or two */

void reserved_nick_send(const struct session *session, const struct affiliation_entry *entry,
                        const char *id)
{
    struct room *room = session->occupant->room;
    char occupant_id[OCCUPANT_ID_SIZE];
    struct buf address = BUF_INIT;
    buf_add_span(&address, room_address(room));
    buf_add_char(&address, '/');
    buf_add_text(&address, entry->nick);
    struct draft draft =
        draft_open(room->service, "presence", buf_span(&address), "unavailable", id);
    buf_free(&address);
    draft_to(&draft, session_jid(session));
    occupant_id_of(room, span_of(entry->jid), occupant_id);
    xml_open(&draft.xml, "occupant-id", NS_OCCUPANT_ID);
    xml_attr_text(&draft.xml, "id", occupant_id);
    xml_close(&draft.xml);
    xml_open(&draft.xml, "x", NS_MUC_USER);
    xml_open(&draft.xml, "item", NULL);
    xml_attr_text(&draft.xml, "affiliation", affiliation_name(entry->affiliation));
    xml_attr_text(&draft.xml, "role", role_name(ROLE_NONE));
    xml_attr_text(&draft.xml, "nick", entry->nick);
    if (occupant_sees_real(session->occupant))
        xml_attr_text(&draft.xml, "jid", entry->jid);
    xml_close(&draft.xml);
    xml_close(&draft.xml);
    outbox_send(room->service->outbox, room->lane, draft_close(&draft));
}

/* What is left to do for a newcomer. */
struct errand {
    unsigned presences; /* to send */
    unsigned entries;   /* to look at */
    size_t nicks;       /* to find */
};

static void send_roll(const struct session *session, const struct roll *roll, struct errand *left)
{
    struct affiliation_entry *entry = roll->first;
    for (; entry && left->presences > 0 && left->entries > 0 && left->nicks > 0;
         entry = entry->next) {
        left->entries--;
        if (*entry->nick == '\0')
            continue;
        left->nicks--;
        if (occupant_find(session->occupant->room, span_of(entry->nick)))
            continue;
        reserved_nick_send(session, entry, NULL);
        left->presences--;
    }
}

/* Nobody who is banned has a nick. */
void reserved_nick_send_all(const struct session *session)
{
    const struct room *room = session->occupant->room;
    struct errand left = {ABSENT_MAX, LOOKS_MAX, room->reserved.count};
    if (!(room->config.broadcast & BROADCAST_ABSENT))
        return;
    for (enum affiliation i = AFFILIATION_KINDS; i-- > AFFILIATION_NONE;)
        send_roll(session, &room->rolls[i], &left);
}
