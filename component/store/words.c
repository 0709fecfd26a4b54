#include "words.h"

#include <stdbool.h>
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>
#include <unicode/uvernum.h>

#include "coven/bug.h"
#include "coven/mem.h"
#include "coven/utf8.h"

/* Of the words of one text. Only a text of ligatures that stand for whole phrases has more. */
#define BYTES_MAX     (512 * 1024)

#define REPLACEMENT   0xFFFD /* for what is not UTF-8 */
#define UTF8_PER_UNIT 3      /* bytes of UTF-8 that a unit of UTF-16 becomes, at most */

/* What a character is in a word. */
enum part {
    PART_NONE,    /* it ends the word */
    PART_SPACE,   /* the same, and it is white space */
    PART_LETTER,  /* or a digit */
    PART_ALONE,   /* a word of its own */
    PART_MARK,    /* belongs to the character before it */
    PART_NOTHING, /* an accent: the word is the same without it */
};

struct writer {
    struct buf *out;
    size_t start;   /* of the words in `out` */
    enum part word; /* what the last word is made of; PART_NONE: it has ended */
    bool apart;     /* white space came after it */
};

int words_version(void)
{
    return U_ICU_VERSION_MAJOR_NUM;
}

void words_free(struct words *words)
{
    free(words->read.units);
    free(words->made.units);
    buf_free(&words->folded);
    *words = (struct words){.folded = BUF_INIT};
}

/* ---- Characters ---- */

/* Classes of marks: those through and around letters of any script, and those of Hebrew, Arabic and
 * Syriac. Marks of other classes tell words apart. */
static bool is_accent(int32_t c)
{
    unsigned class = u_getCombiningClass(c);
    return class == 1 || (class >= 10 && class <= 36) || class >= 200;
}

/* The most frequent characters of Chinese, Japanese and Korean, which also stay as they are when
 * they are folded. */
static bool is_frequent(int32_t c)
{
    return (c >= 0x4E00 && c <= 0x9FA5) || (c >= 0x3041 && c <= 0x3094) ||
           (c >= 0x30A1 && c <= 0x30FA) || c == 0x30FC || (c >= 0xAC00 && c <= 0xD7A3);
}

/* The rules for breaking lines know the scripts that need no space for it. A Korean syllable may
 * also be a leading consonant, and what follows it. */
static enum part part_of_letter(int32_t c)
{
    switch (u_getIntPropertyValue(c, UCHAR_LINE_BREAK)) {
    case U_LB_IDEOGRAPHIC:
    case U_LB_CONDITIONAL_JAPANESE_STARTER:
    case U_LB_NONSTARTER:
    case U_LB_COMPLEX_CONTEXT:
    case U_LB_H2:
    case U_LB_H3:
    case U_LB_JL:
        return PART_ALONE;
    case U_LB_JV:
    case U_LB_JT:
        return PART_MARK;
    default:
        return PART_LETTER;
    }
}

static bool is_emoji(int32_t c)
{
    return u_hasBinaryProperty(c, UCHAR_EXTENDED_PICTOGRAPHIC) ||
           u_hasBinaryProperty(c, UCHAR_REGIONAL_INDICATOR);
}

static enum part part_of(int32_t c)
{
    if (is_frequent(c))
        return PART_ALONE;
    uint32_t category = U_GET_GC_MASK(c);
    if (category & (U_GC_L_MASK | U_GC_N_MASK | U_GC_CO_MASK))
        return part_of_letter(c);
    if (category & U_GC_M_MASK)
        return is_accent(c) ? PART_NOTHING : PART_MARK;
    if (category & U_GC_SO_MASK)
        return is_emoji(c) ? PART_ALONE : PART_NONE;
    return u_isUWhiteSpace(c) ? PART_SPACE : PART_NONE;
}

/* ---- Writing ---- */

static void begin_word(struct writer *writer, enum part part)
{
    if (writer->out->len > writer->start)
        buf_add_char(writer->out, writer->apart ? '\n' : ' ');
    writer->word = part;
    writer->apart = false;
}

static bool is_full(const struct writer *writer)
{
    return writer->out->len - writer->start >= BYTES_MAX;
}

static void add_none(struct writer *writer, struct span bytes)
{
    (void)bytes;
    writer->word = PART_NONE;
}

static void add_space(struct writer *writer, struct span bytes)
{
    add_none(writer, bytes);
    writer->apart = true;
}

static void add_letter(struct writer *writer, struct span bytes)
{
    if (writer->word != PART_LETTER)
        begin_word(writer, PART_LETTER);
    buf_add_span(writer->out, bytes);
}

static void add_alone(struct writer *writer, struct span bytes)
{
    begin_word(writer, PART_ALONE);
    buf_add_span(writer->out, bytes);
}

static void add_mark(struct writer *writer, struct span bytes)
{
    if (writer->word != PART_NONE)
        buf_add_span(writer->out, bytes);
}

static void add_nothing(struct writer *writer, struct span bytes)
{
    (void)writer, (void)bytes;
}

/* `c` is the character that the bytes are. */
static void add_one(struct writer *writer, int32_t c, struct span bytes)
{
    static void (*const adders[])(struct writer *, struct span) = {
        [PART_NONE] = add_none,   [PART_SPACE] = add_space, [PART_LETTER] = add_letter,
        [PART_ALONE] = add_alone, [PART_MARK] = add_mark,   [PART_NOTHING] = add_nothing,
    };
    adders[part_of(c)](writer, bytes);
}

/* Scripts whose letters are the same without their accents. Cyrillic letters are not, except for
 * one that many people write without. */
