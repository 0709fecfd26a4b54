#include "dialog.h"

#include "element.h"
#include "outline.h"

void dialog_send(struct dialog *dialog, const char *text)
{
    client_send(dialog->client, span_of(text), false);
}

static const xmlNode *fail(struct dialog *dialog, const char *waiting_for)
{
    const struct buf *reason = &dialog->client->end_reason;
    if (reason->len)
        buf_printf(dialog->error, "%s, while %s was expected", reason->data, waiting_for);
    else
        buf_printf(dialog->error, "no answer within %g s, while %s was expected",
                   dialog->stage->options->timeout_ms / 1000.0, waiting_for);
    return NULL;
}

const xmlNode *dialog_next(struct dialog *dialog, const char *waiting_for)
{
    int64_t deadline = stage_deadline(dialog->stage);
    struct received *received = stage_next(dialog->stage, dialog->client, NULL, deadline);
    return received ? received->element : fail(dialog, waiting_for);
}

bool dialog_unexpected(struct dialog *dialog, const xmlNode *element, const char *waiting_for)
{
    const xmlNode *condition = element_first(element);
    buf_add_text(dialog->error, "the server answered ");
    outline_tag(dialog->error, element, true);
    if (condition)
        buf_printf(dialog->error, " (%s)", element_name(condition));
    buf_printf(dialog->error, " where %s was expected", waiting_for);
    return false;
}
