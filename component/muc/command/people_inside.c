/* occupants and affiliations: who is in a room, and who is what there. */

#include <stdlib.h>

#include "coven/mem.h"
#include "coven/stored_xml.h"
#include "handlers.h"
#include "muc/state/affiliation.h"
#include "muc/state/occupant.h"
#include "muc/state/room.h"

#define ROWS_A_STEP 500

/* ---- occupants ---- */

/* Where the last step ended. Numbers rise in the order of entering. */
struct walk {
    uint32_t number;
};

static json_t *clients_of(const struct occupant *occupant)
{
    json_t *list = json_array();
    const struct session *session = occupant->sessions;
    for (; session; session = session->next)
        json_array_append_new(list, run_json_text(session_jid(session)));
    return list;
}

/* What the presence says about the user, if anything. */
static json_t *status_of(const struct occupant *occupant)
{
    struct span rest = blob_span(occupant_face(occupant)->presence);
    struct stored_xml status;
    struct buf text = BUF_INIT;
    if (stored_xml_child(&rest, "status", NULL, &status))
        stored_xml_text(&status, &text);
    json_t *json = run_json_text(buf_span(&text));
    buf_free(&text);
    return json;
}

static void add_occupant(struct run *run, const struct occupant *occupant)
{
    json_t *row = json_object();
    run_set(row, "nick", json_string(occupant_nick(occupant)));
    run_set(row, "jid", json_string(occupant_bare(occupant)));
    run_set(row, "role", json_string(role_name(occupant->role)));
    run_set(row, "affiliation", json_string(affiliation_name(occupant_affiliation(occupant))));
    run_set(row, "clients", clients_of(occupant));
    run_set(row, "status", status_of(occupant));
    run_row(run, row);
}

enum run_next people_inside_list(struct run *run)
{
    if (!run->state)
        run->state = mem_new(sizeof(struct walk));
    struct walk *walk = run->state;
    const struct occupant *occupant = run->room->occupants;
    while (occupant && occupant->number <= walk->number)
        occupant = occupant->next;
    for (int i = 0; occupant && i < ROWS_A_STEP; i++, occupant = occupant->next) {
        add_occupant(run, occupant);
        walk->number = occupant->number;
    }
    return occupant ? RUN_GOES_ON : RUN_DONE;
}

/* ---- affiliations ---- */

struct reading {
    int next;    /* of the affiliations in their order here */
    char *after; /* the last JID of the present one; NULL: none yet */
};

static const enum affiliation kinds[] = {AFFILIATION_OWNER, AFFILIATION_ADMIN, AFFILIATION_MEMBER,
                                         AFFILIATION_OUTCAST, AFFILIATION_NONE};
#define KINDS ((int)(sizeof kinds / sizeof *kinds))

static void add_entry(struct run *run, const struct affiliation_entry *entry)
{
    json_t *row = json_object();
    run_set(row, "jid", json_string(entry->jid));
    run_set(row, "affiliation", json_string(affiliation_name(entry->affiliation)));
    run_set(row, "nick", run_json_text(span_of(entry->nick)));
    run_set(row, "reason", run_json_text(span_of(entry->reason)));
    run_row(run, row);
}

/* Adds entries of one affiliation, and returns how many. */
static unsigned add_entries(struct run *run, const struct roll *roll, unsigned most)
{
    struct reading *reading = run->state;
    unsigned at = reading->after ? roll_before(roll, reading->after, true) : 0, count = 0;
    for (; at < roll->count && count < most; at++, count++)
        add_entry(run, roll->sorted[at]);
    bool over = at == roll->count;
    char *after = over ? NULL : mem_string(roll->sorted[at - 1]->jid);
    free(reading->after);
    reading->after = after;
    reading->next += over;
    return count;
}

/* Owners and admins are known to owners alone (XEP-0045, 10.5 and 10.8). */
static bool may_list(const struct run *run, enum affiliation kind)
{
    return run->rank == AFFILIATION_OWNER || kind < AFFILIATION_ADMIN;
}

/* Those with no affiliation have a reserved nick. */
enum run_next people_inside_affiliations(struct run *run)
{
    enum affiliation wanted;
    const char *word = run_text(run, "affiliation");
    bool one = word && affiliation_named(word, &wanted);
    if (!run->state)
        run->state = mem_new(sizeof(struct reading));
    struct reading *reading = run->state;
    unsigned left = ROWS_A_STEP;
    while (reading->next < KINDS && left > 0) {
        enum affiliation kind = kinds[reading->next];
        if ((one && kind != wanted) || !may_list(run, kind))
            reading->next++;
        else
            left -= add_entries(run, &run->room->rolls[kind], left);
    }
    return reading->next < KINDS ? RUN_GOES_ON : RUN_DONE;
}

void people_inside_free(void *state)
{
    struct reading *reading = state;
    free(reading->after);
    free(reading);
}
