#include "coven/rsm.h"

#include <stdlib.h>
#include <string.h>

#include "coven/ns.h"
#include "coven/stanza.h"

#define DIGITS_MAX 9 /* fit into 32 bits */

/* Reads the number in that child; without the child `*number_r` is untouched. False when the child
 * is not a number. */
static bool read_number(xmpp_stanza_t *set, const char *name, uint32_t *number_r)
{
    char *text = stanza_child_text(set, name, NS_RSM);
    if (!text)
        return true;
    size_t len = strlen(text);
    bool good = len > 0 && strspn(text, "0123456789") == len;
    if (good)
        *number_r = len > DIGITS_MAX ? UINT32_MAX : (uint32_t)strtoul(text, NULL, 10);
    free(text);
    return good;
}

/* Reads where the page begins; false when the request says so twice. */
static bool read_place(xmpp_stanza_t *set, struct rsm *rsm)
{
    static const struct {
        const char *name;
        enum rsm_from from;
    } places[] = {{"after", RSM_AFTER}, {"before", RSM_BEFORE}, {"index", RSM_INDEX}};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (!stanza_child(set, places[i].name, NS_RSM))
            continue;
        if (rsm->from != RSM_START)
            return false;
        rsm->from = places[i].from;
        if (rsm->from != RSM_INDEX)
            rsm->key = stanza_child_text(set, places[i].name, NS_RSM);
    }
    return true;
}

bool rsm_read(xmpp_stanza_t *query, unsigned max, struct rsm *rsm_r)
{
    struct rsm rsm = {.from = RSM_START, .max = max};
    xmpp_stanza_t *set = stanza_child(query, "set", NS_RSM);
    uint32_t wanted = max;
    if (set) {
        rsm.given = true;
        if (!read_place(set, &rsm) || !read_number(set, "max", &wanted) ||
            !read_number(set, "index", &rsm.index)) {
            rsm_free(&rsm);
            return false;
        }
    }
    if (wanted < max)
        rsm.max = wanted;
    if (rsm.from == RSM_AFTER && *rsm.key == '\0') {
        rsm_free(&rsm);
        rsm.from = RSM_START;
    }
    *rsm_r = rsm;
    return true;
}

void rsm_free(struct rsm *rsm)
{
    free(rsm->key);
    rsm->key = NULL;
}

static void write_number(struct xml *xml, const char *name, int64_t number)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "%lld", (long long)number);
    xml_element(xml, name, NULL, buf_span(&text));
    buf_free(&text);
}

void rsm_write(struct xml *xml, const struct rsm_part *part)
{
    xml_open(xml, "set", NS_RSM);
    if (part->first.len > 0) {
        xml_open(xml, "first", NULL);
        if (part->index >= 0)
            xml_attr_number(xml, "index", part->index);
        xml_text(xml, part->first);
        xml_close(xml);
        xml_element(xml, "last", NULL, part->last);
    }
    if (part->count >= 0)
        write_number(xml, "count", part->count);
    xml_close(xml);
}
