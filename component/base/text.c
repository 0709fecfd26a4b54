#include "coven/text.h"

#include <stdint.h>
#include <stdlib.h>

#include "coven/mem.h"

const char *text_new(struct span bytes)
{
    return bytes.len > 0 && bytes.at[0] != '\0' ? mem_copy(bytes.at, bytes.len) : "";
}

void text_free(const char *text)
{
    if (*text != '\0')
        free((void *)(uintptr_t)text);
}

void text_set(const char **text, struct span bytes)
{
    const char *old = *text;
    *text = text_new(bytes);
    text_free(old);
}
