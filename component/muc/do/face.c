#include "face.h"

#include "muc/say/presence.h"
#include "muc/state/occupant.h"

void face_show(const struct session *session, bool was_face, const struct rendered *before)
{
    const struct occupant *occupant = session->occupant;
    struct presence_event event = presence_event_of(occupant);
    bool is_face = occupant_face(occupant) == session;
    if (is_face)
        presence_to_others(occupant, &event);
    else if (was_face)
        presence_update(occupant, before);
    if (is_face || was_face)
        presence_to_fellows(session, &event);
}

/* Nobody is told where the new face looks like the old one. */
static void take_over(struct session *session)
{
    struct occupant *occupant = session->occupant;
    struct rendered *before = rendered_ref(occupant->presence);
    if (session_speak(session) && occupant->presence != before) {
        struct presence_event event = presence_event_of(occupant);
        presence_update(occupant, before);
        presence_to_fellows(session, &event);
    }
    rendered_unref(before);
}

void face_speak(struct session *session)
{
    if (session->occupant->session_count > 1)
        take_over(session);
}
