#include "wrap.h"

#include <stdbool.h>
#include <stdio.h>

#define WIDTH 80

/* The length of the text up to the next place where it may be broken. */
static size_t word_length(const char *text)
{
    unsigned depth = 0;
    size_t len = 0;
    for (; text[len] && (text[len] != ' ' || depth > 0); len++) {
        depth += text[len] == '[';
        depth -= text[len] == ']' && depth > 0;
    }
    return len;
}

void wrap_print(const char *text, size_t at, size_t indent)
{
    bool first = true;
    for (; *text; text += *text == ' ') {
        size_t len = word_length(text);
        if (!first && at + 1 + len > WIDTH) {
            printf("\n%*s", (int)indent, "");
            at = indent;
        } else if (!first) {
            putchar(' ');
            at++;
        }
        printf("%.*s", (int)len, text);
        at += len;
        text += len;
        first = false;
    }
    putchar('\n');
}
