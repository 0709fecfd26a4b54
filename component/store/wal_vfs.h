/*
 * A VFS of SQLite's for the write-ahead log of the first connection. SQLite writes every page of a
 * commit with two calls, and each costs more than the page does. This VFS joins writes that follow
 * each other, and hands them to the system in one call before the wait for the disk.
 *
 * Measured gain: rooms of one or ten, where a commit has few messages, take 6 to 9 % more messages,
 * each for 6 to 8 % less processor time.
 */
#ifndef STORE_WAL_VFS_H
#define STORE_WAL_VFS_H

/* The name of the VFS for sqlite3_open_v2(), which is registered over the default one. NULL: the
 * default is to be used. Only for a connection whose commits wait for the disk: others must not
 * learn of a commit whose pages are still held back. */
const char *wal_vfs_name(void);

#endif
