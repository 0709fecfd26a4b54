#include "occupant.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/buf.h"
#include "coven/bug.h"
#include "coven/id.h"
#include "coven/mem.h"
#include "coven/xml.h"
#include "presence.h"
#include "room.h"
#include "service_state.h"
#include "user.h"

struct occupant *occupant_find(const struct room *room, struct span nick)
{
    struct occupant *occupant = NULL;
    unsigned hash = hash_span(&room->service->seed, nick);
    HASH_FIND_BYHASHVALUE(hh, room->occupants, nick.at, nick.len, hash, occupant);
    return occupant;
}

struct session *session_find(const struct room *room, struct span full_jid)
{
    struct session *session = NULL;
    unsigned hash = hash_span(&room->service->seed, full_jid);
    HASH_FIND_BYHASHVALUE(hh, room->sessions, full_jid.at, full_jid.len, hash, session);
    return session;
}

enum role room_highest_role(const struct room *room, struct span bare)
{
    enum role highest = ROLE_NONE;
    for (struct occupant *occupant = room->occupants; occupant; occupant = occupant->hh.next) {
        if (occupant->role > highest && span_is(bare, occupant->bare))
            highest = occupant->role;
    }
    return highest;
}

enum affiliation occupant_affiliation(const struct occupant *occupant)
{
    return room_affiliation(occupant->room, span_of(occupant->bare));
}

bool occupant_sees_real(const struct occupant *occupant)
{
    return occupant->room->config.whois == WHOIS_ANYONE || occupant->role == ROLE_MODERATOR;
}

bool occupant_is_shown(const struct occupant *occupant)
{
    return (occupant->room->config.broadcast & room_role_bit(occupant->role)) != 0;
}

/* ---- Occupants ---- */

/* The same for a user in a room for ever, different in every room, and nobody can go back from it.
 */
void occupant_id_of(const struct room *room, struct span bare, char out[OCCUPANT_ID_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int len = 0;
    coven_assert(HMAC(EVP_sha256(), room->salt, sizeof room->salt, (const unsigned char *)bare.at,
                      bare.len, digest, &len));
    id_hex(digest, (OCCUPANT_ID_SIZE - 1) / 2, out);
}

static void set_nick(struct occupant *occupant, struct span nick)
{
    struct room *room = occupant->room;
    struct buf address = BUF_INIT;
    buf_add_span(&address, room_address(room));
    buf_add_char(&address, '/');
    buf_add_span(&address, nick);
    free(occupant->address);
    occupant->address_len = address.len;
    occupant->address = buf_take(&address);
    occupant->nick = occupant->address + room->address_len + 1;
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, room->occupants, occupant->nick, nick.len,
                                hash_span(&room->service->seed, nick), occupant);
}

static struct occupant *occupant_new(struct room *room, struct span nick, struct span bare,
                                     enum role role)
{
    struct occupant *occupant = mem_new(sizeof *occupant);
    occupant->room = room;
    occupant->bare = mem_copy(bare.at, bare.len);
    occupant->number = ++room->last_number;
    occupant->role = role;
    occupant_id_of(room, bare, occupant->id);
    set_nick(occupant, nick);
    return occupant;
}

static void occupant_free(struct occupant *occupant)
{
    HASH_DEL(occupant->room->occupants, occupant);
    rendered_unref(occupant->presence);
    free(occupant->address);
    free(occupant->bare);
    free(occupant);
}

/* What the roster says about a session: only the first one shows the occupant to newcomers. */
static struct roster_entry entry_of(const struct session *session)
{
    const struct occupant *occupant = session->occupant;
    return (struct roster_entry){
        .address = session->address,
        .presence = session == occupant->sessions ? occupant->presence : NULL,
        .owner = occupant->number,
        .sees_real = occupant_sees_real(occupant),
    };
}

void occupant_refresh(struct occupant *occupant)
{
    rendered_unref(occupant->presence);
    occupant->presence = occupant_is_shown(occupant) ? presence_render(occupant) : NULL;
    for (struct session *session = occupant->sessions; session; session = session->next) {
        struct roster_entry entry = entry_of(session);
        roster_change(occupant->room->roster, &session->seat, &entry);
    }
}

/* ---- Sessions ---- */

static void session_store(struct session *session)
{
    struct room *room = session->occupant->room;
    struct store_session row = {
        .jid = session_jid(session),
        .nick = span_of(session->occupant->nick),
        .role = (int)session->occupant->role,
        .presence = blob_span(session->presence),
        .change = tell_next_change(room->service),
    };
    session->changed_in = room->service->turn;
    room_touch(room);
    service_wrote(room->service, store_session_put(room->service->store, room->id, &row));
}

