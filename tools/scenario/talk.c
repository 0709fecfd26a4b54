#include "talk.h"

#include "element.h"
#include "outline.h"

void talk_send(struct talk *talk, const char *text)
{
    client_send(talk->client, span_of(text), false);
}

static const xmlNode *fail(struct talk *talk, const char *waiting_for)
{
    const struct buf *reason = &talk->client->end_reason;
    if (reason->len)
        buf_printf(talk->error, "%s, while %s was expected", reason->data, waiting_for);
    else
        buf_printf(talk->error, "no answer within %g s, while %s was expected",
                   talk->stage->options->timeout_ms / 1000.0, waiting_for);
    return NULL;
}

const xmlNode *talk_next(struct talk *talk, const char *waiting_for)
{
    int64_t deadline = stage_deadline(talk->stage);
    struct received *received = stage_next(talk->stage, talk->client, NULL, deadline);
    return received ? received->element : fail(talk, waiting_for);
}

bool talk_unexpected(struct talk *talk, const xmlNode *element, const char *waiting_for)
{
    const xmlNode *condition = element_first(element);
    buf_add_text(talk->error, "the server answered ");
    outline_tag(talk->error, element, true);
    if (condition)
        buf_printf(talk->error, " (%s)", element_name(condition));
    buf_printf(talk->error, " where %s was expected", waiting_for);
    return false;
}
