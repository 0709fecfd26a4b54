#include "session.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "claims.h"
#include "coven/buf.h"
#include "coven/domain.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stored_xml.h"
#include "coven/xml.h"
#include "occupant.h"
#include "service_state.h"
#include "user.h"

static bool has_jid(const struct table_link *link, struct span jid)
{
    return span_equal(jid, session_jid(TABLE_ITEM(link, const struct session, link)));
}

struct session *session_find(const struct room *room, struct span full_jid)
{
    unsigned hash = hash_span(&room->service->seed, full_jid);
    struct table_link *link = table_find(&room->sessions, hash, has_jid, full_jid);
    return link ? TABLE_ITEM(link, struct session, link) : NULL;
}

/* ---- Seats ---- */

#define NO_SEAT UINT32_MAX

bool session_is_muted(const struct session *session)
{
    return session->seat.slot == NO_SEAT;
}

/* The session's entry in the audience. Only the first session in the audience shows the occupant to
 * newcomers. */
static struct audience_entry entry_of(const struct session *session)
{
    const struct occupant *occupant = session->occupant;
    const struct session *first = occupant->sessions;
    while (first != session && session_is_muted(first))
        first = first->next;
    return (struct audience_entry){
        .address = session->address,
        .presence = session == first ? occupant->presence : NULL,
        .owner = occupant->number,
        .sees_real = occupant_sees_real(occupant),
        .moderator = occupant->role == ROLE_MODERATOR,
        .local = domain_lists(occupant->room->service->settings.local_domains,
                              span_of(occupant_bare(occupant))),
    };
}

void session_reseat(struct session *session)
{
    struct audience_entry entry = entry_of(session);
    if (!session_is_muted(session))
        audience_change(session->occupant->room->audience, &session->seat, &entry);
}

void session_mute(struct session *session)
{
    if (session_is_muted(session))
        return;
    audience_remove(session->occupant->room->audience, &session->seat);
    session->seat.slot = NO_SEAT;
    for (struct session *other = session->occupant->sessions; other; other = other->next)
        session_reseat(other);
}

/* ---- Life ---- */

void session_store(struct session *session)
{
    struct room *room = session->occupant->room;
    struct store_session row = {
        .jid = session_jid(session),
        .nick = span_of(occupant_nick(session->occupant)),
        .role = session->occupant->silenced ? ROLE_SILENCED : (int)session->occupant->role,
        .presence = blob_span(session->presence),
        .change = journal_next(room->service),
    };
    session->changed_in = room->service->turn;
    session->joined = session->joined ? session->joined : row.change;
    room_touch(room);
    service_wrote(room->service, store_session_put(room->service->store, room->id, &row));
}

void session_store_change(struct session *session)
{
    struct room *room = session->occupant->room;
    struct service *service = room->service;
    session->changed_in = service->turn;
    service_wrote(service, store_session_change(service->store, room->id, session_jid(session),
                                                journal_next(service)));
}

static struct blob *escaped(struct blob *jid)
{
    struct buf text = BUF_INIT;
    xml_escape_attr(&text, blob_span(jid));
    bool same = span_equal(buf_span(&text), blob_span(jid));
    struct blob *blob = same ? blob_ref(jid) : blob_new(buf_span(&text));
    buf_free(&text);
    return blob;
}

int8_t session_priority(struct span presence)
{
    struct stored_xml element;
    struct buf text = BUF_INIT;
    long value = 0;
    char *end = NULL;
    if (!stored_xml_child(&presence, "priority", NULL, &element))
        return 0;
    if (stored_xml_text(&element, &text) && text.len > 0)
        value = strtol(text.data, &end, 10);
    while (end && *end && strchr(" \t\r\n", *end))
        end++;
    bool valid = end && *end == '\0' && value >= INT8_MIN && value <= INT8_MAX;
    buf_free(&text);
    return valid ? (int8_t)value : 0;
}

/* Returns the number of the next session of the occupant to speak. */
static int64_t next_speech(const struct occupant *occupant)
{
    int64_t last = 0;
    for (struct session *session = occupant->sessions; session; session = session->next)
        last = session->spoke > last ? session->spoke : last;
    return last + 1;
}

static void take_presence(struct session *session, struct blob *presence, int64_t spoke)
{
    session->presence = blob_ref(presence);
    session->priority = session_priority(blob_span(presence));
    session->spoke = spoke;
}

