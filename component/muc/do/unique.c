/* A name for a new room that nobody has and nobody can guess (XEP-0307). The room is not created.
 */

#include "coven/id.h"
#include "coven/ns.h"
#include "handlers.h"
#include "muc/say/answer.h"

const struct stanza_error *unique_name(struct request *request)
{
    char name[ID_TEXT_SIZE];
    id_random_text(name);
    struct draft draft = answer_open(request);
    xml_element(&draft.xml, "unique", NS_MUC_UNIQUE, span_of(name));
    answer_send(request, &draft);
    return NULL;
}
