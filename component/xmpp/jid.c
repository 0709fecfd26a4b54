#include "coven/jid.h"

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
