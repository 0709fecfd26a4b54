/* The files of the forgetful disk: their contents, and what of them has reached the real files. */
#ifndef CRASH_FORGETFUL_DISK_H
#define CRASH_FORGETFUL_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISK_SECTOR 512

struct disk_file;

/* As forgetful_install(). */
void disk_begin(uint64_t seed, bool lies);

/* The file of that path, read from the real one the first time. It lives until the process ends,
 * because a closed file is not synced either. NULL: the real file cannot be read. */
struct disk_file *disk_open(const char *path);

/* Frees the path for another file. Whoever has the old file open keeps it. */
void disk_forget(const char *path);

/* As pread(): returns how many bytes there were. */
size_t disk_read(struct disk_file *file, void *bytes, size_t len, uint64_t at);
void disk_write(struct disk_file *file, const void *bytes, size_t len, uint64_t at);
void disk_truncate(struct disk_file *file, uint64_t size);
uint64_t disk_size(struct disk_file *file);

/* Writes everything to the real file. False: it cannot be written. */
bool disk_sync(struct disk_file *file);
void disk_sync_all(void);

#endif
