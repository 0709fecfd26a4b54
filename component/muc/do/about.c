/* What the service tells of itself: for how long it has been running (XEP-0012), and the time
 * (XEP-0202). */

#include "coven/datetime.h"
#include "coven/ns.h"
#include "handlers.h"
#include "muc/say/answer.h"
#include "muc/state/service_state.h"

const struct stanza_error *about_uptime(struct request *request)
{
    const struct service *service = request->service;
    struct draft draft = answer_open(request);
    xml_open(&draft.xml, "query", NS_LAST);
    xml_attr_number(&draft.xml, "seconds", (service->mono_ms - service->started_ms) / 1000);
    xml_close(&draft.xml);
    answer_send(request, &draft);
    return NULL;
}

/* Where the machine stands is nobody's business: the zone is that of UTC. */
const struct stanza_error *about_time(struct request *request)
{
    char utc[DATETIME_SIZE];
    struct draft draft = answer_open(request);
    datetime_print(request->service->wall_ms, utc);
    xml_open(&draft.xml, "time", NS_TIME);
    xml_element(&draft.xml, "tzo", NULL, span_of("+00:00"));
    xml_element(&draft.xml, "utc", NULL, span_of(utc));
    xml_close(&draft.xml);
    answer_send(request, &draft);
    return NULL;
}
