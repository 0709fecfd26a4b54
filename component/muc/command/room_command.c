/* unlock, subject and invite: small changes of a room. */

#include "coven/id.h"
#include "coven/ns.h"
#include "handlers.h"
#include "inner.h"
#include "muc/do/archive.h"
#include "muc/do/handlers.h"
#include "muc/say/draft.h"
#include "muc/say/message.h"
#include "muc/state/room.h"
#include "muc/state/service_state.h"

enum run_next room_command_unlock(struct run *run)
{
    if (!room_is_locked(run->room))
        return run_fail(run, &error_conflict, "The room is not locked");
    room_unlock(run->room);
    run_log(run, "unlocks %s", run->room->address);
    return RUN_DONE;
}

/* ---- subject ---- */

/* As the room's own words: they have no nick (XEP-0045, 8.1). NULL: the text is too long. */
static struct rendered *render_subject(struct room *room, const char *text, struct message_id id)
{
    char made[ID_TEXT_SIZE];
    id_random_text(made);
    struct draft draft =
        draft_open(room->service, "message", room_address(room), "groupchat", made);
    draft_to_each(&draft);
    xml_element(&draft.xml, "subject", NULL, span_of(text));
    message_write_ids(&draft.xml, room, id, NULL);
    bool fits = draft_fits(&draft, room->service->settings.limits.stanza_bytes);
    return fits ? draft_close(&draft) : NULL;
}

enum run_next room_command_subject(struct run *run)
{
    struct room *room = run->room;
    struct service *service = run->service;
    const char *text = run_text(run, "text");
    unsigned limit = service->settings.limits.subject_bytes;
    if (text && strlen(text) > limit)
        return run_fail(run, &error_policy_violation, "A subject has at most %u bytes", limit);
    struct message_id id = message_id_next(service);
    struct rendered *subject = render_subject(room, text ? text : "", id);
    if (!subject)
        return run_fail(run, &error_policy_violation, NULL);
    rendered_unref(room->subject);
    room->subject = subject;
    room->subject_time = service->wall_ms;
    room_touch(room);
    room_save(room);
    archive_add(room, NULL, subject, id, STORE_SUBJECT);
    outbox_fan(service->outbox, room->audience, rendered_ref(subject), 0);
    run_log(run, "sets the subject of %s", room->address);
    return RUN_DONE;
}

/* ---- invite ---- */

enum run_next room_command_invite(struct run *run)
{
    size_t i;
    json_t *jid;
    xmpp_stanza_t *x = inner_element(run, "x", NS_MUC_USER);
    json_array_foreach(json_object_get(run->args, "users"), i, jid)
    {
        xmpp_stanza_t *element = inner_child(x, "invite", NULL);
        xmpp_stanza_set_attribute(element, "to", json_string_value(jid));
        inner_text(element, "reason", run_text(run, "reason"));
    }
    struct room *room = run->room;
    enum run_next next = inner_request(run, x, invite);
    if (next == RUN_DONE)
        run_log(run, "invites %zu users to %s",
                json_array_size(json_object_get(run->args, "users")), room->address);
    return next;
}
