#include "occupant.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "affiliation.h"
#include "coven/mem.h"
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

static bool is_before(const struct session *a, const struct session *b)
{
    return a->priority != b->priority ? a->priority > b->priority : a->spoke > b->spoke;
}

struct session *occupant_face(const struct occupant *occupant)
{
    struct session *face = occupant->sessions;
    for (struct session *session = face->next; session; session = session->next) {
        if (is_before(session, face))
            face = session;
    }
    return face;
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
    return (occupant->room->config.broadcast & options_role_bit(occupant->role)) != 0;
}

/* ---- Occupants ---- */

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

/* Adds the occupant to those of its user in the room. */
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
    room->in_role[occupant->role] -= occupant->role != ROLE_NONE;
    room->in_role[role] += role != ROLE_NONE;
    occupant->role = role;
    occupant->silenced = occupant->silenced && role == ROLE_VISITOR;
    if (is && !was)
        DL_APPEND2(room->moderators, occupant, prev_moderator, next_moderator);
    if (was && !is)
        DL_DELETE2(room->moderators, occupant, prev_moderator, next_moderator);
}

struct occupant *occupant_new(struct room *room, struct span nick, struct span bare, enum role role)
{
    struct occupant *occupant = mem_new(sizeof *occupant);
    occupant->room = room;
    occupant->user = user_of(room->service, bare);
    occupant->number = ++room->last_number;
    room->service->occupants++;
    take_role(occupant, role);
    enter_person(occupant);
    occupant_id_of(room, bare, occupant->id);
    set_nick(occupant, nick);
    return occupant;
}

void occupant_free(struct occupant *occupant)
{
    occupant->room->service->occupants--;
    forget_nick(occupant);
    take_role(occupant, ROLE_NONE);
    leave_person(occupant);
    rendered_unref(occupant->presence);
    free(occupant->address);
    free(occupant);
}

void occupant_refresh(struct occupant *occupant)
{
    struct service *service = occupant->room->service;
    rendered_unref(occupant->presence);
    occupant->presence = occupant_is_shown(occupant) ? service->calls.render(occupant) : NULL;
    for (struct session *session = occupant->sessions; session; session = session->next)
        session_reseat(session);
}

/* The face gets the highest number, by which it is recognised after a restart. */
void occupant_note_change(const struct occupant *occupant)
{
    uint32_t turn = occupant->room->service->turn;
    struct session *face = occupant_face(occupant);
    bool is_last = face->changed_in == turn;
    for (struct session *session = occupant->sessions; session; session = session->next) {
        if (session == face || session->changed_in == turn)
            continue;
        session_store_change(session);
        is_last = false;
    }
    if (!is_last)
        session_store_change(face);
}

static void store_sessions(struct occupant *occupant)
{
    struct session *face = occupant_face(occupant);
    for (struct session *session = occupant->sessions; session; session = session->next) {
        if (session != face)
            session_store(session);
    }
    session_store(face);
}

void occupant_set_role(struct occupant *occupant, enum role role)
{
    take_role(occupant, role);
    store_sessions(occupant);
    occupant_refresh(occupant);
}

void occupant_silence(struct occupant *occupant)
{
    if (occupant->silenced)
        return;
    occupant->silenced = true;
    if (occupant->role == ROLE_VISITOR)
        store_sessions(occupant);
}

void occupant_rename(struct occupant *occupant, struct span nick)
{
    forget_nick(occupant);
    set_nick(occupant, nick);
    store_sessions(occupant);
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
