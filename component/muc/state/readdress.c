#include "readdress.h"

#include <string.h>

#include "coven/domain.h"
#include "coven/stored_xml.h"

static const char from[] = "<message from='";

static struct span between(const char *at, const char *end)
{
    return (struct span){at, (size_t)(end - at)};
}

static bool starts(struct span text, struct span with)
{
    return text.len >= with.len && memcmp(text.at, with.at, with.len) == 0;
}

static bool is_whole(struct span text, size_t len)
{
    return len < text.len && (text.at[len] == '\'' || text.at[len] == '/');
}

/* Every stanza of a room begins like this, and nearly all rooms keep their address. */
static bool is_of(struct span stanza, struct span address)
{
    size_t len = sizeof from - 1;
    if (!starts(stanza, (struct span){from, len}))
        return false;
    struct span sender = {stanza.at + len, stanza.len - len};
    return starts(sender, address) && is_whole(sender, address.len);
}

/* The address that the room had; no bytes if that is none of this service. */
static struct span former_address(const struct stored_xml *stanza, struct span address)
{
    struct span none = {stanza->text.at, 0}, sender;
    if (!stored_xml_attr(stanza, "from", &sender))
        return none;
    const char *slash = memchr(sender.at, '/', sender.len);
    struct span bare = between(sender.at, slash ? slash : sender.at + sender.len);
    const char *at = memchr(bare.at, '@', bare.len);
    bool is_own = at && at > bare.at && span_equal(domain_of(bare), domain_of(address));
    return is_own ? bare : none;
}

/* Copies a tag, with the new address in its attributes `by`. */
static void copy_tag(struct buf *out, struct span tag, struct span former, struct span address)
{
    static const char by[] = " by='";
    const char *at = tag.at, *end = tag.at + tag.len, *found;
    while ((found = memmem(at, (size_t)(end - at), by, sizeof by - 1))) {
        struct span value = between(found + sizeof by - 1, end);
        buf_add_span(out, between(at, value.at));
        at = value.at;
        if (!starts(value, former) || !is_whole(value, former.len))
            continue;
        buf_add_span(out, address);
        at += former.len;
    }
    buf_add_span(out, between(at, end));
}

/* Text may contain what looks like an attribute. The writer escapes < and > everywhere, so these
 * two begin and end tags. */
static void copy_content(struct buf *out, struct span content, struct span former,
                         struct span address)
{
    const char *at = content.at, *end = content.at + content.len, *open, *close;
    while ((open = memchr(at, '<', (size_t)(end - at))) &&
           (close = memchr(open, '>', (size_t)(end - open)))) {
        buf_add_span(out, between(at, open));
        copy_tag(out, between(open, close), former, address);
        at = close;
    }
    buf_add_span(out, between(at, end));
}

/* `former` is where the stanza has it. */
static struct readdressed replace(struct span stanza, uint32_t to_at, struct span former,
                                  struct span address)
{
    struct readdressed result = {stanza, to_at, BUF_INIT};
    const char *end = stanza.at + stanza.len;
    if (former.len == 0 || to_at <= (size_t)(former.at - stanza.at) || to_at > stanza.len)
        return result;
    buf_add_span(&result.copy, between(stanza.at, former.at));
    buf_add_span(&result.copy, address);
    copy_content(&result.copy, between(former.at + former.len, end), former, address);
    result.stanza = buf_span(&result.copy);
    result.to_at = (uint32_t)(to_at + address.len - former.len);
    return result;
}

struct readdressed readdress_stanza(struct span stanza, uint32_t to_at, struct span address)
{
    struct stored_xml message;
    if (is_of(stanza, address) || !stored_xml_open(stanza, &message))
        return (struct readdressed){stanza, to_at, BUF_INIT};
    return replace(stanza, to_at, former_address(&message, address), address);
}

struct readdressed readdress_from(struct span stanza, uint32_t to_at, struct span former,
                                  struct span address)
{
    struct readdressed same = {stanza, to_at, BUF_INIT};
    if (span_equal(former, address) || !is_of(stanza, former))
        return same;
    return replace(stanza, to_at, (struct span){stanza.at + sizeof from - 1, former.len}, address);
}

void readdress_free(struct readdressed *readdressed)
{
    buf_free(&readdressed->copy);
}
