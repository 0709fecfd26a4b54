#include "device.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/clock.h"
#include "coven/ns.h"
#include "tree.h"

#define JOIN_AGAIN_MS 5000 /* an unanswered join is repeated after this time */
#define ANSWER_MS     60000 /* covend answers a join or a leave within this time, unless it is down */
#define LOST_MS       5000 /* around a disruption, what is unanswered for this long is lost */

void device_label(const struct device *device, char label[LABEL_SIZE])
{
    snprintf(label, LABEL_SIZE, "p%u%c", device->person->number, (char)('a' + device->own));
}

static void resource_of(const struct device *device, char *text, size_t size)
{
    snprintf(text, size, "%c%u", (char)('a' + device->own), device->resource);
}

void device_address(const struct device *device, char address[VIEW_TEXT])
{
    char resource[VIEW_TEXT / 2];
    resource_of(device, resource, sizeof resource);
    snprintf(address, VIEW_TEXT, "user%u@%.30s/%.12s", device->person->number,
             device->person->server->domain, resource);
}

const struct face *device_face(const struct device *device, uint32_t room)
{
    const struct view *view = &device->views[room];
    return view->state == VIEW_INSIDE ? faces_find(&view->faces, view->nick) : NULL;
}

static void set_state(struct view *view, enum view_state state)
{
    view->state = state;
    view->since_ms = clock_mono_ms();
}

static void excuse(struct device *device, uint32_t room)
{
    struct private_messages *messages = &device->people->private_messages;
    private_excuse(messages, room, device->person->number, device->own);
}

static void note(struct device *device, uint32_t room, const char *what)
{
    char label[LABEL_SIZE];
    device_label(device, label);
    trace_add(&device->people->traces, room, "%s %s", label, what);
}

/* ---- Joining and leaving ---- */

void device_join(struct device *device, uint32_t room, const char *nick)
{
    struct view *view = &device->views[room];
    char what[2 * VIEW_TEXT];
    if (view->state != VIEW_INSIDE) {
        view_forget(view);
        set_state(view, VIEW_JOINING);
        if (nick != view->wish)
            snprintf(view->wish, sizeof view->wish, "%s", nick);
    }
    view->refused = false;
    snprintf(view->join, sizeof view->join, "j%u", device->people->next_number++);
    buf_printf(connection_out(&device->connection),
               "<presence to='room%u@%s/%s' id='%s'><x xmlns='" NS_MUC "'/></presence>", room,
               device->people->victim.service, nick, view->join);
    snprintf(what, sizeof what, "-> joins as %s", nick);
    note(device, room, what);
    excuse(device, room);
}

void device_leave(struct device *device, uint32_t room)
{
    struct view *view = &device->views[room];
    buf_printf(connection_out(&device->connection),
               "<presence type='unavailable' to='room%u@%s/%s'/>", room,
               device->people->victim.service, view->nick);
    set_state(view, VIEW_LEAVING);
    note(device, room, "-> leaves");
    excuse(device, room);
}

void device_drop(struct device *device, int64_t away_ms)
{
    connection_close(&device->connection);
    device->away_ms = clock_mono_ms();
    device->back_ms = device->away_ms + away_ms;
    device->person->dropped = true;
    for (uint32_t room = 0; room < device->people->room_count; room++) {
        struct view *view = &device->views[room];
        if (view->state == VIEW_OUT)
            continue;
        view->was_inside = view->state == VIEW_INSIDE || view->state == VIEW_JOINING;
        if (view->state == VIEW_INSIDE)
            snprintf(view->wish, sizeof view->wish, "%s", view->nick);
        view_forget(view);
        set_state(view,
                  view->state == VIEW_LEAVING || view->state == VIEW_GHOST ? VIEW_GHOST : VIEW_OUT);
        view->reading = false;
        note(device, room, "-> loses its connection");
        excuse(device, room);
    }
}

/* May covend not know that the session ended? It was down, or the server did not tell it, or the
 * session was on another server, from which nothing is sure to arrive. */
static bool may_be_unnoticed(const struct device *device, const struct view *view)
{
    const struct people *people = device->people;
    return view->refused || device->person->server != people->servers ||
           people_were_disrupted(people, device->away_ms);
}

/* A device with its old address that does not join again may still be in the room. */
static void return_to(struct device *device, uint32_t room, bool same)
{
    struct people *people = device->people;
    struct view *view = &device->views[room];
    bool enters = view->was_inside && !dice_once_in(&people->dice, 6);
    if (!same)
        set_state(view, VIEW_OUT);
    else if (view->was_inside && !enters && may_be_unnoticed(device, view))
        set_state(view, VIEW_GHOST);
    if (view->was_inside || view->state == VIEW_GHOST)
        note(device, room, same ? "-> is back" : "-> is back with another address");
    view->was_inside = view->refused = false;
    if (enters)
        device_join(device, room, view->wish);
}

bool device_return(struct device *device)
{
    struct people *people = device->people;
    struct buf why = BUF_INIT;
    char user[VIEW_TEXT], resource[VIEW_TEXT];
    struct handshake_settings settings = device->person->server->settings;
    bool same = !dice_once_in(&people->dice, 3);
    if (!same)
        device->resource++;
    snprintf(user, sizeof user, "user%u", device->person->number);
    resource_of(device, resource, sizeof resource);
    settings.resource = resource;
    int fd = handshake_as_client(&settings, user, &why);
    buf_free(&why);
    if (fd < 0) {
        device->back_ms = clock_mono_ms() + 1000;
        return false;
    }
    connection_take(&device->connection, fd);
    buf_add_text(connection_out(&device->connection), "<presence/>");
    for (uint32_t room = 0; room < people->room_count; room++)
        return_to(device, room, same);
    return true;
}

/* ---- Timers ---- */

static void report_unanswered(struct device *device, uint32_t room, const char *what)
{
    char label[LABEL_SIZE];
    device_label(device, label);
    people_fail(device->people, room, label, NULL, "room %u: %s %s", room, label, what);
}

static void tick_joining(struct device *device, uint32_t room)
{
    struct view *view = &device->views[room];
    int64_t since_ms = view->since_ms, now_ms = clock_mono_ms();
    if (now_ms < since_ms + JOIN_AGAIN_MS)
        return;
    view->tries++;
    if (people_were_disrupted(device->people, now_ms - ANSWER_MS))
        view->tries = 0;
    if (view->tries > ANSWER_MS / JOIN_AGAIN_MS)
        report_unanswered(device, room, "joined, but got no answer");
    else
        device_join(device, room, view->wish);
}

static void tick_leaving(struct device *device, uint32_t room)
{
    struct view *view = &device->views[room];
    int64_t now_ms = clock_mono_ms();
    if (now_ms < view->since_ms + LOST_MS)
        return;
    if (people_were_disrupted(device->people, view->since_ms)) {
        set_state(view, VIEW_GHOST);
        note(device, room, "-> got no answer to its leave");
    } else if (now_ms > view->since_ms + ANSWER_MS) {
        report_unanswered(device, room, "left, but got no answer");
    }
}

void device_tick(struct device *device)
{
    if (device_is_away(device)) {
        if (clock_mono_ms() >= device->back_ms)
            device_return(device);
        return;
    }
    for (uint32_t room = 0; room < device->people->room_count; room++) {
        enum view_state state = device->views[room].state;
        if (state == VIEW_JOINING)
            tick_joining(device, room);
        else if (state == VIEW_LEAVING)
            tick_leaving(device, room);
    }
}
