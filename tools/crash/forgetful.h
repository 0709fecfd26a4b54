/*
 * A disk that forgets: an SQLite VFS over the system's own, under which the end of the process is a
 * power cut. What is written to a database, its log or its journal stays in memory, where all
 * connections of the process read it, and reaches the real file only when it is synced. Until then
 * sectors of 512 bytes, and truncations, may reach the file early by chance and in any order, as on
 * real disks. Locks and shared memory are the system's. Other processes must not use the same files
 * meanwhile.
 */
#ifndef CRASH_FORGETFUL_H
#define CRASH_FORGETFUL_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Makes this VFS the default for connections opened from now on; once in a process. `seed` drives
 * the chance; with 0 nothing is early. A disk that `lies` reports a sync and does not do it, to
 * test the tests. A process that ends with exit() loses nothing: everything reaches the files.
 */
void forgetful_install(uint64_t seed, bool lies);

#endif
