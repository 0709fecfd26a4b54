/* What the files of the store share. */
#ifndef STORE_PRIVATE_H
#define STORE_PRIVATE_H

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "batch.h"
#include "coven/store.h"
#include "schema.h"
#include "words.h"

#define FILE_UNKNOWN ((ino_t)-1) /* stat() failed */

struct file_id {
    dev_t device;
    ino_t inode; /* 0: the file does not exist */
};

/* What all connections to one file share: the state of the write-ahead log (wal.c) and of the files
 * (file.c). */
struct wal {
    atomic_uint begun;        /* how often the log was restarted */
    atomic_int pages;         /* pages in the log at the last commit */
    atomic_ullong copied;     /* lower half: pages of the log that were in the database at the last
                                 copy; upper half: the value of `begun` then */
    atomic_uint held;         /* how many connections read one state for long; see wal_hold() */
    atomic_bool behind;       /* so many pages may be left that only the second connection copies */
    atomic_bool lost;         /* the files are not in their place */
    struct file_id file, log; /* their identities at the start */
};

struct store {
    sqlite3 *db;
    bool second;        /* a further connection, for another thread; shares `wal` with the first */
    char *path;         /* NULL: in memory */
    bool full_sync;     /* a commit waits for the disk */
    int lock;           /* descriptor of the locked folder; -1: none */
    int wal_tried;      /* pages in the log when this connection last tried to restart it */
    struct wal *wal;    /* NULL: in memory */
    bool searches;      /* the search file is attached */
    bool writing;       /* a transaction is open */
    struct batch batch; /* messages that are not inserted yet */
    int failing;        /* the failure that was logged last; SQLITE_OK: none, or it is over */
    int64_t failing_ms; /* when it was logged; monotonic milliseconds, like the next two */
    int64_t watched_ms; /* when the files were last checked */
    int64_t lost_ms;    /* when lost files were last logged; 0: they are not lost */
    bool damaged;       /* SQLite met a damaged page, perhaps in the search file */
    bool mended;        /* the search file was rebuilt because of damage; this is done once */
    int64_t late_us;    /* time limit of the running search, by the clock of search.c */
    struct words words; /* for the search file */
    int64_t visited;    /* the last room that store_due() looked at */
    unsigned *fail_at;  /* see store_fail_at(); NULL: no step fails */
    sqlite3_stmt *statements[STATEMENT_COUNT];
};

#endif
