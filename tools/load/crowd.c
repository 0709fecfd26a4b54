#include "crowd.h"

#include <string.h>

#include "coven/ns.h"
#include "wire/ledger.h"

void crowd_init(struct crowd *crowd, const struct options *options)
{
    *crowd = (struct crowd){.options = options};
    size_t len = options->bytes - MARK_LEN;
    memset(buf_reserve(&crowd->filling, len), '.', len);
    crowd->filling.len = len;
}

void crowd_free(struct crowd *crowd)
{
    buf_free(&crowd->filling);
}

uint32_t crowd_rooms(const struct crowd *crowd)
{
    return crowd->options->rooms + (crowd->options->flood > 0);
}

/* Those who flood are users of their own. */
struct place crowd_place(const struct crowd *crowd, uint32_t room, uint32_t seat)
{
    const struct options *options = crowd->options;
    uint64_t user = ((uint64_t)room * options->occupants + seat) % options->users;
    if (room == options->rooms)
        user = (uint64_t)options->users + seat;
    return (struct place){room, seat, (uint32_t)user};
}

static uint64_t measured_joiners(const struct options *options)
{
    return (uint64_t)options->rooms * (options->occupants - 1);
}

uint64_t crowd_joiners(const struct crowd *crowd)
{
    uint32_t flood = crowd->options->flood;
    return measured_joiners(crowd->options) + (flood ? flood - 1 : 0);
}

struct place crowd_joiner(const struct crowd *crowd, uint64_t index)
{
    uint32_t rooms = crowd->options->rooms;
    uint64_t measured = measured_joiners(crowd->options);
    if (index >= measured)
        return crowd_place(crowd, rooms, (uint32_t)(index - measured + 1));
    return crowd_place(crowd, (uint32_t)(index % rooms), (uint32_t)(index / rooms + 1));
}

/* Who created a room stays in it. */
struct place crowd_next(struct crowd *crowd)
{
    const struct options *options = crowd->options;
    uint32_t staying = options->work == WORK_HISTORY;
    uint64_t turn = crowd->turn++;
    return crowd_place(crowd, (uint32_t)(turn % options->rooms),
                       staying +
                           (uint32_t)(turn / options->rooms % (options->occupants - staying)));
}

struct place crowd_next_flood(struct crowd *crowd)
{
    const struct options *options = crowd->options;
    return crowd_place(crowd, options->rooms, (uint32_t)(crowd->flood_turn++ % options->flood));
}

uint32_t crowd_copies(const struct crowd *crowd)
{
    bool to_all = crowd->options->work == WORK_MESSAGES || crowd->options->work == WORK_PRESENCE;
    return to_all ? crowd->options->occupants : 1;
}

uint32_t crowd_message_copies(const struct crowd *crowd, uint32_t room)
{
    const struct options *options = crowd->options;
    return room == options->rooms ? options->flood : options->occupants;
}

/* ---- Stanzas ---- */

/* ` from='...' to='ROOM`, open for a nick. Clients do not say who they are. */
static void add_addresses(const struct options *options, struct place place, struct buf *out)
{
    if (options->role != ROLE_CLIENTS)
        buf_printf(out, " from='%s%u@%s/load'", options->accounts, place.user, options->domain);
    buf_printf(out, " to='%s%u@%s", options->room_prefix, place.room, options->service);
}

static void add_id(uint32_t number, struct buf *out)
{
    char mark[MARK_LEN];
    mark_write(mark, number);
    buf_add_text(out, "' id='");
    buf_add(out, mark, MARK_LEN);
    buf_add_char(out, '\'');
}

static void add_marked(const char *name, uint32_t number, struct span filling, struct buf *out)
{
    char mark[MARK_LEN];
    mark_write(mark, number);
    buf_printf(out, "<%s>", name);
    buf_add(out, mark, MARK_LEN);
    buf_add_span(out, filling);
    buf_printf(out, "</%s>", name);
}

/* What each kind of stanza is, and to whom it goes. */
static const struct saying {
    const char *stanza, *type, *child;
    bool to_nick, to_neighbour;
} message = {"message", " type='groupchat'", "body", false, false},
  private = {"message", " type='chat'", "body", true, true},
  presence = {"presence", "", "status", true, false};

