#include "invitation.h"

#include "coven/ns.h"
#include "draft.h"
#include "muc/state/occupant.h"
#include "muc/state/service_state.h"

struct span invitation_public_jid(const struct session *session)
{
    const struct occupant *occupant = session->occupant;
    return occupant->room->config.whois == WHOIS_ANYONE ? session_jid(session)
                                                        : occupant_address(occupant);
}

static struct span password_of(const struct room *room)
{
    return span_of(room->config.protected ? room->config.secret : "");
}

static void write_invite(struct xml *xml, const struct room *room,
                         const struct invitation *invitation)
{
    struct span password = password_of(room);
    xml_open(xml, "x", NS_MUC_USER);
    xml_open(xml, "invite", NULL);
    xml_attr(xml, "from", invitation->inviter);
    xml_element(xml, "reason", NULL, span_of(invitation->reason));
    if (invitation->continues) {
        xml_open(xml, "continue", NULL);
        xml_attr_text(xml, "thread", invitation->thread);
        xml_close(xml);
    }
    xml_close(xml);
    if (password.len > 0)
        xml_element(xml, "password", NULL, password);
    xml_close(xml);
}

static void write_direct(struct xml *xml, const struct room *room,
                         const struct invitation *invitation)
{
    struct span password = password_of(room);
    xml_open(xml, "x", NS_CONFERENCE);
    xml_attr(xml, "jid", room_address(room));
    if (password.len > 0)
        xml_attr(xml, "password", password);
    if (*invitation->reason)
        xml_attr_text(xml, "reason", invitation->reason);
    if (invitation->continues) {
        xml_attr_text(xml, "continue", "true");
        xml_attr_text(xml, "thread", invitation->thread);
    }
    xml_close(xml);
}

void invitation_write_body(struct xml *xml, struct span who, const char *did,
                           const struct room *room, const char *reason)
{
    xml_open(xml, "body", NS_CLIENT);
    xml_text(xml, who);
    xml_text(xml, span_of(did));
    xml_text(xml, room_address(room));
    if (*reason) {
        xml_text(xml, span_of(" ("));
        xml_text(xml, span_of(reason));
        xml_text(xml, span_of(")"));
    }
    xml_close(xml);
}

struct rendered *invitation_render(struct room *room, const struct invitation *invitation)
{
    struct draft draft =
        draft_open(room->service, "message", room_address(room), NULL, invitation->id);
    draft_to(&draft, invitation->invitee);
    write_invite(&draft.xml, room, invitation);
    write_direct(&draft.xml, room, invitation);
    invitation_write_body(&draft.xml, invitation->inviter, " invited you to the room ", room,
                          invitation->reason);
    bool fits = draft_fits(&draft, room->service->settings.limits.stanza_bytes);
    return fits ? draft_close(&draft) : NULL;
}