void occupant_note_change(const struct occupant *occupant)
{
    const struct room *room = occupant->room;
    struct service *service = room->service;
    for (struct session *session = occupant->sessions; session; session = session->next) {
        if (session->changed_in == service->turn)
            continue;
        session->changed_in = service->turn;
        service_wrote(service, store_session_change(service->store, room->id, session_jid(session),
                                                    tell_next_change(service)));
    }
}

static struct blob *escaped(struct span jid)
{
    struct buf text = BUF_INIT;
    xml_escape_attr(&text, jid);
    struct blob *blob = blob_new(buf_span(&text));
    buf_free(&text);
    return blob;
}

static struct session *session_new(struct occupant *occupant, struct span jid,
                                   struct blob *presence)
{
    struct room *room = occupant->room;
    struct session *session = mem_new(sizeof *session);
    session->occupant = occupant;
    session->jid = mem_copy(jid.at, jid.len);
    session->jid_len = jid.len;
    session->address = escaped(jid);
    session->presence = blob_ref(presence);
    HASH_ADD_KEYPTR_BYHASHVALUE(hh, room->sessions, session->jid, session->jid_len,
                                hash_span(&room->service->seed, jid), session);
    DL_APPEND(occupant->sessions, session);
    occupant->session_count++;
    user_enter(room->service, span_of(occupant->bare));
    bool first = occupant->session_count == 1;
    if (first && occupant_is_shown(occupant))
        occupant->presence = presence_render(occupant);
    struct roster_entry entry = entry_of(session);
    roster_add(room->roster, &session->seat, &entry);
    if (!first)
        occupant_refresh(occupant);
    return session;
}

static void session_free(struct session *session)
{
    struct occupant *occupant = session->occupant;
    HASH_DEL(occupant->room->sessions, session);
    DL_DELETE(occupant->sessions, session);
    occupant->session_count--;
    user_leave(occupant->room->service, span_of(occupant->bare));
    roster_remove(occupant->room->roster, &session->seat);
    blob_unref(session->address);
    blob_unref(session->presence);
    free(session->jid);
    free(session);
}

struct session *occupant_enter(struct room *room, struct span nick, const struct jid *user,
                               enum role role, struct blob *presence)
{
    struct occupant *occupant = occupant_find(room, nick);
    if (!occupant)
        occupant = occupant_new(room, nick, jid_bare(user), role);
    struct session *session = session_new(occupant, jid_full(user), presence);
    session_store(session);
    return session;
}

void occupant_restore(struct room *room, const struct store_session *row)
{
    struct jid user;
    if (!jid_parse(row->jid, &user))
        return;
    struct blob *presence = blob_new(row->presence);
    struct occupant *occupant = occupant_find(room, row->nick);
    if (!occupant)
        occupant = occupant_new(room, row->nick, jid_bare(&user), (enum role)row->role);
    session_new(occupant, row->jid, presence);
    blob_unref(presence);
}

void session_leave(struct session *session)
{
    struct occupant *occupant = session->occupant;
    struct room *room = occupant->room;
    room_touch(room);
    service_wrote(room->service,
                  store_session_delete(room->service->store, room->id, session_jid(session)));
    session_free(session);
    if (occupant->session_count == 0)
        occupant_free(occupant);
    else
        occupant_refresh(occupant);
}

void session_set_presence(struct session *session, struct blob *presence)
{
    blob_ref(presence);
    blob_unref(session->presence);
    session->presence = presence;
    session_store(session);
    occupant_refresh(session->occupant);
}

static void store_sessions_of(struct occupant *occupant)
{
    for (struct session *session = occupant->sessions; session; session = session->next)
        session_store(session);
}

void occupant_set_role(struct occupant *occupant, enum role role)
{
    occupant->role = role;
    store_sessions_of(occupant);
    occupant_refresh(occupant);
}

void occupant_rename(struct occupant *occupant, struct span nick)
{
    HASH_DEL(occupant->room->occupants, occupant);
    set_nick(occupant, nick);
    store_sessions_of(occupant);
    occupant_refresh(occupant);
}

void room_forget_occupants(struct room *room)
{
    struct session *session, *next;
    HASH_ITER (hh, room->sessions, session, next) {
        struct occupant *occupant = session->occupant;
        session_free(session);
        if (occupant->session_count == 0)
            occupant_free(occupant);
    }
}
