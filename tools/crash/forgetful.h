/*
 * A disk that forgets: an SQLite VFS over the system's own, under which the end of the process is a
 * power cut. What is written to a database, its log or its journal stays in memory, where all
 * connections of the process read it, and reaches the real file only when it is synced. Until then
 * sectors of 512 bytes may reach it early by chance, one by one and in any order, as disks do it,
 * and so may a truncation. Locks and shared memory are the system's. Other processes must not use
 * the same files meanwhile.
 */
#ifndef CRASH_FORGETFUL_H
#define CRASH_FORGETFUL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Makes it the default for connections that are opened from now on; once in a process. Chance comes
 * from `seed`; with 0 nothing is early. A disk that `lies` says that it has synced and has not: for
 * tests of tests. A process that ends by exit() ends without a power cut: everything reaches the
 * files.
 */
void forgetful_install(uint64_t seed, bool lies);

#endif
