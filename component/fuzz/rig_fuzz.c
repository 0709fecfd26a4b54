#include "rig_fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/jid.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "coven/stored_xml.h"
#include "store/store_private.h"

static const char empty[] =
    "DELETE FROM room; DELETE FROM room_option; DELETE FROM affiliation; DELETE FROM session;"
    "DELETE FROM confirmed; DELETE FROM departure; DELETE FROM message; DELETE FROM era;"
    "DELETE FROM doomed; DELETE FROM applicant; DELETE FROM tombstone; DELETE FROM tombstone_owner;"
    "DELETE FROM search.who; DELETE FROM search.said;"
    "INSERT INTO search.words (words) VALUES ('delete-all'); UPDATE search.progress SET key = 0;";

struct rig *rig_shared(sqlite3 **db_r)
{
    static struct rig rig;
    static struct store *store;
    char *why = NULL;
    if (!store) {
        store = store_open(&(struct store_settings){NULL, true}, &why);
        coven_assert(store);
        rig_open_on(&rig, store);
    }
    coven_assert(sqlite3_exec(store->db, empty, NULL, NULL, NULL) == SQLITE_OK);
    rig.now_ms = RIG_START_MS;
    rig.fail_at = 0;
    rig_drain(&rig);
    rig_restart(&rig);
    if (db_r)
        *db_r = store->db;
    return &rig;
}

/* A server may end the stream of a component that sends from another domain. */
static void check_addresses(xmpp_stanza_t *stanza)
{
    const char *from = stanza_attr(stanza, "from"), *to = stanza_attr(stanza, "to");
    struct jid sender, recipient;
    coven_assert(from && to && jid_parse(span_of(to), &recipient));
    size_t bare_len = strcspn(from, "/");
    coven_assert(jid_parse((struct span){from, bare_len}, &sender));
    coven_assert(span_is(jid_domain(&sender), RIG_DOMAIN));
    coven_assert(from[bare_len] == '\0' || from[bare_len + 1] != '\0');
}

/* Checks as a server would: tags match, prefixes are bound, nothing is between stanzas. */
static void check_stream(struct rig *rig)
{
    struct buf text = BUF_INIT;
    buf_add_text(&text, "<stream xmlns='" NS_COMPONENT "'>");
    buf_add_span(&text, buf_span(&rig->out));
    buf_add_text(&text, "</stream>");
    xmpp_stanza_t *stream = xmpp_stanza_new_from_string(rig->xmpp, text.data);
    if (!stream)
        fprintf(stderr, "%s\n", text.data);
    coven_assert(stream && strlen(text.data) == text.len);
    for (xmpp_stanza_t *at = xmpp_stanza_get_children(stream); at; at = xmpp_stanza_get_next(at)) {
        coven_assert(stanza_is(at, "message", NS_CLIENT) || stanza_is(at, "presence", NS_CLIENT) ||
                     stanza_is(at, "iq", NS_CLIENT));
        check_addresses(at);
    }
    xmpp_stanza_release(stream);
    buf_free(&text);
}

static void check_stanza(const char *text)
{
    char name[16] = "";
    coven_assert(sscanf(text, "<%15[a-z]", name) == 1);
    if (!stored_xml_is_element(span_of(text), name))
        fprintf(stderr, "%s\n", text);
    coven_assert(stored_xml_is_element(span_of(text), name));
}

static void learn_id(const char *text, char id[RIG_ID_SIZE])
{
    const char *element = strstr(text, "<stanza-id ");
    const char *attribute = element ? strstr(element, " id='") : NULL;
    if (attribute)
        sscanf(attribute, " id='%63[^'<>]", id);
}

void rig_check_output(struct rig *rig, char id[RIG_ID_SIZE])
{
    if (rig->out.len == 0)
        return;
    check_stream(rig);
    for (char *text = rig_next(rig); text; text = rig_next(rig)) {
        check_stanza(text);
        learn_id(text, id);
        free(text);
    }
}

bool rig_try(struct rig *rig, const char *text)
{
    xmpp_stanza_t *stanza = xmpp_stanza_new_from_string(rig->xmpp, text);
    if (!stanza)
        return false;
    xmpp_stanza_release(stanza);
    rig_send(rig, text);
    return true;
}
