/*
 * JIDs (RFC 6122). A struct jid is always valid and prepared (nodeprep, nameprep, resourceprep), so
 * two of them are the same address exactly when their bytes are equal. It owns nothing and can be
 * copied.
 */
#ifndef COVEN_JID_H
#define COVEN_JID_H

#include <stdbool.h>
#include <stdint.h>

#include "coven/buf.h"

#define JID_PART_MAX 1023
#define JID_TEXT_MAX (3 * JID_PART_MAX + 2)

struct jid {
    uint16_t node_len;   /* in bytes, like the others; 0: no node */
    uint16_t domain_len; /* never 0 */
    uint16_t bare_len;   /* node, '@' and domain */
    uint16_t full_len;   /* equals bare_len: no resource */
    char text[JID_TEXT_MAX + 1];
};

/*
 * Prepares and checks a JID. The first '/' begins the resource, the first '@' before it ends the
 * node. False, and `*jid_r` untouched, when `text` is not a valid JID.
 */
bool jid_parse(struct span text, struct jid *jid_r);

/* The same for text that a person typed or pasted: blanks around it do not count, and an `xmpp:`
 * link (RFC 5122) stands for the address in it. */
bool jid_parse_typed(struct span text, struct jid *jid_r);

/* Writes the `xmpp:` link that offers this action with the bare JID. */
void jid_write_link(const struct jid *jid, const char *action, struct buf *out);

/* Prepares, checks and joins the parts; `node` and `resource` may be empty. False, and `*jid_r`
 * untouched, when a part is invalid. */
bool jid_make(struct span node, struct span domain, struct span resource, struct jid *jid_r);

static inline struct span jid_full(const struct jid *jid)
{
    return (struct span){jid->text, jid->full_len};
}

static inline struct span jid_bare(const struct jid *jid)
{
    return (struct span){jid->text, jid->bare_len};
}

static inline struct span jid_node(const struct jid *jid)
{
    return (struct span){jid->text, jid->node_len};
}

static inline struct span jid_domain(const struct jid *jid)
{
    return (struct span){jid->text + jid->bare_len - jid->domain_len, jid->domain_len};
}

static inline bool jid_has_resource(const struct jid *jid)
{
    return jid->full_len > jid->bare_len;
}

static inline struct span jid_resource(const struct jid *jid)
{
    return jid_has_resource(jid) ? (struct span){jid->text + jid->bare_len + 1,
                                                 (size_t)jid->full_len - jid->bare_len - 1u}
                                 : (struct span){jid->text + jid->full_len, 0};
}

#endif
