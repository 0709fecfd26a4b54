/*
 * A real server crashes: its clients fill rooms, a command makes it crash and come back, half of
 * the clients come back too (the same sessions' addresses), and enter again as clients do. A minute
 * later the rooms show exactly these; whoever came back was not sent out, and the others have left
 * with 333.
 *
 * Or it is a second server, on which every other one of them lives. The owners of the rooms talk
 * all the time; ten seconds after the next message the rooms show those who live, nobody who lived
 * was sent out, and whoever lived through it has heard every message, once.
 */
#ifndef CRASH_OUTAGE_H
#define CRASH_OUTAGE_H

#include "options.h"

/* As run_all(). Clients are user0, user1 and so on at localhost, with the password `password`; the
 * rooms are at conference.localhost, the domain of the second server is remote.localhost. */
int outage_run(const struct options *options);

#endif
