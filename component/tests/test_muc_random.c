/*
 * Random sequences of stanzas, valid and not, from several users. After each stanza the invariants
 * of rooms hold, and every session's view of who is inside is correct. In a part of each sequence
 * the output is lost, until the link or the service comes back.
 *
 * A failure names the seed of its sequence; MUC_RANDOM_SEED=N plays that one alone, and shows it.
 */

#include "coven/log.h"
#include "coven/mem.h"
#include "coven/stanza.h"
#include "muc/state/affiliation.h"
#include "muc/state/occupant.h"
#include "muc/state/room.h"
#include "muc/state/room_load.h"
#include "muc/state/service_state.h"
#include "random_stanza.h"
#include "rig.h"
#include "unit.h"

#define SEQUENCES 10000
#define STEPS     30

/* ---- What each session has been told about each room ---- */

struct seen {
    bool there;
    enum affiliation affiliation;
    enum role role;
};

struct view {
    bool inside;
    struct seen nicks[RANDOM_NICKS];
    unsigned told[RANDOM_NICKS]; /* available presences of this step */
};

struct world {
    struct rig rig;
    struct random random;
    unsigned seed, step;
    bool shown;
    struct view views[RANDOM_SESSIONS][RANDOM_ROOMS];
    unsigned answers; /* to the request of this step */
    char sent[RANDOM_TEXT];
    struct sent what;
};

static void broken(const struct world *world, const char *what, const char *detail)
{
    fail_msg("seed %u, step %u: %s: %s\nafter: %s", world->seed, world->step, what, detail,
             world->sent);
}

static int nick_index(const char *nick)
{
    for (int i = 0; i < RANDOM_NICKS; i++) {
        if (strcmp(nick, random_nicks[i]) == 0)
            return i;
    }
    return -1;
}

static int session_index(const char *jid)
{
    for (int i = 0; i < RANDOM_SESSIONS; i++) {
        if (strcmp(jid, random_sessions[i]) == 0)
            return i;
    }
    return -1;
}

/* Splits "room0@…/nick"; -1: it is not one of our rooms. */
static int room_index(const char *address, const char **nick_r)
{
    const char *slash = strchr(address, '/');
    size_t len = slash ? (size_t)(slash - address) : strlen(address);
    *nick_r = slash ? slash + 1 : NULL;
    for (int i = 0; i < RANDOM_ROOMS; i++) {
        if (strlen(random_rooms[i]) == len && strncmp(address, random_rooms[i], len) == 0)
            return i;
    }
    return -1;
}

static bool has_status(xmpp_stanza_t *x, const char *code)
{
    xmpp_stanza_t *status = stanza_child(x, "status", NULL);
    for (; status; status = stanza_next(status, "status", NULL)) {
        if (strcmp(stanza_attr(status, "code"), code) == 0)
            return true;
    }
    return false;
}

static void learn(struct world *world, int session, xmpp_stanza_t *presence)
{
    const char *nick, *type = stanza_attr(presence, "type");
    int room = room_index(stanza_attr(presence, "from"), &nick);
    xmpp_stanza_t *x = stanza_child(presence, "x", "http://jabber.org/protocol/muc#user");
    xmpp_stanza_t *item = x ? stanza_child(x, "item", NULL) : NULL;
    if (type && strcmp(type, "error") == 0)
        return;
    int index = nick ? nick_index(nick) : -1;
    if (room < 0 || index < 0 || !item)
        broken(world, "a presence that nobody understands", world->sent);
    struct view *view = &world->views[session][room];
    bool self = has_status(x, "110"), renamed = has_status(x, "303");
    if (type) {
        view->nicks[index].there = false;
        if (self && !renamed)
            *view = (struct view){.inside = false};
        return;
    }
    view->inside = view->inside || self;
    view->nicks[index].there = true;
    view->told[index]++;
    if (!affiliation_named(stanza_attr(item, "affiliation"), &view->nicks[index].affiliation) ||
        !role_named(stanza_attr(item, "role"), &view->nicks[index].role))
        broken(world, "an item without rank", stanza_attr(presence, "from"));
}

/* ---- What was sent in this step ---- */

static bool may_see(struct world *world, int session, const char *from)
{
    const char *nick;
    int index = room_index(from, &nick);
    struct room *room = NULL;
    struct span node = {from, strcspn(from, "@")};
    if (index < 0 || room_load(world->rig.service, node, &room) != STORE_OK)
        return true; /* gone in this step */
    struct session *inside = session_find(room, span_of(random_sessions[session]));
    return !inside || occupant_sees_real(inside->occupant);
}

