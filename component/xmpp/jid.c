#include "coven/jid.h"

#include <strings.h>

#include "coven/bug.h"
#include "coven/prep.h"

_Static_assert(PREP_SIZE == JID_PART_MAX + 1, "a prepared part fits");

/* Writes the prepared part and returns its length, or 0. */
typedef size_t prepare_part(struct span in, char *out);

static bool part_add(struct jid *jid, char separator, prepare_part *prepare, struct span in,
                     uint16_t *len_r)
{
    size_t at = jid->full_len;
    if (separator)
        jid->text[at++] = separator;
    *len_r = (uint16_t)prepare(in, jid->text + at);
    jid->full_len = (uint16_t)(at + *len_r);
    return *len_r > 0;
}

bool jid_make(struct span node, struct span domain, struct span resource, struct jid *jid_r)
{
    struct jid jid;
    uint16_t resource_len;
    jid.node_len = jid.full_len = 0;
    if (node.len > 0 && !part_add(&jid, '\0', prep_node, node, &jid.node_len))
        return false;
    if (!part_add(&jid, node.len > 0 ? '@' : '\0', prep_domain, domain, &jid.domain_len))
        return false;
    jid.bare_len = jid.full_len;
    if (resource.len > 0 && !part_add(&jid, '/', prep_resource, resource, &resource_len))
        return false;
    coven_assert(jid.full_len <= JID_TEXT_MAX);
    /* Most addresses are short, and the struct is large: only the used part is copied. */
    memcpy(jid_r, &jid, offsetof(struct jid, text) + jid.full_len + 1);
    return true;
}

static const char *find(struct span text, char c)
{
    return text.len ? memchr(text.at, c, text.len) : NULL;
}

static struct span before(struct span text, const char *at)
{
    return (struct span){text.at, (size_t)(at - text.at)};
}

static struct span behind(struct span text, const char *at)
{
    return (struct span){at + 1, (size_t)(text.at + text.len - at) - 1};
}

bool jid_parse(struct span text, struct jid *jid_r)
{
    struct span node = {NULL, 0}, domain = text, resource = {NULL, 0};
    const char *slash = find(text, '/');
    if (slash) {
        domain = before(text, slash);
        resource = behind(text, slash);
        if (resource.len == 0)
            return false;
    }
    const char *at = find(domain, '@');
    if (at) {
        node = before(domain, at);
        domain = behind(domain, at);
        if (node.len == 0)
            return false;
    }
    return jid_make(node, domain, resource, jid_r);
}

/* ---- Addresses that people type ---- */

static struct span trim(struct span text)
{
    while (text.len > 0 && (unsigned char)text.at[0] <= ' ')
        text = (struct span){text.at + 1, text.len - 1};
    while (text.len > 0 && (unsigned char)text.at[text.len - 1] <= ' ')
        text.len--;
    return text;
}

/* The text before the first of these characters. */
static struct span until(struct span text, const char *ends)
{
    size_t len = 0;
    while (len < text.len && !memchr(ends, text.at[len], strlen(ends)))
        len++;
    return (struct span){text.at, len};
}

static bool read_scheme(struct span *text)
{
    static const char scheme[] = "xmpp:";
    size_t len = sizeof scheme - 1;
    if (text->len < len || strncasecmp(text->at, scheme, len) != 0)
        return false;
    *text = (struct span){text->at + len, text->len - len};
    return true;
}

/* In `//account/address` the first part names the account to be used. If nothing follows it, it is
 * the address. */
static struct span skip_account(struct span path)
{
    if (path.len < 2 || memcmp(path.at, "//", 2) != 0)
        return path;
    path = (struct span){path.at + 2, path.len - 2};
    struct span account = until(path, "/");
    return path.len > account.len + 1 ? behind(path, path.at + account.len) : account;
}

static int hex_value(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) % 16 : -1;
}

/* Replaces each %XX. Returns the length; 0: the text is empty, too long or malformed. */
static size_t decode(struct span text, char out[JID_TEXT_MAX])
{
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '%') {
            int high = i + 2 < text.len ? hex_value(text.at[i + 1]) : -1;
            int low = high >= 0 ? hex_value(text.at[i + 2]) : -1;
            if (low < 0)
                return 0;
            c = (char)(high * 16 + low);
            i += 2;
        }
        if (c == '\0' || len == JID_TEXT_MAX)
            return 0;
        out[len++] = c;
    }
    return len;
}

/* What stands in a link may be encoded as a whole, with its separators: neither '@' nor '/' can be
 * in a node, so they are found after decoding, too. */
static bool parse_link(struct span link, struct jid *jid_r)
{
    char text[JID_TEXT_MAX];
    size_t len = decode(skip_account(until(link, "?#")), text);
    return len > 0 && jid_parse((struct span){text, len}, jid_r);
}

/* Removes the query of a link that has lost its scheme: no domain has a '?'. */
static struct span without_query(struct span text)
{
    const char *at = find(text, '@');
    struct span domain = until(at ? behind(text, at) : text, "/?#");
    const char *end = domain.at + domain.len;
    return end < text.at + text.len && *end != '/' ? before(text, end) : text;
}

bool jid_parse_typed(struct span text, struct jid *jid_r)
{
    text = trim(text);
    return read_scheme(&text) ? parse_link(text, jid_r) : jid_parse(without_query(text), jid_r);
}

/* ---- Links ---- */

/* May the byte of a node be in a link as it is (RFC 5122, 2.2)? */
static bool is_plain(char c)
{
    static const char special[] = "-._~!$()*+,;=";
    bool digit = c >= '0' && c <= '9', lower = c >= 'a' && c <= 'z', upper = c >= 'A' && c <= 'Z';
    return digit || lower || upper || (unsigned char)c >= 0x80 ||
           memchr(special, c, sizeof special - 1);
}

void jid_write_link(const struct jid *jid, const char *action, struct buf *out)
{
    struct span node = jid_node(jid);
    buf_add_text(out, "xmpp:");
    for (size_t i = 0; i < node.len; i++) {
        if (is_plain(node.at[i]))
            buf_add_char(out, node.at[i]);
        else
            buf_printf(out, "%%%02X", (unsigned char)node.at[i]);
    }
    if (node.len > 0)
        buf_add_char(out, '@');
    buf_add_span(out, jid_domain(jid));
    buf_printf(out, "?%s", action);
}
