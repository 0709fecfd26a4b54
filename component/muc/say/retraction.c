#include "retraction.h"

#include "coven/datetime.h"
#include "coven/ns.h"
#include "muc/state/service_state.h"

#define NOTICE "A moderator has removed an earlier message, which your app may still show."

void retraction_write_id(struct xml *xml, struct span escaped)
{
    struct buf attribute = BUF_INIT;
    buf_add_text(&attribute, " id='");
    buf_add_span(&attribute, escaped);
    buf_add_char(&attribute, '\'');
    xml_raw_attrs(xml, buf_span(&attribute));
    buf_free(&attribute);
}

static void write_origin_id(struct xml *xml, struct span escaped)
{
    if (escaped.len == 0)
        return;
    xml_open(xml, "origin-id", NS_SID);
    retraction_write_id(xml, escaped);
    xml_close(xml);
}

static void write_moderator(struct xml *xml, const struct retraction *retraction)
{
    xml_open(xml, "occupant-id", NS_OCCUPANT_ID);
    xml_attr_text(xml, "id", retraction->moderator);
    xml_close(xml);
}

static void write_reason(struct xml *xml, const struct retraction *retraction)
{
    if (retraction->reason)
        xml_element(xml, "reason", NULL, span_of(retraction->reason));
}

/* ---- Today's version ---- */

static void write_moderated(struct xml *xml, const struct retraction *retraction)
{
    if (!retraction->moderator)
        return;
    xml_open(xml, "moderated", NS_MODERATE);
    if (retraction->by.len > 0)
        xml_attr(xml, "by", retraction->by);
    write_moderator(xml, retraction);
    xml_close(xml);
}

static void write_retract(struct xml *xml, const struct retraction *retraction, const char *message)
{
    xml_open(xml, "retract", NS_RETRACT);
    xml_attr_text(xml, "id", message);
    write_moderated(xml, retraction);
    write_reason(xml, retraction);
    xml_close(xml);
}

static void write_retracted(struct xml *xml, const struct retraction *retraction, const char *stamp)
{
    xml_open(xml, "retracted", NS_RETRACT);
    xml_attr_text(xml, "stamp", stamp);
    xml_attr_text(xml, "id", retraction->id);
    write_moderated(xml, retraction);
    write_reason(xml, retraction);
    xml_close(xml);
}

/* ---- The version before ---- */

/* That version requires `by`, so a moderator without an address goes by the room's. */
static void open_moderated_0(struct xml *xml, const struct room *room,
                             const struct retraction *retraction)
{
    xml_open(xml, "moderated", NS_MODERATE_0);
    xml_attr(xml, "by", retraction->by.len > 0 ? retraction->by : room_address(room));
}

static void write_retract_0(struct xml *xml, const struct room *room,
                            const struct retraction *retraction, const char *message)
{
    xml_open(xml, "apply-to", NS_FASTEN);
    xml_attr_text(xml, "id", message);
    open_moderated_0(xml, room, retraction);
    xml_element(xml, "retract", NS_RETRACT_0, span_of(""));
    write_reason(xml, retraction);
    xml_close(xml);
    xml_close(xml);
}

static void write_retracted_0(struct xml *xml, const char *stamp, struct span origin_id)
{
    xml_open(xml, "retracted", NS_RETRACT_0);
    xml_attr_text(xml, "stamp", stamp);
    write_origin_id(xml, origin_id);
    xml_close(xml);
}

static void write_moderated_0(struct xml *xml, const struct room *room,
                              const struct retraction *retraction, const char *stamp)
{
    open_moderated_0(xml, room, retraction);
    write_moderator(xml, retraction);
    write_retracted_0(xml, stamp, span_of(""));
    write_reason(xml, retraction);
    xml_close(xml);
}

/* ---- Both ---- */

void retraction_write_notice(struct xml *xml, const struct room *room,
                             const struct retraction *retraction, const char *message)
{
    write_retract(xml, retraction, message);
    write_retract_0(xml, room, retraction, message);
    xml_element(xml, "body", NULL, span_of(NOTICE));
    xml_open(xml, "fallback", NS_FALLBACK);
    xml_attr_text(xml, "for", NS_RETRACT);
    xml_close(xml);
    xml_element(xml, "store", NS_HINTS, span_of(""));
}

/* In the version before, an author's tombstone is found by the origin id of the message. */
void retraction_write_tombstone(struct xml *xml, const struct room *room,
                                const struct retraction *retraction, struct span origin_id)
{
    char stamp[DATETIME_SIZE];
    datetime_print(room->service->wall_ms, stamp);
    write_origin_id(xml, origin_id);
    write_retracted(xml, retraction, stamp);
    if (retraction->moderator)
        write_moderated_0(xml, room, retraction, stamp);
    else if (origin_id.len > 0)
        write_retracted_0(xml, stamp, origin_id);
}