/* Presence and messages of a semi-anonymous room name nobody but the recipient itself. */
static void check_anonymity(struct world *world, int session, const char *from, const char *text)
{
    if (world->what.reconfigures || may_see(world, session, from))
        return;
    const char *own = random_sessions[session];
    for (const char *at = strstr(text, "@localhost"); at; at = strstr(at + 1, "@localhost")) {
        const char *start = at;
        while (start > text && strchr("'>", start[-1]) == NULL)
            start--;
        if (strncmp(start, own, strcspn(own, "/")) != 0)
            broken(world, "a real address went to somebody who may not see it", text);
    }
}

static void check_stanza(struct world *world, const char *text)
{
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(world->rig.xmpp, text);
    if (!stanza)
        broken(world, "this is not well-formed", text);
    const char *from = stanza_attr(stanza, "from"), *to = stanza_attr(stanza, "to");
    const char *type = stanza_attr(stanza, "type"), *id = stanza_attr(stanza, "id");
    if (!from || !to || !strstr(from, RIG_DOMAIN))
        broken(world, "a stanza without addresses of ours", text);
    int session = session_index(to);
    bool iq = stanza_is(stanza, "iq", NULL), presence = stanza_is(stanza, "presence", NULL);
    bool error = type && strcmp(type, "error") == 0;
    if (error && world->what.final)
        broken(world, "an error or a result was answered", text);
    if (iq && id && strcmp(id, world->what.id) == 0 && session == world->what.from)
        world->answers++;
    if (presence && session >= 0 && !world->what.probes)
        learn(world, session, stanza);
    if (!iq && !error && session >= 0)
        check_anonymity(world, session, from, text);
    xmpp_stanza_release(stanza);
}

static void check_sent(struct world *world)
{
    struct buf *out = &world->rig.out;
    world->answers = 0;
    for (int session = 0; session < RANDOM_SESSIONS; session++) {
        for (int room = 0; room < RANDOM_ROOMS; room++)
            memset(world->views[session][room].told, 0, sizeof world->views[session][room].told);
    }
    for (char *text = rig_next(&world->rig); text; text = rig_next(&world->rig)) {
        if (world->shown)
            printf("  < %s\n", text);
        check_stanza(world, text);
        free(text);
    }
    buf_clear(out);
    if (world->what.request && world->answers != 1)
        broken(world, world->answers ? "more than one answer" : "no answer", world->sent);
}

/* ---- Invariants ---- */

static void check_occupant(struct world *world, const struct occupant *occupant)
{
    enum affiliation affiliation = occupant_affiliation(occupant);
    bool rank = affiliation >= AFFILIATION_ADMIN;
    if (affiliation == AFFILIATION_OUTCAST)
        broken(world, "an outcast is inside", occupant->address);
    if (occupant->room->config.members_only && affiliation < AFFILIATION_MEMBER)
        broken(world, "a stranger is in a room for members", occupant->address);
    if (occupant->role == ROLE_NONE || (rank && occupant->role != ROLE_MODERATOR))
        broken(world, "a role does not fit its affiliation", occupant->address);
    if (occupant->session_count == 0)
        broken(world, "an occupant without a session", occupant->address);
}

/* A roll holds whom it should, in both of its orders. Returns their number. */
static unsigned check_roll(struct world *world, const struct room *room, enum affiliation kind)
{
    const struct roll *roll = &room->rolls[kind];
    unsigned count = 0;
    for (const struct affiliation_entry *e = roll->first; e; e = e->next, count++) {
        unsigned at = roll_before(roll, e->jid, false);
        if (e->affiliation != kind || at >= roll->count || roll->sorted[at] != e)
            broken(world, "an entry is in the wrong place", e->jid);
    }
    if (count != roll->count)
        broken(world, "a roll has a wrong count", room->address);
    return count;
}

/* Counters agree with a walk. */
static void check_counts(struct world *world, const struct room *room)
{
    unsigned entries = 0, moderators = 0, of_users = 0, occupants = 0;
    for (int i = 0; i < AFFILIATION_KINDS; i++)
        entries += check_roll(world, room, (enum affiliation)i);
    for (const struct occupant *o = room->moderators; o; o = o->next_moderator)
        moderators += o->role == ROLE_MODERATOR;
    for (const struct occupant *o = room->occupants; o; o = o->next) {
        occupants++;
        moderators -= o->role == ROLE_MODERATOR;
        const struct occupant *same = o->person->occupants;
        for (; same && o == o->person->occupants; same = same->next_same)
            of_users += same->user == o->user;
    }
    unsigned in_roles = 0;
    for (int i = 0; i < ROLE_KINDS; i++)
        in_roles += room->in_role[i];
    if (in_roles != occupants || entries != room->affiliations_by_jid.count || moderators != 0 ||
        of_users != occupants)
        broken(world, "a count is wrong", room->address);
}

