/* Handles messages and presences of type error that come back to a room. */
#ifndef MUC_BOUNCE_H
#define MUC_BOUNCE_H

#include "muc/state/request.h"

request_handler bounce_session;

#endif
