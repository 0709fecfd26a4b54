#include "configure.h"

#include "affiliate.h"
#include "coven/ns.h"
#include "leave.h"
#include "muc/say/draft.h"
#include "muc/say/presence.h"
#include "muc/state/occupant.h"
#include "muc/state/service_state.h"
#include "room_end.h"

#define CODES_MAX 8

struct codes {
    int list[CODES_MAX];
    unsigned count;
};

/* Adds the code once, in rising order. 104 stands for all changes that do not concern privacy. */
static void add_code(struct codes *codes, int code)
{
    unsigned at = 0;
    while (at < codes->count && codes->list[at] < code)
        at++;
    if (at < codes->count && codes->list[at] == code)
        return;
    for (unsigned i = codes->count++; i > at; i--)
        codes->list[i] = codes->list[i - 1];
    codes->list[at] = code;
}

static bool is_same(const struct room_config *a, const struct room_config *b)
{
    for (size_t i = 0; options_at(i); i++) {
        if (!options_equal(options_at(i), a, b))
            return false;
    }
    return true;
}

static struct codes codes_of_change(const struct room_config *from, const struct room_config *to)
{
    struct codes codes = {.count = 0};
    for (size_t i = 0; options_at(i); i++) {
        const struct room_option *option = options_at(i);
        int code = options_status(option, to);
        if (code && !options_equal(option, from, to))
            add_code(&codes, code);
    }
    unsigned absent = (from->broadcast ^ to->broadcast) & BROADCAST_ABSENT;
    if (absent)
        add_code(&codes, to->broadcast & BROADCAST_ABSENT ? 102 : 103);
    return codes;
}

static void send_notice(struct room *room, const struct codes *codes)
{
    if (codes->count == 0)
        return;
    struct draft draft =
        draft_open(room->service, "message", room_address(room), "groupchat", NULL);
    draft_to_each(&draft);
    xml_open(&draft.xml, "x", NS_MUC_USER);
    for (unsigned i = 0; i < codes->count; i++) {
        xml_open(&draft.xml, "status", NULL);
        xml_attr_number(&draft.xml, "code", codes->list[i]);
        xml_close(&draft.xml);
    }
    xml_close(&draft.xml);
    outbox_fan(room->service->outbox, room->audience, draft_close(&draft), 0);
}

/* The room has become members-only: everybody else leaves. */
static void remove_outsiders(struct room *room)
{
    struct occupant *occupant = room->occupants, *next;
    for (; occupant && !room_is_gone(room); occupant = next) {
        next = occupant->next;
        if (occupant_affiliation(occupant) >= AFFILIATION_MEMBER)
            continue;
        struct presence_event event = presence_event_gone(occupant);
        presence_event_code(&event, 322);
        leave_occupant(occupant, &event);
    }
}

/* The room is not moderated any more: whom only that has silenced gets voice. */
static void give_voice(struct room *room)
{
    for (struct occupant *occupant = room->occupants; occupant; occupant = occupant->next) {
        if (occupant->role == ROLE_VISITOR && !occupant->silenced)
            affiliate_role(occupant, ROLE_PARTICIPANT, &(struct change){.reason = NULL});
    }
}

/* Renders every occupant again after a change of who sees whom. */
static void refresh_all(struct room *room)
{
    for (struct occupant *occupant = room->occupants; occupant; occupant = occupant->next)
        occupant_refresh(occupant);
}

/* Occupants whose presence is no longer shown leave for the others, and those whose presence is
 * shown now enter. */
static void resettle(struct room *room, unsigned broadcast_before)
{
    struct occupant *occupant = room->occupants;
    for (; occupant; occupant = occupant->next) {
        bool shown = (broadcast_before & options_role_bit(occupant->role)) != 0;
        bool shows = occupant_is_shown(occupant);
        struct presence_event event = presence_event_of(occupant);
        if (shown && !shows)
            presence_vanish(occupant);
        else if (shows && !shown)
            presence_to_others(occupant, &event);
    }
}

/* In a larger room the copies, as many as the square of this, would hold up what people say for
 * minutes. There everybody learns an address with the next presence of its user. */
#define REVEALED_MAX 500

/* The room has become non-anonymous: those who did not see real JIDs get all presence again. */
static void reveal(struct room *room)
{
    struct occupant *occupant = room->occupants;
    if (room->sessions.count > REVEALED_MAX)
        return;
    for (; occupant; occupant = occupant->next) {
        if (occupant->role == ROLE_MODERATOR)
            continue;
        occupant_note_change(occupant); /* so that recovery repeats what is lost */
        presence_reveal(occupant);
    }
}

void configure_room(struct room *room, struct room_config *config)
{
    struct codes codes = codes_of_change(&room->config, config);
    bool closes = config->members_only && !room->config.members_only;
    bool frees = !config->moderated && room->config.moderated;
    bool opens = config->whois == WHOIS_ANYONE && room->config.whois != WHOIS_ANYONE;
    bool sight = config->whois != room->config.whois || config->broadcast != room->config.broadcast;
    if (is_same(&room->config, config)) {
        options_free(config);
        return;
    }
    unsigned broadcast_before = room->config.broadcast;
    room_configure(room, config);
    if (sight) {
        refresh_all(room); /* before anything is sent: it decides who sees what */
        resettle(room, broadcast_before);
    }
    send_notice(room, &codes);
    if (closes)
        remove_outsiders(room);
    if (opens)
        reveal(room);
    if (frees)
        give_voice(room);
    room_end_if_empty(room); /* an empty room that is not persistent any more ends */
}
