#include "language.h"

#include <ctype.h>

#define SUBTAG_CHARS 8
#define TAG_CHARS    64 /* real ones have less than half of that */

/* The first subtag has letters only. */
static bool fits_subtag(unsigned char c, bool first)
{
    return c < 0x80 && (first ? isalpha(c) : isalnum(c));
}

bool language_is_tag(struct span text)
{
    size_t chars = 0; /* of the subtag so far */
    bool first = true;
    if (text.len > TAG_CHARS)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '-' && chars > 0) {
            first = false;
            chars = 0;
        } else if (!fits_subtag((unsigned char)text.at[i], first) || ++chars > SUBTAG_CHARS) {
            return false;
        }
    }
    return chars > 0;
}
