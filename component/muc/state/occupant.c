#include "occupant.h"

#include <openssl/core_names.h>
#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "coven/buf.h"
#include "coven/bug.h"
#include "coven/id.h"
#include "coven/log.h"
#include "coven/mem.h"
#include "coven/xml.h"
#include "muc/do/reap.h"
#include "muc/say/payload.h"
#include "muc/say/presence.h"
#include "room.h"
#include "service_state.h"
#include "user.h"

const char *occupant_nick(const struct occupant *occupant)
{
    return occupant->address + occupant->room->address_len + 1;
}

const char *occupant_bare(const struct occupant *occupant)
{
    return occupant->user->bare;
}

static bool has_nick(const struct table_link *link, struct span nick)
{
    return span_is(nick, occupant_nick(TABLE_ITEM(link, const struct occupant, link)));
}

struct occupant *occupant_find(const struct room *room, struct span nick)
{
    unsigned hash = hash_span(&room->service->seed, nick);
    struct table_link *link = table_find(&room->occupants_by_nick, hash, has_nick, nick);
    return link ? TABLE_ITEM(link, struct occupant, link) : NULL;
}

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

static bool is_person(const struct table_link *link, struct span bare)
{
    const struct person *person = TABLE_ITEM(link, const struct person, link);
    return span_is(bare, occupant_bare(person->occupants));
}

static struct person *find_person(const struct room *room, unsigned hash, struct span bare)
{
    struct table_link *link = table_find(&room->persons, hash, is_person, bare);
    return link ? TABLE_ITEM(link, struct person, link) : NULL;
}

struct occupant *occupant_of_user(const struct room *room, struct span bare)
{
    struct person *person = find_person(room, hash_span(&room->service->seed, bare), bare);
    return person ? person->occupants : NULL;
}

enum role occupant_highest_role(const struct room *room, struct span bare)
{
    enum role highest = ROLE_NONE;
    struct occupant *occupant = occupant_of_user(room, bare);
    for (; occupant; occupant = occupant->next_same) {
        if (occupant->role > highest)
            highest = occupant->role;
    }
    return highest;
}

enum affiliation occupant_affiliation(const struct occupant *occupant)
{
    return affiliation_in(occupant->room, span_of(occupant_bare(occupant)));
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

EVP_MAC_CTX *occupant_id_mac(void)
{
    char digest[] = "SHA256";
    const OSSL_PARAM settings[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0), OSSL_PARAM_END};
    EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    EVP_MAC_CTX *mac = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
    EVP_MAC_free(hmac);
    coven_assert(mac && EVP_MAC_CTX_set_params(mac, settings));
    return mac;
}

/* The same for a user in a room for ever, different in every room, and nobody can go back from it.
 */
void occupant_id_of(const struct room *room, struct span bare, char out[OCCUPANT_ID_SIZE])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    EVP_MAC_CTX *mac = room->service->mac;
    coven_assert(EVP_MAC_init(mac, room->salt, sizeof room->salt, NULL) &&
                 EVP_MAC_update(mac, (const unsigned char *)bare.at, bare.len) &&
                 EVP_MAC_final(mac, digest, NULL, sizeof digest));
    id_hex(digest, (OCCUPANT_ID_SIZE - 1) / 2, out);
}

static void set_nick(struct occupant *occupant, struct span nick)
{
    struct room *room = occupant->room;
    size_t nick_at = room->address_len + 1;
    char *address = mem_new(nick_at + nick.len + 1);
    memcpy(address, room->address, room->address_len);
    address[nick_at - 1] = '/';
    memcpy(address + nick_at, nick.at, nick.len);
    free(occupant->address);
    occupant->address = address;
    occupant->address_len = (uint32_t)(nick_at + nick.len);
    table_add(&room->occupants_by_nick, &occupant->link, hash_span(&room->service->seed, nick));
    DL_APPEND(room->occupants, occupant);
}

static void forget_nick(struct occupant *occupant)
{
    table_remove(&occupant->room->occupants_by_nick, &occupant->link);
    DL_DELETE(occupant->room->occupants, occupant);
}

/* Among those of its user. */
static void enter_person(struct occupant *occupant)
{
    struct room *room = occupant->room;
    unsigned hash = occupant->user->link.hash;
    struct person *person = find_person(room, hash, span_of(occupant_bare(occupant)));
    if (!person) {
        person = mem_new(sizeof *person);
        table_add(&room->persons, &person->link, hash);
    }
    occupant->person = person;
    DL_APPEND2(person->occupants, occupant, prev_same, next_same);
}

static void leave_person(struct occupant *occupant)
{
    struct person *person = occupant->person;
    DL_DELETE2(person->occupants, occupant, prev_same, next_same);
    if (person->occupants)
        return;
    table_remove(&occupant->room->persons, &person->link);
    free(person);
}

static void take_role(struct occupant *occupant, enum role role)
{
    struct room *room = occupant->room;
    bool was = occupant->role == ROLE_MODERATOR, is = role == ROLE_MODERATOR;
    occupant->role = role;
    if (is && !was)
        DL_APPEND2(room->moderators, occupant, prev_moderator, next_moderator);
    if (was && !is)
        DL_DELETE2(room->moderators, occupant, prev_moderator, next_moderator);
    room->moderator_count += (unsigned)is - (unsigned)was;
}

