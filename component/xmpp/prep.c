#include "coven/prep.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdbool.h>
#include <unicode/uchar.h>
#include <unicode/usprep.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>

#include "coven/bug.h"

#define PREP_MAX (PREP_SIZE - 1)

/* Longer input is refused unread, so that the work is bounded. */
#define PREP_INPUT_MAX (3 * PREP_MAX)

/*
 * A profile of stringprep, and its mapping of ASCII, where NUL means "forbidden". Most parts of
 * most addresses are ASCII and need no ICU.
 *
 * A domain goes through nameprep as a whole and keeps its A-labels, as in servers: an affiliation
 * must name the same address as the `from` that the server writes. Nameprep allows all ASCII; a
 * host name may have letters, digits, hyphens, and underscores (used in names of containers).
 */
struct profile {
    UStringPrepProfileType type;
    char ascii[129];
};

#define NO_CONTROLS "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

enum { NODE, DOMAIN, RESOURCE, PROFILE_COUNT };

static const struct profile profiles[PROFILE_COUNT] = {
    [NODE] = {USPREP_RFC3920_NODEPREP, NO_CONTROLS "\0!\0#$%\0\0()*+,-.\0"
                                                   "0123456789\0;\0=\0?"
                                                   "\0abcdefghijklmno"
                                                   "pqrstuvwxyz[\\]^_"
                                                   "`abcdefghijklmno"
                                                   "pqrstuvwxyz{|}~\0"},
    [DOMAIN] = {USPREP_RFC3491_NAMEPREP, NO_CONTROLS "\0\0\0\0\0\0\0\0\0\0\0\0\0-.\0"
                                                     "0123456789\0\0\0\0\0\0"
                                                     "\0abcdefghijklmno"
                                                     "pqrstuvwxyz\0\0\0\0_"
                                                     "\0abcdefghijklmno"
                                                     "pqrstuvwxyz\0\0\0\0\0"},
    [RESOURCE] = {USPREP_RFC3920_RESOURCEPREP, NO_CONTROLS " !\"#$%&'()*+,-./"
                                                           "0123456789:;<=>?"
                                                           "@ABCDEFGHIJKLMNO"
                                                           "PQRSTUVWXYZ[\\]^_"
                                                           "`abcdefghijklmno"
                                                           "pqrstuvwxyz{|}~\0"},
};

/* ICU's tables for the profiles: opened once, then constant. */
static UStringPrepProfile *tables[PROFILE_COUNT];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static void tables_open(void)
{
    for (int i = 0; i < PROFILE_COUNT; i++) {
        UErrorCode status = U_ZERO_ERROR;
        tables[i] = usprep_openByType(profiles[i].type, &status);
        coven_assert(U_SUCCESS(status));
    }
}

/* Returns the length, 0 when a character is forbidden, or -1 when ICU has to decide. */
static int prepare_ascii(const char *ascii, struct span in, char *out)
{
    bool is_forbidden = false;
    if (in.len > PREP_MAX)
        return -1;
    for (size_t i = 0; i < in.len; i++) {
        unsigned char c = (unsigned char)in.at[i];
        if (c >= 0x80)
            return -1;
        out[i] = ascii[c];
        is_forbidden |= out[i] == '\0';
    }
    out[in.len] = '\0';
    return is_forbidden ? 0 : (int)in.len;
}

/* Characters that ICU maps to ASCII are checked too: a full-width solidus becomes a plain one. */
static bool ascii_is_allowed(const char *ascii, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c < 0x80 && (c == '\0' || ascii[c] != text[i]))
            return false;
    }
    return true;
}

