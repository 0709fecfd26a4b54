/* Available presence sent to a room (XEP-0045, 7.2, 7.6, 7.7 and 17.3) is a join, a resync, a
 * change of nick, or an update of the session's presence. */

#include "coven/ns.h"
#include "coven/prep.h"
#include "coven/stanza.h"
#include "face.h"
#include "handlers.h"
#include "muc/say/answer.h"
#include "muc/say/payload.h"
#include "muc/say/presence.h"
#include "muc/state/occupant.h"
#include "muc/state/service_state.h"

static const struct stanza_error *update(struct request *request)
{
    struct session *session = request->session;
    struct occupant *occupant = session->occupant;
    struct blob *presence = payload_render(request->stanza, room_address(request->room));
    bool fits = blob_len(presence) <= request->service->settings.limits.presence_bytes;
    if (fits) {
        bool was_face = occupant_face(occupant) == session;
        struct rendered *before = rendered_ref(occupant->presence);
        session_set_presence(session, presence);
        face_show(session, was_face, before);
        struct presence_event event = presence_event_of(occupant);
        event.id = request->id;
        presence_echo(session, &event);
        rendered_unref(before);
    }
    blob_unref(presence);
    return fits ? NULL : request_exceeds(request, "presence_bytes", &error_policy_violation);
}

/* The client thinks that it is inside, and is not (7.2.18): the occupant that it takes itself for
 * is gone. The answer does not tell whether there is such a room. */
static const struct stanza_error *deny(struct request *request)
{
    static const char *const codes[] = {"110", "307", "333"};
    struct draft draft = draft_open(request->service, "presence", jid_full(&request->to),
                                    "unavailable", request->id);
    draft_to(&draft, jid_full(&request->from));
    xml_open(&draft.xml, "x", NS_MUC_USER);
    xml_open(&draft.xml, "item", NULL);
    xml_attr_text(&draft.xml, "affiliation", "none");
    xml_attr_text(&draft.xml, "role", "none");
    xml_close(&draft.xml);
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        xml_open(&draft.xml, "status", NULL);
        xml_attr_text(&draft.xml, "code", codes[i]);
        xml_close(&draft.xml);
    }
    xml_close(&draft.xml);
    answer_send(request, &draft);
    return NULL;
}

/* Is it the sender's nick, perhaps as it was before the room prepared it? */
static bool is_own_nick(const struct request *request)
{
    char prepared[PREP_SIZE];
    struct span nick = request_nick(request);
    const char *own = occupant_nick(request->session->occupant);
    return span_is(nick, own) || span_is((struct span){prepared, prep_nick(nick, prepared)}, own);
}

const struct stanza_error *availability_change(struct request *request)
{
    bool joins = stanza_child(request->stanza, "x", NS_MUC) != NULL;
    struct span nick = request_nick(request);
    if (!request->session)
        return joins ? join_room(request) : deny(request);
    if (nick.len > 0 && !is_own_nick(request))
        return joins ? join_again(request) : nick_change(request);
    return joins && nick.len > 0 ? join_room(request) : update(request);
}
