#include "coven/stanza_error.h"

#include "coven/ns.h"
#include "coven/stanza.h"

#define ERROR(variable, type, condition, code, text)                                               \
    const struct stanza_error error_##variable = {type, condition, code, text}

ERROR(bad_request, "modify", "bad-request", "400", "The request is malformed or incomplete");
ERROR(conflict, "cancel", "conflict", "409", "The request conflicts with the present state");
ERROR(feature_not_implemented, "cancel", "feature-not-implemented", "501",
      "This service cannot do that");
ERROR(forbidden, "auth", "forbidden", "403", "You are not allowed to do that");
ERROR(gone, "cancel", "gone", "302", "This room was destroyed");
ERROR(internal_server_error, "cancel", "internal-server-error", "500", "The service failed");
ERROR(item_not_found, "cancel", "item-not-found", "404",
      "There is nothing under that address or name");
ERROR(jid_malformed, "modify", "jid-malformed", "400", "The address is not valid");
ERROR(not_acceptable, "cancel", "not-acceptable", "406", "You are not in the room. Enter it first");
ERROR(value_not_acceptable, "modify", "not-acceptable", "406",
      "A value of the request is not acceptable");
ERROR(not_allowed, "cancel", "not-allowed", "405", "That is not allowed here");
ERROR(not_authorized, "auth", "not-authorized", "401", "A password is required");
ERROR(policy_violation, "modify", "policy-violation", "406",
      "The request exceeds a limit of this service");
ERROR(registration_required, "auth", "registration-required", "407",
      "Only registered users may do that");
ERROR(remote_server_timeout, "wait", "remote-server-timeout", "504",
      "The answer did not come in time");
ERROR(resource_constraint, "wait", "resource-constraint", "500",
      "The service is busy. Try again later");
ERROR(service_unavailable, "cancel", "service-unavailable", "503", "That is not available here");

void stanza_error_write(struct xml *xml, const struct stanza_error *error,
                        const struct stanza_error_details *details)
{
    xml_open(xml, "error", NULL);
    xml_attr_text(xml, "type", error->type);
    xml_attr_text(xml, "code", error->code);
    if (details->by.len > 0)
        xml_attr(xml, "by", details->by);
    xml_element(xml, error->condition, NS_STANZA_ERRORS, details->instead);
    if (details->text.len > 0)
        xml_element(xml, "text", NS_STANZA_ERRORS, details->text);
    if (details->specific)
        xml_element(xml, details->specific, details->specific_ns, span_of(""));
    xml_close(xml);
}

const char *stanza_error_condition(xmpp_stanza_t *stanza)
{
    xmpp_stanza_t *error = stanza_child(stanza, "error", stanza_ns(stanza));
    xmpp_stanza_t *child = error ? stanza_child(error, NULL, NS_STANZA_ERRORS) : NULL;
    while (child && stanza_is(child, "text", NULL))
        child = stanza_next(child, NULL, NS_STANZA_ERRORS);
    return child ? xmpp_stanza_get_name(child) : NULL;
}