static void say(const struct crowd *crowd, const struct saying *saying, struct place place,
                uint32_t number, struct buf *out)
{
    uint32_t seat = (place.seat + saying->to_neighbour) % crowd->options->occupants;
    buf_printf(out, "<%s%s", saying->stanza, saying->type);
    add_addresses(crowd->options, place, out);
    if (saying->to_nick)
        buf_printf(out, "/n%u", seat);
    add_id(number, out);
    buf_add_char(out, '>');
    add_marked(saying->child, number, buf_span(&crowd->filling), out);
    if (saying->to_neighbour)
        buf_add_text(out, "<x xmlns='" NS_MUC_USER "'/>");
    buf_printf(out, "</%s>", saying->stanza);
}

void crowd_message(const struct crowd *crowd, struct place place, uint32_t number, struct buf *out)
{
    say(crowd, &message, place, number, out);
}

static void say_private(const struct crowd *crowd, struct place place, uint32_t number,
                        struct buf *out)
{
    say(crowd, &private, place, number, out);
}

static void say_presence(const struct crowd *crowd, struct place place, uint32_t number,
                         struct buf *out)
{
    say(crowd, &presence, place, number, out);
}

/* Asks for so many messages of history; 0: says nothing of it. */
static void join(const struct crowd *crowd, struct place place, uint32_t number, uint32_t history,
                 struct buf *out)
{
    buf_add_text(out, "<presence");
    add_addresses(crowd->options, place, out);
    buf_printf(out, "/n%u", place.seat);
    add_id(number, out);
    buf_add_char(out, '>');
    add_marked("status", number, (struct span){NULL, 0}, out);
    buf_add_text(out, "<x xmlns='" NS_MUC "'>");
    if (history)
        buf_printf(out, "<history maxstanzas='%u'/>", history);
    buf_add_text(out, "</x></presence>");
}

void crowd_join(const struct crowd *crowd, struct place place, uint32_t number, struct buf *out)
{
    join(crowd, place, number, 0, out);
}

static void join_again(const struct crowd *crowd, struct place place, uint32_t number,
                       struct buf *out)
{
    buf_add_text(out, "<presence type='unavailable'");
    add_addresses(crowd->options, place, out);
    buf_printf(out, "/n%u'/>", place.seat);
    join(crowd, place, number, crowd->options->page, out);
}

static void ask_archive(const struct crowd *crowd, struct place place, uint32_t number,
                        struct buf *out)
{
    buf_add_text(out, "<iq type='set'");
    add_addresses(crowd->options, place, out);
    add_id(number, out);
    buf_printf(out,
               "><query xmlns='" NS_MAM "'><set xmlns='" NS_RSM "'><max>%u</max><before/></set>"
               "</query></iq>",
               crowd->options->page);
}

void crowd_say(const struct crowd *crowd, struct place place, uint32_t number, struct buf *out)
{
    static void (*const works[])(const struct crowd *crowd, struct place place, uint32_t number,
                                 struct buf *out) = {
        [WORK_MESSAGES] = crowd_message, [WORK_PRIVATE] = say_private,
        [WORK_PRESENCE] = say_presence,  [WORK_HISTORY] = join_again,
        [WORK_ARCHIVE] = ask_archive,
    };
    works[crowd->options->work](crowd, place, number, out);
}

static void add_field(const char *name, const char *value, struct buf *out)
{
    buf_printf(out, "<field var='%s'><value>%s</value></field>", name, value);
}

void crowd_configure(const struct crowd *crowd, struct place place, struct buf *out)
{
    const struct options *options = crowd->options;
    buf_add_text(out, "<iq type='set'");
    add_addresses(options, place, out);
    buf_add_text(out, "' id='configure'><query xmlns='" NS_MUC_OWNER "'>"
                      "<x xmlns='" NS_DATA "' type='submit'>");
    if (options->quiet_rooms || options->no_archive)
        add_field("FORM_TYPE", NS_MUC_ROOMCONFIG, out);
    if (options->quiet_rooms)
        add_field("muc#roomconfig_presencebroadcast", "moderator", out);
    if (options->no_archive)
        add_field("muc#roomconfig_enablearchiving", "0", out);
    buf_add_text(out, "</x></query></iq>");
}
