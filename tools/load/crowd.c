#include "crowd.h"

#include <string.h>

#include "coven/ns.h"
#include "ledger.h"

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

struct place crowd_place(const struct crowd *crowd, uint32_t room, uint32_t seat)
{
    const struct options *options = crowd->options;
    uint64_t user = ((uint64_t)room * options->occupants + seat) % options->users;
    return (struct place){room, seat, (uint32_t)user};
}

struct place crowd_next(struct crowd *crowd)
{
    const struct options *options = crowd->options;
    uint64_t turn = crowd->turn++;
    return crowd_place(crowd, (uint32_t)(turn % options->rooms),
                       (uint32_t)(turn / options->rooms % options->occupants));
}

uint32_t crowd_copies(const struct crowd *crowd)
{
    return crowd->options->work == WORK_PRIVATE ? 1 : crowd->options->occupants;
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

/* What each work sends, and to whom it sends it. */
static const struct saying {
    const char *stanza, *type, *child;
    bool to_nick, to_neighbour;
} sayings[] = {
    [WORK_MESSAGES] = {"message", " type='groupchat'", "body", false, false},
    [WORK_PRIVATE] = {"message", " type='chat'", "body", true, true},
    [WORK_PRESENCE] = {"presence", "", "status", true, false},
};

void crowd_say(const struct crowd *crowd, struct place place, uint32_t number, struct buf *out)
{
    const struct saying *saying = &sayings[crowd->options->work];
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

void crowd_join(const struct crowd *crowd, struct place place, uint32_t number, struct buf *out)
{
    buf_add_text(out, "<presence");
    add_addresses(crowd->options, place, out);
    buf_printf(out, "/n%u", place.seat);
    add_id(number, out);
    buf_add_char(out, '>');
    add_marked("status", number, (struct span){NULL, 0}, out);
    buf_add_text(out, "<x xmlns='" NS_MUC "'/></presence>");
}

void crowd_configure(const struct crowd *crowd, struct place place, struct buf *out)
{
    buf_add_text(out, "<iq type='set'");
    add_addresses(crowd->options, place, out);
    buf_add_text(out, "' id='configure'><query xmlns='" NS_MUC_OWNER "'>"
                      "<x xmlns='" NS_DATA "' type='submit'>");
    if (crowd->options->quiet_rooms)
        buf_add_text(
            out, "<field var='FORM_TYPE'><value>" NS_MUC_ROOMCONFIG "</value></field>"
                 "<field var='muc#roomconfig_presencebroadcast'><value>moderator</value></field>");
    buf_add_text(out, "</x></query></iq>");
}
