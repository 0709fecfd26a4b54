#include "draft.h"

#include "coven/bug.h"
#include "coven/ns.h"
#include "muc/state/service_state.h"

struct draft draft_open(struct service *service, const char *name, struct span from,
                        const char *type, const char *id)
{
    return draft_open_in(&service->scratch, name, from, type, id);
}

struct draft draft_open_in(struct buf *scratch, const char *name, struct span from,
                           const char *type, const char *id)
{
    buf_clear(scratch);
    struct draft draft = {.xml = xml_to(scratch), .to_at = RENDERED_NO_TO};
    xml_open(&draft.xml, name, NS_CLIENT);
    xml_attr(&draft.xml, "from", from);
    xml_attr_text(&draft.xml, "type", type);
    xml_attr_text(&draft.xml, "id", id);
    return draft;
}

void draft_to(struct draft *draft, struct span to)
{
    xml_attr(&draft->xml, "to", to);
}

void draft_to_each(struct draft *draft)
{
    xml_attr(&draft->xml, "to", span_of(""));
    draft->to_at = (uint32_t)draft->xml.out->len - 1; /* before the closing quote */
}

void draft_real_begin(struct draft *draft)
{
    coven_assert(draft->real_count < RENDERED_REAL_MAX);
    draft->real[draft->real_count].at = (uint32_t)draft->xml.out->len;
}

void draft_real_end(struct draft *draft)
{
    struct rendered_real *real = &draft->real[draft->real_count++];
    real->len = (uint32_t)draft->xml.out->len - real->at;
}

bool draft_fits(const struct draft *draft, size_t limit)
{
    return draft->xml.out->len <= limit;
}

struct rendered *draft_close(struct draft *draft)
{
    xml_close(&draft->xml);
    coven_assert(draft->xml.depth == 0);
    return rendered_new(buf_span(draft->xml.out), draft->to_at, draft->real, draft->real_count);
}
