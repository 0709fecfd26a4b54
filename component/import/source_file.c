#include "source_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "coven/mem.h"

#define BLOCK ((size_t)256 << 10)

/* A folder can be opened, but not read. */
static int error_of(FILE *stream)
{
    struct stat info;
    if (!stream || fstat(fileno(stream), &info) != 0)
        return errno;
    return S_ISDIR(info.st_mode) ? EISDIR : 0;
}

bool source_file_open(struct source_file *file, const char *path, struct buf *why)
{
    *file = (struct source_file){.stream = fopen(path, "re"), .line = 1};
    int error = error_of(file->stream);
    if (error) {
        buf_printf(why, "%s: %s", path, strerror(error));
        source_file_close(file);
        return false;
    }
    setvbuf(file->stream, NULL, _IOFBF, BLOCK);
    file->path = mem_string(path);
    return true;
}

void source_file_open_bytes(struct source_file *file, const char *bytes, size_t len)
{
    *file = (struct source_file){.path = mem_string("bytes"), .line = 1};
    /* Bytes that are only read stay as they are, but fmemopen() cannot say so. */
    file->stream = fmemopen((char *)bytes, len, "r");
    if (!file->stream)
        mem_exhausted();
}

void source_file_close(struct source_file *file)
{
    if (file->stream)
        fclose(file->stream);
    free(file->path);
    *file = (struct source_file){0};
}

int source_file_peek(struct source_file *file)
{
    int c = getc_unlocked(file->stream);
    if (c == EOF)
        file->failed = file->failed || ferror_unlocked(file->stream);
    else
        ungetc(c, file->stream);
    return c;
}

int source_file_next(struct source_file *file)
{
    int c = getc_unlocked(file->stream);
    if (c == '\n')
        file->line++;
    else if (c == EOF)
        file->failed = file->failed || ferror_unlocked(file->stream);
    return c;
}

void source_file_back(struct source_file *file, char byte)
{
    ungetc((unsigned char)byte, file->stream);
}
