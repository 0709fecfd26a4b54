/* The subject of a room (XEP-0045, 8.1). */

#include <stdlib.h>
#include <string.h>

#include "archive.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "face.h"
#include "handlers.h"
#include "muc/say/message.h"
#include "muc/state/occupant.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"

static bool may_change(const struct request *request)
{
    enum role role = request->session->occupant->role;
    return role == ROLE_MODERATOR ||
           (role == ROLE_PARTICIPANT && request->room->config.change_subject);
}

static bool fits(const struct request *request)
{
    char *text = stanza_child_text(request->stanza, "subject", NS_CLIENT);
    bool fits = strlen(text) <= request->service->settings.limits.subject_bytes;
    free(text);
    return fits;
}

const struct stanza_error *subject_change(struct request *request)
{
    struct room *room = request->room;
    if (!may_change(request))
        return &refusal_no_subject;
    if (!fits(request))
        return request_exceeds(request, "subject_bytes", &error_policy_violation);
    struct message_id id = message_id_next(request->service);
    struct rendered *subject = message_render(request, id);
    if (!subject)
        return request_exceeds(request, "stanza_bytes", &error_policy_violation);
    rendered_unref(room->subject);
    room->subject = subject;
    room->subject_time = request->service->wall_ms;
    room_save(room);
    archive_add(room, request->session, subject, id, STORE_SUBJECT);
    face_speak(request->session);
    outbox_fan(request->service->outbox, room->audience, rendered_ref(room->subject), 0);
    return NULL;
}
