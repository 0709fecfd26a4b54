/* Stanzas of a room that come back as errors. */
#ifndef MUC_BOUNCE_H
#define MUC_BOUNCE_H

#include "muc/state/request.h"

request_handler bounce_session;

#endif
