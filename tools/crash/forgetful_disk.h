/* The files of the forgetful disk: what is in them, and how much of it the real file knows. */
#ifndef CRASH_FORGETFUL_DISK_H
#define CRASH_FORGETFUL_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISK_SECTOR 512

struct disk_file;

/* As forgetful_install(). */
void disk_begin(uint64_t seed, bool lies);

/* The file of that path, from the real one the first time. It stays until the process ends: a file
 * that was closed is not safe yet either. NULL: the real one cannot be read. */
struct disk_file *disk_open(const char *path);

/* The path is free for another file. Those who have the old one open keep it. */
void disk_forget(const char *path);

/* As pread(): how many bytes there were. */
size_t disk_read(struct disk_file *file, void *bytes, size_t len, uint64_t at);
void disk_write(struct disk_file *file, const void *bytes, size_t len, uint64_t at);
void disk_truncate(struct disk_file *file, uint64_t size);
uint64_t disk_size(struct disk_file *file);

/* All of it is in the real file afterwards. False: it could not be written. */
bool disk_sync(struct disk_file *file);
void disk_sync_all(void);

#endif
