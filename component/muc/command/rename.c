/*
 * rename: the same room under a new address. For clients it is a room that ends and names another
 * as its venue (XEP-0045, 10.9): occupants are told, and the old name becomes a tombstone. Members
 * of a members-only room are invited to the new address.
 */

#include <stdlib.h>

#include "coven/domain.h"
#include "coven/id.h"
#include "coven/mem.h"
#include "handlers.h"
#include "muc/do/destroy.h"
#include "muc/say/invitation.h"
#include "muc/state/affiliation.h"
#include "muc/state/denial.h"
#include "muc/state/refusal.h"
#include "muc/state/room_life.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "muc/state/tombstone.h"

#define ROWS_A_STEP 500 /* affiliations; some milliseconds */

/* ---- May it? ---- */

/* Only those who owned a destroyed room may take its name. */
static enum run_next check_tombstone(struct run *run, struct span node)
{
    struct tombstone tombstone;
    enum store_result found = tombstone_find(run->service, node, &tombstone);
    if (found == STORE_FAILED)
        return run_fail(run, &error_resource_constraint, NULL);
    if (found == STORE_NOTHING)
        return RUN_DONE;
    tombstone_free(&tombstone);
    if (run->is_operator || tombstone_is_owner(run->service, node, span_of(run->jid)))
        return RUN_DONE;
    return run_fail(run, &error_conflict, "A room of that name was destroyed not long ago");
}

static enum run_next check_name(struct run *run, struct span node)
{
    unsigned limit = run->service->settings.limits.room_name_bytes;
    struct room *room = NULL;
    if (node.len > limit)
        return run_fail(run, &error_policy_violation, "The name is longer than %u bytes", limit);
    enum store_result found = room_load_begin(run->service, node, &room);
    if (found == STORE_FAILED)
        return run_fail(run, &error_resource_constraint, NULL);
    if (found == STORE_OK)
        return run_fail(run, &error_conflict, "There is a room of that name");
    return check_tombstone(run, node);
}

static enum run_next check(struct run *run, struct span node)
{
    unsigned limit = run->service->settings.limits.reason_bytes;
    const char *reason = run_text(run, "reason");
    if (room_is_locked(run->room))
        return run_fail(run, &error_conflict, "The room's owner has not configured it yet");
    if (reason && strlen(reason) > limit)
        return run_fail(run, &error_policy_violation, "A reason has at most %u bytes", limit);
    return check_name(run, node);
}

/* ---- Inviting ---- */

struct renaming {
    struct run *run;
    char *before; /* the former address, which invites */
    char *after;  /* the last JID that was read */
    unsigned read;
};

static struct renaming *renaming_new(struct run *run)
{
    struct renaming *renaming = mem_new(sizeof *renaming);
    renaming->run = run;
    renaming->before = mem_string(run->room->address);
    renaming->after = mem_string("");
    return renaming;
}

void rename_free(void *state)
{
    struct renaming *renaming = state;
    free(renaming->before);
    free(renaming->after);
    free(renaming);
}

static void invite(const struct renaming *renaming, struct span jid)
{
    struct room *room = renaming->run->room;
    const char *reason = run_text(renaming->run, "reason");
    char id[ID_TEXT_SIZE];
    id_random_text(id);
    struct invitation invitation = {
        .inviter = span_of(renaming->before),
        .invitee = jid,
        .id = id,
        .reason = reason ? reason : "",
    };
    struct rendered *rendered = invitation_render(room, &invitation);
    if (rendered)
        outbox_send(room->service->outbox, room->lane, rendered);
}

static void take(void *user, const struct store_affiliation *row)
{
    struct renaming *renaming = user;
    bool belongs = affiliation_of(row->affiliation) >= AFFILIATION_MEMBER;
    renaming->read++;
    free(renaming->after);
    renaming->after = mem_copy(row->jid.at, row->jid.len);
    if (belongs && !domain_is(row->jid) && !denial_of(renaming->run->service, row->jid))
        invite(renaming, row->jid);
}

static enum run_next invite_some(struct run *run)
{
    struct renaming *renaming = run->state;
    struct service *service = run->service;
    char *after = mem_string(renaming->after);
    renaming->read = 0;
    enum store_result result = store_affiliations(service->store, run->room->id, span_of(after),
                                                  ROWS_A_STEP, take, renaming);
    free(after);
    if (result == STORE_FAILED)
        return run_fail(run, &error_resource_constraint,
                        "The store cannot be read: the room is renamed, but not all of its members "
                        "are invited");
    return renaming->read == ROWS_A_STEP ? RUN_GOES_ON : RUN_DONE;
}

/* ---- Renaming ---- */

/* All that somebody sees and the store keeps changes in this turn. */
static enum run_next carry_out(struct run *run, const struct jid *to)
{
    struct room *room = run->room, *renamed = NULL;
    const char *reason = run_text(run, "reason");
    struct destroy destroy = {.moved = true, .venue = *to, .reason = (char *)(uintptr_t)reason};
    destroy_tell(room, &destroy);
    tombstone_remove(run->service, jid_node(to));
    tombstone_leave(room, jid_bare(to), span_of(reason));
    if (room_life_rename(room, jid_node(to), &renamed) != STORE_OK)
        return run_fail(run, &error_resource_constraint, NULL);
    run_log(run, "renames %s to %s", room->address, renamed->address);
    return RUN_DONE;
}

/* Later steps are about the room with its new name. */
enum run_next rename_room(struct run *run)
{
    struct jid to;
    if (run->state)
        return invite_some(run);
    if (!jid_parse(span_of(run_text(run, "to")), &to))
        return run_fail(run, &error_jid_malformed, NULL);
    if (check(run, jid_node(&to)) != RUN_DONE || carry_out(run, &to) != RUN_DONE)
        return RUN_FAILED;
    if (!run->room->config.members_only)
        return RUN_DONE;
    run->state = renaming_new(run);
    run->sends = true;
    json_object_set_new(run->args, "room", json_string(to.text));
    return RUN_GOES_ON;
}
