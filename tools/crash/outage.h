/*
 * A real server crashes. Its clients fill rooms, a command makes it crash and come back, and half
 * of the clients come back too, with the same addresses, and join again. A minute later the rooms
 * must show exactly these; nobody who came back was removed, and the others have left with 333.
 *
 * With --remote the crash hits a second server, on which every other client has its account. The
 * owners of the rooms talk all the time. Ten seconds after the next message the rooms must show
 * exactly those who live; nobody of them was removed, and all of them received every message once.
 */
#ifndef CRASH_OUTAGE_H
#define CRASH_OUTAGE_H

#include "options.h"

/* As run_all(). Clients are user0, user1, ... at localhost, with the password `password`; the rooms
 * are at conference.localhost, the second server is remote.localhost. */
int outage_run(const struct options *options);

#endif
