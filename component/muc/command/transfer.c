#include "transfer.h"

#include <string.h>

#include "coven/datetime.h"
#include "coven/id.h"

static const char *const kinds[] = {
    [STORE_SAID] = "message",        [STORE_RETRACTION] = "retraction", [STORE_SUBJECT] = "subject",
    [STORE_TOMBSTONE] = "tombstone", [STORE_NOTICE] = "notice",         [STORE_ASIDE] = "aside",
};

#define KINDS (sizeof kinds / sizeof *kinds)

const char *transfer_kind_name(enum store_kind kind)
{
    return kind < KINDS ? kinds[kind] : kinds[STORE_ASIDE];
}

bool transfer_kind_named(const char *name, enum store_kind *kind_r)
{
    for (size_t i = 0; name && i < KINDS; i++) {
        if (strcmp(kinds[i], name) == 0) {
            *kind_r = (enum store_kind)i;
            return true;
        }
    }
    return false;
}

struct span transfer_text(const json_t *line, const char *name)
{
    const json_t *value = json_object_get(line, name);
    const char *text = json_string_value(value);
    return text ? (struct span){text, json_string_length(value)} : span_of("");
}

bool transfer_time(const json_t *line, const char *name, int64_t *ms_r)
{
    return datetime_parse(transfer_text(line, name), ms_r);
}

/* ---- Salts ---- */

json_t *transfer_print_salt(struct span salt)
{
    char text[2 * STORE_SALT + 1];
    if (salt.len != STORE_SALT)
        return salt.len > 0 ? json_stringn(salt.at, salt.len) : NULL;
    id_hex(salt.at, salt.len, text);
    return json_string(text);
}

static int digit_of(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

static bool read_digits(struct span text, char *out)
{
    for (size_t i = 0; i < text.len / 2; i++) {
        int high = digit_of(text.at[2 * i]), low = digit_of(text.at[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out[i] = (char)(high << 4 | low);
    }
    return true;
}

bool transfer_read_salt(struct span text, char *salt_r, size_t *len_r)
{
    *len_r = text.len;
    if (text.len == 2 * STORE_SALT && read_digits(text, salt_r)) {
        *len_r = STORE_SALT;
        return true;
    }
    if (text.len <= STORE_SALT || text.len > STORE_SALT_MAX)
        return false;
    memcpy(salt_r, text.at, text.len);
    return true;
}