/* What a session that is inside must have been told: itself, and everybody who is shown. */
static void check_view(struct world *world, int session, int index, const struct room *room)
{
    struct view *view = &world->views[session][index];
    struct session *inside = room ? session_find(room, span_of(random_sessions[session])) : NULL;
    if (view->inside != (inside != NULL))
        broken(world, inside ? "is inside and does not know" : "believes to be inside",
               random_sessions[session]);
    for (int i = 0; inside && i < RANDOM_NICKS; i++) {
        const struct occupant *occupant = occupant_find(room, span_of(random_nicks[i]));
        bool visible = occupant && (occupant == inside->occupant || occupant_is_shown(occupant));
        const struct seen *seen = &view->nicks[i];
        if (seen->there != visible)
            broken(world, visible ? "does not see" : "still sees", random_nicks[i]);
        if (visible &&
            (seen->role != occupant->role || seen->affiliation != occupant_affiliation(occupant)))
            broken(world, "sees somebody's rank as it is not", random_nicks[i]);
        if (world->what.simple && view->told[i] > 1 && occupant != inside->occupant)
            broken(world, "was told twice of", random_nicks[i]);
    }
}

static void check_rooms(struct world *world)
{
    for (int i = 0; i < RANDOM_ROOMS; i++) {
        struct room *room = NULL;
        struct span node = {random_rooms[i], strcspn(random_rooms[i], "@")};
        if (room_load(world->rig.service, node, &room) != STORE_OK)
            room = NULL;
        if (room && room->rolls[AFFILIATION_OWNER].count == 0)
            broken(world, "a room without an owner", random_rooms[i]);
        if (room)
            check_counts(world, room);
        for (struct occupant *o = room ? room->occupants : NULL; o; o = o->next)
            check_occupant(world, o);
        for (int session = 0; session < RANDOM_SESSIONS; session++)
            check_view(world, session, i, room);
    }
    service_settle(world->rig.service, true);
}

/* ---- The sequences ---- */

/* The steps whose output is lost. */
struct loss {
    unsigned from, to;
    bool crash; /* the loss ends with a crash; else the link was cut */
};

static struct loss no_loss(unsigned seed)
{
    (void)seed;
    return (struct loss){STEPS, STEPS, false};
}

static struct loss some_loss(unsigned seed)
{
    unsigned from = seed % (STEPS - 8);
    return (struct loss){from, from + 1 + seed % 7, seed / 7 % 2};
}

static void make_step(struct world *world)
{
    random_stanza(&world->random, world->sent, &world->what);
    if (world->shown)
        printf("%u > %s\n", world->step, world->sent);
    if (world->what.restarts)
        rig_restart(&world->rig);
    else
        rig_send(&world->rig, world->sent);
}

static void come_back(struct world *world, const struct loss *loss)
{
    if (world->shown)
        printf("%s\n", loss->crash ? "it comes back" : "the link comes back");
    rig_drain(&world->rig);
    if (loss->crash)
        rig_restart(&world->rig);
    rig_recover(&world->rig);
    world->what = (struct sent){.from = -1, .reconfigures = world->what.reconfigures};
}

static void play(struct world *world, unsigned seed, struct loss loss)
{
    world->seed = seed;
    world->random = random_of(seed);
    memset(world->views, 0, sizeof world->views);
    for (world->step = 0; world->step < STEPS; world->step++) {
        if (world->step == loss.from)
            rig_confirm(&world->rig);
        make_step(world);
        if (world->step >= loss.from && world->step < loss.to)
            continue;
        if (world->step == loss.to)
            come_back(world, &loss);
        check_sent(world);
        check_rooms(world);
    }
}

/* Ends all rooms, so that the next sequence starts without any. */
static void sweep(struct world *world)
{
    for (int i = 0; i < RANDOM_ROOMS; i++) {
        struct room *room = NULL;
        struct span node = {random_rooms[i], strcspn(random_rooms[i], "@")};
        if (room_load(world->rig.service, node, &room) == STORE_OK)
            assert_int_equal(store_room_delete(world->rig.store, room->id), STORE_OK);
    }
    assert_int_equal(store_commit(world->rig.store), STORE_OK);
    rig_restart(&world->rig);
}

static void play_all(struct loss (*loss)(unsigned seed))
{
    const char *one = getenv("MUC_RANDOM_SEED");
    unsigned first = one ? (unsigned)strtoul(one, NULL, 10) : 1;
    struct world *world = mem_new(sizeof *world);
    world->shown = one != NULL;
    rig_open(&world->rig);
    for (unsigned seed = first; seed < first + (one ? 1 : SEQUENCES); seed++) {
        play(world, seed, loss(seed));
        sweep(world);
    }
    rig_close(&world->rig);
    free(world);
}

static void everything_holds(void **state)
{
    (void)state;
    play_all(no_loss);
}

static void what_is_lost_is_told_again(void **state)
{
    (void)state;
    log_open("coven", LOG_ERROR); /* each recovery would log a line */
    play_all(some_loss);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_holds),
        cmocka_unit_test(what_is_lost_is_told_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
