#include "traffic.h"

#include <string.h>

#include "coven/ns.h"
#include "wire/ledger.h"

void traffic_init(struct traffic *traffic, const struct options *options)
{
    *traffic = (struct traffic){.options = options};
    size_t len = options->bytes - MARK_LEN;
    memset(buf_reserve(&traffic->filling, len), '.', len);
    traffic->filling.len = len;
}

void traffic_free(struct traffic *traffic)
{
    buf_free(&traffic->filling);
}

uint32_t traffic_rooms(const struct traffic *traffic)
{
    return traffic->options->rooms + (traffic->options->flood > 0);
}

/* The users of the flooded room are additional ones. */
struct traffic_place traffic_place(const struct traffic *traffic, uint32_t room, uint32_t seat)
{
    const struct options *options = traffic->options;
    uint64_t user = ((uint64_t)room * options->occupants + seat) % options->users;
    if (room == options->rooms)
        user = (uint64_t)options->users + seat;
    return (struct traffic_place){room, seat, (uint32_t)user};
}

static uint64_t measured_joiners(const struct options *options)
{
    return (uint64_t)options->rooms * (options->occupants - 1);
}

uint64_t traffic_joiners(const struct traffic *traffic)
{
    uint32_t flood = traffic->options->flood;
    return measured_joiners(traffic->options) + (flood ? flood - 1 : 0);
}

struct traffic_place traffic_joiner(const struct traffic *traffic, uint64_t index)
{
    uint32_t rooms = traffic->options->rooms;
    uint64_t measured = measured_joiners(traffic->options);
    if (index >= measured)
        return traffic_place(traffic, rooms, (uint32_t)(index - measured + 1));
    return traffic_place(traffic, (uint32_t)(index % rooms), (uint32_t)(index / rooms + 1));
}

/* The creator of a room stays in it. */
struct traffic_place traffic_next(struct traffic *traffic)
{
    const struct options *options = traffic->options;
    uint32_t staying = options->work == WORK_HISTORY;
    uint64_t turn = traffic->turn++;
    return traffic_place(traffic, (uint32_t)(turn % options->rooms),
                         staying +
                             (uint32_t)(turn / options->rooms % (options->occupants - staying)));
}

struct traffic_place traffic_next_flood(struct traffic *traffic)
{
    const struct options *options = traffic->options;
    return traffic_place(traffic, options->rooms,
                         (uint32_t)(traffic->flood_turn++ % options->flood));
}

uint32_t traffic_copies(const struct traffic *traffic)
{
    bool to_all =
        traffic->options->work == WORK_MESSAGES || traffic->options->work == WORK_PRESENCE;
    return to_all ? traffic->options->occupants : 1;
}

uint32_t traffic_message_copies(const struct traffic *traffic, uint32_t room)
{
    const struct options *options = traffic->options;
    return room == options->rooms ? options->flood : options->occupants;
}

/* ---- Stanzas ---- */

/* ` from='...' to='ROOM`, open for a nick. A client has no `from`. */
static void add_addresses(const struct options *options, struct traffic_place place,
                          struct buf *out)
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

/* The kinds of stanzas. */
static const struct stanza_form {
    const char *stanza, *type, *child;
    bool to_nick, to_neighbour;
} message = {"message", " type='groupchat'", "body", false, false},
  private = {"message", " type='chat'", "body", true, true},
  presence = {"presence", "", "status", true, false};

static void say(const struct traffic *traffic, const struct stanza_form *form,
                struct traffic_place place, uint32_t number, struct buf *out)
{
    uint32_t seat = (place.seat + form->to_neighbour) % traffic->options->occupants;
    buf_printf(out, "<%s%s", form->stanza, form->type);
    add_addresses(traffic->options, place, out);
    if (form->to_nick)
        buf_printf(out, "/n%u", seat);
    add_id(number, out);
    buf_add_char(out, '>');
    add_marked(form->child, number, buf_span(&traffic->filling), out);
    if (form->to_neighbour)
        buf_add_text(out, "<x xmlns='" NS_MUC_USER "'/>");
    buf_printf(out, "</%s>", form->stanza);
}

void traffic_message(const struct traffic *traffic, struct traffic_place place, uint32_t number,
                     struct buf *out)
{
    say(traffic, &message, place, number, out);
}

static void say_private(const struct traffic *traffic, struct traffic_place place, uint32_t number,
                        struct buf *out)
{
    say(traffic, &private, place, number, out);
}

static void say_presence(const struct traffic *traffic, struct traffic_place place, uint32_t number,
                         struct buf *out)
{
    say(traffic, &presence, place, number, out);
}

/* With `history` 0 it does not mention history. */
static void join(const struct traffic *traffic, struct traffic_place place, uint32_t number,
                 uint32_t history, struct buf *out)
{
    buf_add_text(out, "<presence");
    add_addresses(traffic->options, place, out);
    buf_printf(out, "/n%u", place.seat);
    add_id(number, out);
    buf_add_char(out, '>');
    add_marked("status", number, (struct span){NULL, 0}, out);
    buf_add_text(out, "<x xmlns='" NS_MUC "'>");
    if (history)
        buf_printf(out, "<history maxstanzas='%u'/>", history);
    buf_add_text(out, "</x></presence>");
}

void traffic_join(const struct traffic *traffic, struct traffic_place place, uint32_t number,
                  struct buf *out)
{
    join(traffic, place, number, 0, out);
}

static void join_again(const struct traffic *traffic, struct traffic_place place, uint32_t number,
                       struct buf *out)
{
    buf_add_text(out, "<presence type='unavailable'");
    add_addresses(traffic->options, place, out);
    buf_printf(out, "/n%u'/>", place.seat);
    join(traffic, place, number, traffic->options->page, out);
}

static void ask_archive(const struct traffic *traffic, struct traffic_place place, uint32_t number,
                        struct buf *out)
{
    buf_add_text(out, "<iq type='set'");
    add_addresses(traffic->options, place, out);
    add_id(number, out);
    buf_printf(out,
               "><query xmlns='" NS_MAM "'><set xmlns='" NS_RSM "'><max>%u</max><before/></set>"
               "</query></iq>",
               traffic->options->page);
}

void traffic_say(const struct traffic *traffic, struct traffic_place place, uint32_t number,
                 struct buf *out)
{
    static void (*const works[])(const struct traffic *traffic, struct traffic_place place,
                                 uint32_t number, struct buf *out) = {
        [WORK_MESSAGES] = traffic_message, [WORK_PRIVATE] = say_private,
        [WORK_PRESENCE] = say_presence,    [WORK_HISTORY] = join_again,
        [WORK_ARCHIVE] = ask_archive,
    };
    works[traffic->options->work](traffic, place, number, out);
}

static void add_field(const char *name, const char *value, struct buf *out)
{
    buf_printf(out, "<field var='%s'><value>%s</value></field>", name, value);
}

void traffic_configure(const struct traffic *traffic, struct traffic_place place, struct buf *out)
{
    const struct options *options = traffic->options;
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