static struct session *session_new(struct occupant *occupant, struct span jid,
                                   struct blob *presence, int64_t spoke)
{
    struct room *room = occupant->room;
    struct session *session = mem_new(sizeof *session);
    session->occupant = occupant;
    session->jid = blob_new(jid);
    session->address = escaped(session->jid);
    take_presence(session, presence, spoke);
    table_add(&room->sessions, &session->link, hash_span(&room->service->seed, jid));
    LL_APPEND(occupant->sessions, session);
    occupant->session_count++;
    user_enter(occupant->user);
    bool first = occupant->session_count == 1;
    if (first && occupant_is_shown(occupant))
        occupant->presence = room->service->calls.render(occupant);
    struct audience_entry entry = entry_of(session);
    audience_add(room->audience, &session->seat, &entry);
    if (!first)
        occupant_refresh(occupant);
    return session;
}

void session_free(struct session *session)
{
    struct occupant *occupant = session->occupant;
    struct room *room = occupant->room;
    table_remove(&room->sessions, &session->link);
    LL_DELETE(occupant->sessions, session);
    occupant->session_count--;
    user_leave(room->service, occupant->user);
    if (session_is_muted(session))
        audience_depart(room->audience);
    else
        audience_remove(room->audience, &session->seat);
    blob_unref(session->jid);
    blob_unref(session->address);
    blob_unref(session->presence);
    free(session);
}

struct session *session_enter(struct room *room, struct span nick, const struct jid *user,
                              enum role role, struct blob *presence)
{
    struct occupant *occupant = occupant_find(room, nick);
    if (!occupant)
        occupant = occupant_new(room, nick, jid_bare(user), role);
    struct session *session =
        session_new(occupant, jid_full(user), presence, next_speech(occupant));
    if (room->state == ROOM_VACANT)
        room_set_state(room, ROOM_OPEN);
    room->service->rooms_stored.sessions++;
    session_store(session);
    return session;
}

/* The contents of a presence as it may be shown; empty when the disk damaged it. */
static struct blob *restore_presence(struct span payload)
{
    struct buf whole = BUF_INIT, clean = BUF_INIT;
    struct xml xml = xml_to(&whole);
    struct stored_xml presence;
    xml_open(&xml, "presence", NS_CLIENT);
    xml_raw(&xml, payload);
    xml_close(&xml);
    if (stored_xml_read(buf_span(&whole), "presence", &presence))
        claims_clean(presence.inner, &clean);
    struct blob *blob = blob_new(buf_span(&clean));
    buf_free(&whole);
    buf_free(&clean);
    return blob;
}

void session_restore(struct room *room, const struct store_session *row)
{
    int64_t change = row->change, last = room->service->journal.last; /* a larger one is damage */
    struct jid user;
    if (!jid_parse(row->jid, &user) || !span_equal(jid_full(&user), row->jid))
        return;
    struct blob *presence = restore_presence(row->presence);
    struct occupant *occupant = occupant_find(room, row->nick);
    if (!occupant) {
        occupant = occupant_new(room, row->nick, jid_bare(&user), role_of(row->role));
        occupant->silenced = row->role == ROLE_SILENCED;
    }
    session_new(occupant, row->jid, presence, change < last ? change : last)->joined = row->joined;
    blob_unref(presence);
}

void session_leave(struct session *session)
{
    struct occupant *occupant = session->occupant;
    struct room *room = occupant->room;
    struct span jid = session_jid(session);
    log_debug("%.*s leaves %s", (int)jid.len, jid.at, room->address);
    room_touch(room);
    room->service->rooms_stored.sessions--;
    service_wrote(room->service, store_session_delete(room->service->store, room->id, jid));
    session_free(session);
    if (occupant->session_count == 0)
        occupant_free(occupant);
    else
        occupant_refresh(occupant);
}

void session_set_presence(struct session *session, struct blob *presence)
{
    struct blob *old = session->presence;
    take_presence(session, presence, next_speech(session->occupant));
    blob_unref(old);
    session_store(session);
    occupant_refresh(session->occupant);
}

bool session_speak(struct session *session)
{
    struct occupant *occupant = session->occupant;
    const struct session *before = occupant_face(occupant);
    if (before == session)
        return false;
    room_touch(occupant->room);
    session->spoke = next_speech(occupant);
    if (occupant_face(occupant) != session)
        return false;
    session_store_change(session); /* so that it is still the face after a restart */
    if (!span_equal(blob_span(before->presence), blob_span(session->presence)))
        occupant_refresh(occupant);
    return true;
}
