#include "script_line.h"

#include <ctype.h>

#include "coven/mem.h"

struct span line_trim(struct span text)
{
    while (text.len && isspace((unsigned char)text.at[text.len - 1]))
        text.len--;
    while (text.len && isspace((unsigned char)*text.at))
        text.at++, text.len--;
    return text;
}

bool line_begins(struct span text, const char *with)
{
    size_t len = strlen(with);
    return text.len >= len && memcmp(text.at, with, len) == 0;
}

struct span line_without(struct span text, size_t count)
{
    return (struct span){text.at + count, text.len - count};
}

bool line_is_comment(struct span line)
{
    return line_begins(line, "#") || line_begins(line, "//");
}

bool line_is_separator(struct span line)
{
    size_t dashes = 0;
    while (dashes < line.len && line.at[dashes] == '-')
        dashes++;
    return dashes >= 3 && line_trim(line_without(line, dashes)).len == 0;
}

char *line_copy(struct span text)
{
    return mem_copy(text.at, text.len);
}
