#include "destroy.h"

#include <stdlib.h>
#include <string.h>

#include "coven/jid.h"
#include "coven/log.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "muc/say/presence.h"
#include "muc/state/occupant.h"
#include "muc/state/room.h"
#include "muc/state/room_life.h"

static void write_text_of(struct xml *xml, xmpp_stanza_t *destroy, const char *name)
{
    char *text = stanza_child_text(destroy, name, NS_MUC_OWNER);
    if (text)
        xml_element(xml, name, NULL, span_of(text));
    free(text);
}

/* Leaves out an alternate venue that is not a valid JID. */
void destroy_write(struct xml *xml, void *destroy)
{
    struct jid venue;
    const char *jid = destroy ? stanza_attr(destroy, "jid") : NULL;
    xml_open(xml, "destroy", NULL);
    if (jid && jid_parse(span_of(jid), &venue))
        xml_attr(xml, "jid", jid_full(&venue));
    if (destroy) {
        write_text_of(xml, destroy, "password");
        write_text_of(xml, destroy, "reason");
    }
    xml_close(xml);
}

bool destroy_fits(xmpp_stanza_t *destroy, size_t limit)
{
    static const char *const names[] = {"password", "reason"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *text = stanza_child_text(destroy, names[i], NS_MUC_OWNER);
        bool fits = !text || strlen(text) <= limit;
        free(text);
        if (!fits)
            return false;
    }
    return true;
}

void destroy_room(struct room *room, xmpp_stanza_t *destroy)
{
    for (struct occupant *occupant = room->occupants; occupant; occupant = occupant->next) {
        struct presence_event event = presence_event_gone(occupant);
        event.extra = destroy_write;
        event.extra_user = destroy;
        presence_to_self(occupant, &event);
    }
    log_info("room %s destroyed", room->address);
    room_life_destroy(room);
}