static struct occupant *occupant_new(struct room *room, struct span nick, struct span bare,
                                     enum role role)
{
    struct occupant *occupant = mem_new(sizeof *occupant);
    occupant->room = room;
    occupant->user = user_of(room->service, bare);
    occupant->number = ++room->last_number;
    take_role(occupant, role);
    enter_person(occupant);
    occupant_id_of(room, bare, occupant->id);
    set_nick(occupant, nick);
    return occupant;
}

static void occupant_free(struct occupant *occupant)
{
    forget_nick(occupant);
    take_role(occupant, ROLE_NONE);
    leave_person(occupant);
    rendered_unref(occupant->presence);
    free(occupant->address);
    free(occupant);
}

#define NO_SEAT UINT32_MAX

/* What the audience says about a session: only the first one in it shows the occupant to newcomers.
 */
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
    };
}

void occupant_refresh(struct occupant *occupant)
{
    rendered_unref(occupant->presence);
    occupant->presence = occupant_is_shown(occupant) ? presence_render(occupant) : NULL;
    for (struct session *session = occupant->sessions; session; session = session->next) {
        if (session_is_muted(session))
            continue;
        struct audience_entry entry = entry_of(session);
        audience_change(occupant->room->audience, &session->seat, &entry);
    }
}

/* ---- Sessions ---- */

bool session_is_muted(const struct session *session)
{
    return session->seat.slot == NO_SEAT;
}

void session_mute(struct session *session)
{
    struct audience *audience = session->occupant->room->audience;
    if (session_is_muted(session))
        return;
    audience_remove(audience, &session->seat);
    session->seat.slot = NO_SEAT;
    for (struct session *other = session->occupant->sessions; other; other = other->next) {
        struct audience_entry entry = entry_of(other);
        if (!session_is_muted(other))
            audience_change(audience, &other->seat, &entry);
    }
}

static void session_store(struct session *session)
{
    struct room *room = session->occupant->room;
    struct store_session row = {
        .jid = session_jid(session),
        .nick = span_of(occupant_nick(session->occupant)),
        .role = (int)session->occupant->role,
        .presence = blob_span(session->presence),
        .change = tell_next_change(room->service),
    };
    session->changed_in = room->service->turn;
    session->joined = session->joined ? session->joined : row.change;
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

static struct blob *escaped(struct blob *jid)
{
    struct buf text = BUF_INIT;
    xml_escape_attr(&text, blob_span(jid));
    bool same = span_equal(buf_span(&text), blob_span(jid));
    struct blob *blob = same ? blob_ref(jid) : blob_new(buf_span(&text));
    buf_free(&text);
    return blob;
}

static struct session *session_new(struct occupant *occupant, struct span jid,
                                   struct blob *presence)
{
    struct room *room = occupant->room;
    struct session *session = mem_new(sizeof *session);
    session->occupant = occupant;
    session->jid = blob_new(jid);
    session->address = escaped(session->jid);
    session->presence = blob_ref(presence);
    table_add(&room->sessions, &session->link, hash_span(&room->service->seed, jid));
    LL_APPEND(occupant->sessions, session);
    occupant->session_count++;
    user_enter(occupant->user);
    bool first = occupant->session_count == 1;
    if (first && occupant_is_shown(occupant))
        occupant->presence = presence_render(occupant);
    struct audience_entry entry = entry_of(session);
    audience_add(room->audience, &session->seat, &entry);
    if (!first)
        occupant_refresh(occupant);
    return session;
}

static void session_free(struct session *session)
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

struct session *occupant_enter(struct room *room, struct span nick, const struct jid *user,
                               enum role role, struct blob *presence)
{
    struct occupant *occupant = occupant_find(room, nick);
    if (!occupant)
        occupant = occupant_new(room, nick, jid_bare(user), role);
    struct session *session = session_new(occupant, jid_full(user), presence);
    vacant_end(room);
    session_store(session);
    return session;
}

void occupant_restore(struct room *room, const struct store_session *row)
{
    struct jid user;
    if (!jid_parse(row->jid, &user) || !span_equal(jid_full(&user), row->jid))
        return;
    bool sound = payload_is_sound(row->presence);
    struct blob *presence = blob_new(sound ? row->presence : span_of(""));
    struct occupant *occupant = occupant_find(room, row->nick);
    if (!occupant)
        occupant = occupant_new(room, row->nick, jid_bare(&user), role_of(row->role));
    session_new(occupant, row->jid, presence)->joined = row->joined;
    blob_unref(presence);
}

void session_leave(struct session *session)
{
    struct occupant *occupant = session->occupant;
    struct room *room = occupant->room;
    struct span jid = session_jid(session);
    log_debug("%.*s leaves %s", (int)jid.len, jid.at, room->address);
    room_touch(room);
    service_wrote(room->service, store_session_delete(room->service->store, room->id, jid));
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
    take_role(occupant, role);
    store_sessions_of(occupant);
    occupant_refresh(occupant);
}

void occupant_rename(struct occupant *occupant, struct span nick)
{
    forget_nick(occupant);
    set_nick(occupant, nick);
    store_sessions_of(occupant);
    occupant_refresh(occupant);
}

void occupant_forget_all(struct room *room)
{
    while (room->occupants) {
        struct occupant *occupant = room->occupants;
        while (occupant->sessions)
            session_free(occupant->sessions);
        occupant_free(occupant);
    }
}
