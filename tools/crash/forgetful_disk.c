#include "forgetful_disk.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "coven/mem.h"
#include "dice.h"

/* How many unsynced sectors a write may send early, and in one of how many cases. */
#define EARLY_SECTORS 8
#define EARLY_ONCE_IN 4
#define EARLY_BYTES   4096 /* a write has one chance for each of these */

struct disk_file {
    char *path; /* NULL: the path belongs to another file now */
    int fd;     /* stays open: closing it would release the locks that the system's VFS holds */
    char *bytes;
    uint64_t size, room;
    uint64_t kept;     /* the real file is to be truncated to this size; UINT64_MAX: it is not */
    uint8_t *dirty;    /* for each sector: it differs from the real file */
    uint32_t *sectors; /* numbers of the dirty sectors */
    size_t sector_count, sector_room;
    struct disk_file *next;
};

/* Locked, because SQLite calls from several threads. */
static struct {
    pthread_mutex_t lock;
    struct disk_file *files;
    struct dice dice;
    bool early, lies;
} disk = {.lock = PTHREAD_MUTEX_INITIALIZER};

void disk_begin(uint64_t seed, bool lies)
{
    disk.lies = lies;
    disk.dice = (struct dice){seed};
    disk.early = seed != 0;
}

/* ---- In memory ---- */

static void make_room(struct disk_file *file, uint64_t size)
{
    uint64_t room = file->room ? file->room : 64 * DISK_SECTOR;
    while (room < size)
        room *= 2;
    if (room == file->room)
        return;
    file->bytes = mem_resize(file->bytes, room);
    file->dirty = mem_resize(file->dirty, room / DISK_SECTOR);
    memset(file->bytes + file->room, 0, room - file->room);
    memset(file->dirty + file->room / DISK_SECTOR, 0, (room - file->room) / DISK_SECTOR);
    file->room = room;
}

static void touch(struct disk_file *file, uint64_t at, size_t len)
{
    for (uint64_t sector = at / DISK_SECTOR; sector * DISK_SECTOR < at + len; sector++) {
        if (file->dirty[sector])
            continue;
        file->dirty[sector] = 1;
        if (file->sector_count == file->sector_room) {
            file->sector_room = file->sector_room ? 2 * file->sector_room : 64;
            file->sectors = mem_resize(file->sectors, file->sector_room * sizeof *file->sectors);
        }
        file->sectors[file->sector_count++] = (uint32_t)sector;
    }
}

/* ---- The real file ---- */

static bool write_real(const struct disk_file *file, const char *bytes, size_t len, uint64_t at)
{
    while (len) {
        ssize_t written = pwrite(file->fd, bytes, len, (off_t)at);
        if (written <= 0)
            return false;
        bytes += written;
        at += (uint64_t)written;
        len -= (size_t)written;
    }
    return true;
}

/* Writes a sector as it is now, unless it has been truncated away. */
static bool write_sector(const struct disk_file *file, uint32_t sector)
{
    uint64_t at = (uint64_t)sector * DISK_SECTOR;
    if (at >= file->size)
        return true;
    uint64_t rest = file->size - at;
    return write_real(file, file->bytes + at, rest < DISK_SECTOR ? (size_t)rest : DISK_SECTOR, at);
}

static bool cut_real(struct disk_file *file)
{
    if (file->kept == UINT64_MAX)
        return true;
    bool ok = ftruncate(file->fd, (off_t)file->kept) == 0;
    file->kept = UINT64_MAX;
    return ok;
}

/* Truncates first: the file may have become shorter and longer again. */
static bool sync_file(struct disk_file *file)
{
    bool ok = cut_real(file);
    for (size_t i = 0; i < file->sector_count; i++) {
        ok = write_sector(file, file->sectors[i]) && ok;
        file->dirty[file->sectors[i]] = 0;
    }
    file->sector_count = 0;
    return ok;
}

/* Writes some dirty sectors in any order. They stay dirty: later writes to them are unsynced again.
 */
