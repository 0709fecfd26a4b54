/* uthash as coven uses it: small at first, and out of memory ends the process as everywhere. */
#ifndef COVEN_TABLE_H
#define COVEN_TABLE_H

#include "coven/mem.h"

#define HASH_INITIAL_NUM_BUCKETS      4U
#define HASH_INITIAL_NUM_BUCKETS_LOG2 2U
#define uthash_fatal(message)         mem_exhausted()
#include <uthash.h>

#endif
