#include "audit.h"

#include <stdarg.h>
#include <stdio.h>

#include "coven/domain.h"
#include "coven/log.h"
#include "muc/state/request.h"
#include "muc/state/service_state.h"

#define TEXT_BYTES 512

void audit_log(const struct request *request, const char *format, ...)
{
    char text[TEXT_BYTES];
    struct span user = jid_bare(&request->from), room = jid_bare(&request->to);
    bool is_admin = domain_lists(request->service->settings.admins, user);
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (request->operator)
        user = span_of(request->operator);
    log_line(is_admin || request->operator? LOG_INFO : LOG_DEBUG, "%.*s in %.*s: %s", (int)user.len,
             user.at, (int)room.len, room.at, text);
}