static void let_some_through(struct disk_file *file)
{
    if (!disk.early || !file->sector_count || !dice_once_in(&disk.dice, EARLY_ONCE_IN))
        return;
    if (dice_once_in(&disk.dice, 2))
        cut_real(file);
    for (uint32_t count = 1 + dice_below(&disk.dice, EARLY_SECTORS); count; count--)
        write_sector(file, file->sectors[dice_below(&disk.dice, (uint32_t)file->sector_count)]);
}

static bool read_real(struct disk_file *file)
{
    struct stat status;
    if (file->fd < 0 || fstat(file->fd, &status) != 0)
        return false;
    file->size = (uint64_t)status.st_size;
    make_room(file, file->size);
    for (uint64_t at = 0; at < file->size;) {
        ssize_t len = pread(file->fd, file->bytes + at, file->size - at, (off_t)at);
        if (len <= 0)
            return false;
        at += (uint64_t)len;
    }
    return true;
}

/* ---- For forgetful.c ---- */

static struct disk_file *find(const char *path)
{
    struct disk_file *file = disk.files;
    while (file && !(file->path && strcmp(file->path, path) == 0))
        file = file->next;
    return file;
}

static struct disk_file *load(const char *path)
{
    struct disk_file *file = mem_new(sizeof *file);
    file->fd = open(path, O_RDWR | O_CLOEXEC);
    file->kept = UINT64_MAX;
    if (!read_real(file)) {
        if (file->fd >= 0)
            close(file->fd);
        free(file->bytes);
        free(file->dirty);
        free(file);
        return NULL;
    }
    file->path = mem_string(path);
    file->next = disk.files;
    disk.files = file;
    return file;
}

struct disk_file *disk_open(const char *path)
{
    pthread_mutex_lock(&disk.lock);
    struct disk_file *file = find(path);
    if (!file)
        file = load(path);
    pthread_mutex_unlock(&disk.lock);
    return file;
}

void disk_forget(const char *path)
{
    pthread_mutex_lock(&disk.lock);
    struct disk_file *file = find(path);
    if (file) {
        free(file->path);
        file->path = NULL;
    }
    pthread_mutex_unlock(&disk.lock);
}

size_t disk_read(struct disk_file *file, void *bytes, size_t len, uint64_t at)
{
    pthread_mutex_lock(&disk.lock);
    uint64_t there = at < file->size ? file->size - at : 0;
    size_t count = there < len ? (size_t)there : len;
    if (count)
        memcpy(bytes, file->bytes + at, count);
    pthread_mutex_unlock(&disk.lock);
    return count;
}

void disk_write(struct disk_file *file, const void *bytes, size_t len, uint64_t at)
{
    pthread_mutex_lock(&disk.lock);
    make_room(file, at + len);
    memcpy(file->bytes + at, bytes, len);
    if (at + len > file->size)
        file->size = at + len;
    touch(file, at, len);
    for (size_t i = 0; i <= len / EARLY_BYTES; i++)
        let_some_through(file);
    pthread_mutex_unlock(&disk.lock);
}

void disk_truncate(struct disk_file *file, uint64_t size)
{
    pthread_mutex_lock(&disk.lock);
    make_room(file, size);
    if (size < file->size)
        memset(file->bytes + size, 0, file->size - size);
    if (size < file->size && size < file->kept)
        file->kept = size;
    file->size = size;
    let_some_through(file);
    pthread_mutex_unlock(&disk.lock);
}

uint64_t disk_size(struct disk_file *file)
{
    pthread_mutex_lock(&disk.lock);
    uint64_t size = file->size;
    pthread_mutex_unlock(&disk.lock);
    return size;
}

/* Is this a file that gets its final name later? It is read again under that name, which would
 * reveal a lie at once. */
static bool is_new(const struct disk_file *file)
{
    return file->path && strstr(file->path, "-new");
}

bool disk_sync(struct disk_file *file)
{
    pthread_mutex_lock(&disk.lock);
    bool ok = (disk.lies && !is_new(file)) || sync_file(file);
    pthread_mutex_unlock(&disk.lock);
    return ok;
}

void disk_sync_all(void)
{
    pthread_mutex_lock(&disk.lock);
    for (struct disk_file *file = disk.files; file; file = file->next)
        sync_file(file);
    pthread_mutex_unlock(&disk.lock);
}
