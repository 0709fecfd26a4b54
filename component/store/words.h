/*
 * The words of a text, as searches compare them: without differences of case, width and accents, so
 * that `strasse` finds "Straße", and `cafe` "café". A word is a run of letters and digits. Where a
 * script writes no spaces between words (Chinese, Japanese, Thai, ...), or inflects them in place
 * (Korean), each character is a word of its own; what somebody searches for there is a row of such
 * words, wherever it stands in a sentence. A dictionary would cut a sentence in other places than
 * the text that is searched for. Emoji are words too.
 */
#ifndef STORE_WORDS_H
#define STORE_WORDS_H

#include <stdint.h>
#include <unicode/utypes.h>

#include "coven/buf.h"

/* Memory for the work, kept from text to text. Begins zeroed. */
struct words {
    struct wide {
        UChar *units;
        int32_t len, room;
    } read, made;      /* what ICU reads, and what it makes of it */
    struct buf folded; /* the same in UTF-8 */
};

void words_free(struct words *words);

/* Appends the words of a text in UTF-8, with a space between two, or a line feed if the text has
 * white space between them. No word has another ASCII character than letters and digits. */
void words_write(struct words *words, struct span text, struct buf *out);

/* Another number if the same text may have other words: ICU has new tables. */
int words_version(void);

#endif