static bool has_accents(int32_t c)
{
    return c == 0x451 || (c >= 0xC0 && c < 0x400) || (c >= 0x590 && c < 0x900) ||
           (c >= 0x1E00 && c < 0x2000);
}

#define APART_MAX 8 /* units of a character that is taken apart */

/* Adds what the letter is made of. False: it is made of nothing else. */
static bool add_apart(struct writer *writer, const UNormalizer2 *apart, int32_t c)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar units[APART_MAX];
    int32_t len = unorm2_getDecomposition(apart, c, units, APART_MAX, &status);
    coven_assert(U_SUCCESS(status));
    for (int32_t i = 0; i < len; i++) {
        uint8_t bytes[U8_MAX_LENGTH];
        size_t size = 0;
        U8_APPEND_UNSAFE(bytes, size, units[i]); /* no letter with accents has surrogates */
        add_one(writer, units[i], (struct span){(const char *)bytes, size});
    }
    return len > 0;
}

/* Adds folded text. */
static void add_text(struct writer *writer, struct span text)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *apart = unorm2_getNFDInstance(&status);
    const char *at = text.at, *end = text.at + text.len; /* never NULL */
    coven_assert(U_SUCCESS(status));
    while (at < end && !is_full(writer)) {
        const char *from = at;
        int32_t c = utf8_next(&at, end);
        coven_assert(at > from); /* ICU wrote the text */
        if (!has_accents(c) || !add_apart(writer, apart, c))
            add_one(writer, c, (struct span){from, (size_t)(at - from)});
    }
}

/* ---- ICU ---- */

static void make_room(struct wide *wide, size_t units)
{
    coven_assert(units <= INT32_MAX);
    if (units > (size_t)wide->room)
        wide->units = mem_resize(wide->units, units * sizeof *wide->units);
    if (units > (size_t)wide->room)
        wide->room = (int32_t)units;
}

static void widen(struct span text, struct wide *to)
{
    UErrorCode status = U_ZERO_ERROR;
    make_room(to, text.len);
    u_strFromUTF8WithSub(to->units, to->room, &to->len, text.at, (int32_t)text.len, REPLACEMENT,
                         NULL, &status);
    coven_assert(U_SUCCESS(status));
}

static void normalize(const UNormalizer2 *form, const struct wide *from, struct wide *to)
{
    UErrorCode status = U_ZERO_ERROR;
    make_room(to, (size_t)from->len);
    to->len = unorm2_normalize(form, from->units, from->len, to->units, to->room, &status);
    if (status == U_BUFFER_OVERFLOW_ERROR) {
        status = U_ZERO_ERROR;
        make_room(to, (size_t)to->len);
        to->len = unorm2_normalize(form, from->units, from->len, to->units, to->room, &status);
    }
    coven_assert(U_SUCCESS(status));
}

static void narrow(const struct wide *from, struct buf *to)
{
    UErrorCode status = U_ZERO_ERROR;
    int32_t len = 0;
    size_t most = (size_t)from->len * UTF8_PER_UNIT;
    buf_clear(to);
    char *at = buf_reserve(to, most);
    u_strToUTF8(at, (int32_t)most + 1, &len, from->units, from->len, &status);
    coven_assert(U_SUCCESS(status));
    to->len = (size_t)len;
}

/* Folds case and width. */
static struct span fold(struct words *words, struct span text)
{
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2 *folded = unorm2_getNFKCCasefoldInstance(&status);
    coven_assert(U_SUCCESS(status));
    widen(text, &words->read);
    normalize(folded, &words->read, &words->made);
    narrow(&words->made, &words->folded);
    return buf_span(&words->folded);
}

/* ---- A text, in pieces that ASCII bounds which is neither letter nor digit ---- */

static bool is_ascii_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_ascii_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Most pieces are ASCII, and need no ICU. */
static void add_ascii(struct writer *writer, struct span piece)
{
    begin_word(writer, PART_LETTER);
    char *to = buf_reserve(writer->out, piece.len);
    for (size_t i = 0; i < piece.len; i++) {
        char c = piece.at[i];
        to[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
    to[piece.len] = '\0';
    writer->out->len += piece.len;
}

static struct span next_piece(struct span text, bool *ascii_r)
{
    unsigned char all = 0;
    size_t len = 0;
    for (; len < text.len && (is_ascii_word(text.at[len]) || (text.at[len] & 0x80)); len++)
        all |= (unsigned char)text.at[len];
    *ascii_r = all < 0x80;
    return (struct span){text.at, len};
}

/* Punctuation that is none of the words, folded or not. */
static bool is_stop(int32_t c)
{
    return c == 0x3001 || c == 0x3002 || c == 0xFF01 || c == 0xFF0C || c == 0xFF1F;
}

/* Is the piece as it is when it is folded? This is not known of all that are. */
static bool is_folded(struct span piece)
{
    const char *at = piece.at, *end = piece.at + piece.len;
    while (at < end) {
        int32_t c = (*at & 0x80) ? utf8_next(&at, end) : *at++;
        if (!(is_frequent(c) || is_stop(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
            return false;
    }
    return true;
}

void words_write(struct words *words, struct span text, struct buf *out)
{
    struct writer writer = {out, out->len, PART_NONE, false};
    for (size_t at = 0; at < text.len && !is_full(&writer);) {
        bool ascii = true;
        struct span piece = next_piece((struct span){text.at + at, text.len - at}, &ascii);
        if (piece.len == 0) {
            writer.apart |= is_ascii_space(text.at[at++]);
            continue;
        }
        if (ascii)
            add_ascii(&writer, piece);
        else
            add_text(&writer, is_folded(piece) ? piece : fold(words, piece));
        writer.word = PART_NONE;
        at += piece.len;
    }
}
