/* Pings (XEP-0199), among them the self-ping by which a client asks whether it is still inside
 * (XEP-0410). */

#include "coven/ns.h"
#include "handlers.h"
#include "muc/say/answer.h"
#include "muc/state/occupant.h"

const struct stanza_error *ping_service(struct request *request)
{
    answer_result(request);
    return NULL;
}

/* The room answers a ping to one's own nick; other occupants answer themselves. */
const struct stanza_error *ping_occupant(struct request *request)
{
    if (span_is(request_nick(request), occupant_nick(request->session->occupant))) {
        answer_result(request);
        return NULL;
    }
    return relay_iq(request);
}

const struct stanza_error *ping_version(struct request *request)
{
    struct draft draft = answer_open(request);
    xml_open(&draft.xml, "query", NS_VERSION);
    xml_element(&draft.xml, "name", NULL, span_of("coven"));
    xml_element(&draft.xml, "version", NULL, span_of(COVEN_VERSION));
    xml_close(&draft.xml);
    answer_send(request, &draft);
    return NULL;
}
