/*
 * The file of the write-ahead log. SQLite writes every page of a commit with two calls, and each
 * costs more than the page does; so what follows on each other is gathered, and handed to the
 * system at once before the disk is waited for.
 */
#ifndef STORE_WAL_FILE_H
#define STORE_WAL_FILE_H

#include <sqlite3.h>

#define WAL_FILE_BYTES (16 * 1024 * 1024)

/*
 * Made as large as it is going to be soon: a commit that makes a file longer waits longer for the
 * disk. Zeros are no part of a log, and without space for them it goes on as it is.
 */
void wal_file_lengthen(sqlite3_file *file);

/*
 * From here on gathers what is written, until the file is closed. Only for a connection whose
 * commits wait for the disk: nobody may hear of a commit whose pages are still here.
 */
void wal_file_gather(sqlite3_file *file);

#endif
