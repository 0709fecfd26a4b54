/* What the files of the SQLite backend share. */
#ifndef STORE_PRIVATE_H
#define STORE_PRIVATE_H

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "batch.h"
#include "coven/store.h"
#include "schema.h"

#define FILE_UNKNOWN ((ino_t)-1) /* it could not be looked at */

struct file_id {
    dev_t device;
    ino_t inode; /* 0: there is no such file */
};

/* The log that both connections to one file look at (wal.c), and what is true of the files
 * (file.c). */
struct wal {
    atomic_uint begun;        /* how often it began anew */
    atomic_int pages;         /* in it, when the last turn was committed */
    atomic_ullong copied;     /* so many of them were in the database, too, when that was looked at
                                 last; in the upper half: of which log (`begun`) */
    atomic_bool lost;         /* the files are not in their place any more */
    struct file_id file, log; /* that were there at the start */
};

struct store {
    sqlite3 *db;
    bool second;        /* or third, of another thread: what it shares is the first one's */
    char *path;         /* NULL: in memory */
    bool full_sync;     /* a commit waits for the disk */
    int lock;           /* the folder, locked; -1: not by this connection */
    int wal_tried;      /* pages in it when it was last tried to begin it anew */
    struct wal *wal;    /* NULL: in memory */
    bool searches;      /* the search file is attached */
    bool writing;       /* a transaction is open */
    struct batch batch; /* messages that are not in it yet */
    int failing;        /* what the log says of it; SQLITE_OK: it works */
    int64_t failing_ms; /* when that was said last */
    bool damaged;       /* pages make no sense: perhaps those of the search file */
    bool mended;        /* that one was made anew for it, which is done once */
    int64_t watched_ms; /* when it was looked last whether the files are there */
    int64_t lost_ms;    /* when it was said that they are not */
    int64_t late_us;    /* when the search that goes on has to end */
    int64_t visited;    /* the last room that was looked at for messages that are too many */
    unsigned *fail_at;  /* see store_fail_at(); NULL: no step fails */
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

#endif