static size_t prepare_unicode(int which, int32_t options, struct span in, char *out)
{
    UChar wide[PREP_INPUT_MAX], prepared[PREP_SIZE];
    int32_t wide_len, prepared_len, len;
    UErrorCode status = U_ZERO_ERROR;
    pthread_once(&tables_once, tables_open);
    u_strFromUTF8(wide, PREP_INPUT_MAX, &wide_len, in.at, (int32_t)in.len, &status);
    prepared_len =
        usprep_prepare(tables[which], wide, wide_len, prepared, PREP_SIZE, options, NULL, &status);
    if (U_FAILURE(status))
        return 0;
    u_strToUTF8(out, PREP_SIZE, &len, prepared, prepared_len, &status);
    if (U_FAILURE(status) || len > PREP_MAX)
        return 0;
    return ascii_is_allowed(profiles[which].ascii, out, (size_t)len) ? (size_t)len : 0;
}

static size_t prepare(int which, int32_t options, struct span in, char *out)
{
    if (in.len == 0 || in.len > PREP_INPUT_MAX)
        return 0;
    int len = prepare_ascii(profiles[which].ascii, in, out);
    return len >= 0 ? (size_t)len : prepare_unicode(which, options, in, out);
}

size_t prep_node(struct span in, char *out)
{
    return prepare(NODE, USPREP_ALLOW_UNASSIGNED, in, out);
}

size_t prep_resource(struct span in, char *out)
{
    return prepare(RESOURCE, USPREP_ALLOW_UNASSIGNED, in, out);
}

/* An IPv6 address in brackets; its hexadecimal digits become lower case. */
static size_t prepare_ip_literal(struct span in, char *out)
{
    struct in6_addr address;
    char text[INET6_ADDRSTRLEN];
    if (in.len < 2 || in.len - 2 >= sizeof text || in.at[in.len - 1] != ']')
        return 0;
    memcpy(text, in.at + 1, in.len - 2);
    text[in.len - 2] = '\0';
    if (strlen(text) != in.len - 2 || inet_pton(AF_INET6, text, &address) != 1)
        return 0;
    for (size_t i = 0; i < in.len; i++)
        out[i] = (char)u_tolower(in.at[i]);
    out[in.len] = '\0';
    return in.len;
}

/* No label is empty, or begins or ends with a hyphen. */
static bool labels_are_good(const char *text, size_t len)
{
    const char *label = text, *end = text + len;
    for (;;) {
        const char *dot = memchr(label, '.', (size_t)(end - label)), *stop = dot ? dot : end;
        if (label == stop || *label == '-' || stop[-1] == '-')
            return false;
        if (!dot)
            return true;
        label = dot + 1;
    }
}

size_t prep_domain(struct span in, char *out)
{
    if (in.len > 0 && in.at[0] == '[')
        return prepare_ip_literal(in, out);
    if (in.len > 0 && in.at[in.len - 1] == '.')
        in.len--; /* the dot of the DNS root */
    size_t len = prepare(DOMAIN, USPREP_ALLOW_UNASSIGNED, in, out);
    return labels_are_good(out, len) ? len : 0;
}

static bool is_visible(UChar32 c)
{
    static const UChar32 braille_blank = 0x2800; /* a symbol to Unicode, a gap to the eye */
    return u_isgraph(c) && !u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) &&
           c != braille_blank;
}

static bool has_visible(const char *text, size_t len)
{
    for (int32_t i = 0; i < (int32_t)len;) {
        UChar32 c;
        U8_NEXT((const uint8_t *)text, i, (int32_t)len, c);
        if (is_visible(c))
            return true;
    }
    return false;
}

/*
 * Characters that change the direction of writing need no rule of their own: resourceprep forbids
 * the older ones, and Unicode 3.2 does not assign the newer ones. Space at either end is kept:
 * XEP-0045 (17.1) refuses only nicknames that are all space, other services keep it as well, and
 * without it the user would get a nickname that he did not ask for. Nicknames of different letters
 * that look alike are different.
 */
size_t prep_nick(struct span in, char *out)
{
    size_t len = prepare(RESOURCE, USPREP_DEFAULT, in, out);
    return has_visible(out, len) ? len : 0;
}
