#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <strophe.h>

#include "coven/bug.h"
#include "coven/mem.h"
#include "link/guard_parser.h"

typedef int stanza_to_text(xmpp_stanza_t *stanza, char **const text, size_t *const len);

/* Global, because interposed functions get no context: our parsers, and the hidden functions. */
static struct {
    pthread_mutex_t lock;
    struct guard *guards;
    struct guard_expat expat;
    stanza_to_text *to_text;
} interposed = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* This thread hands on the end of an element; libstrophe renders the stanza for its log then. */
static _Thread_local bool handing_on;

static void *hidden(const char *name)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    coven_assert(symbol);
    return symbol;
}

static void find_hidden(struct guard_expat *expat)
{
    *(void **)&expat->create = hidden("XML_ParserCreate_MM");
    *(void **)&expat->reset = hidden("XML_ParserReset");
    *(void **)&expat->release = hidden("XML_ParserFree");
    *(void **)&expat->set_user_data = hidden("XML_SetUserData");
    *(void **)&expat->set_elements = hidden("XML_SetElementHandler");
    *(void **)&expat->set_text = hidden("XML_SetCharacterDataHandler");
    *(void **)&expat->parse = hidden("XML_Parse");
}

/* libstrophe renders every incoming stanza for its debug log, even if that is off: a fifth of the
 * work for a message. So rendering fails here, which libstrophe tolerates. It never renders stanzas
 * to send while an element ends. */
int xmpp_stanza_to_text(xmpp_stanza_t *stanza, char **const text, size_t *const len)
{
    if (handing_on)
        return XMPP_EMEM;
    pthread_mutex_lock(&interposed.lock);
    if (!interposed.to_text)
        *(void **)&interposed.to_text = hidden("xmpp_stanza_to_text");
    pthread_mutex_unlock(&interposed.lock);
    return interposed.to_text(stanza, text, len);
}

void guard_end(struct guard *guard, const XML_Char *name)
{
    handing_on = true;
    guard->end(guard->user, name);
    handing_on = false;
}

static const struct guard_expat *expat_hidden(void)
{
    pthread_mutex_lock(&interposed.lock);
    if (!interposed.expat.create)
        find_hidden(&interposed.expat);
    pthread_mutex_unlock(&interposed.lock);
    return &interposed.expat;
}

/* NULL: the parser is not libstrophe's. */
static struct guard *guard_of(XML_Parser handle)
{
    pthread_mutex_lock(&interposed.lock);
    struct guard *guard = interposed.guards;
    while (guard && (void *)guard != (void *)handle)
        guard = guard->next;
    pthread_mutex_unlock(&interposed.lock);
    return guard;
}

static void enlist(struct guard *guard)
{
    pthread_mutex_lock(&interposed.lock);
    guard->next = interposed.guards;
    interposed.guards = guard;
    pthread_mutex_unlock(&interposed.lock);
}

static void delist(struct guard *guard)
{
    pthread_mutex_lock(&interposed.lock);
    struct guard **at = &interposed.guards;
    while (*at != guard)
        at = &(*at)->next;
    *at = guard->next;
    pthread_mutex_unlock(&interposed.lock);
}

/* libstrophe's parsers are recognised by their separator. Its memory functions are not used,
 * because they stay bound to the first context of the process. */
XML_Parser XML_ParserCreate_MM(const XML_Char *encoding, const XML_Memory_Handling_Suite *memory,
                               const XML_Char *separator)
{
    const struct guard_expat *expat = expat_hidden();
    if (!separator || *separator != GUARD_SEPARATOR)
        return expat->create(encoding, memory, separator);
    struct guard *guard = mem_new(sizeof *guard);
    guard->expat = expat;
    if (!guard_open(guard)) {
        free(guard);
        return NULL;
    }
    enlist(guard);
    return (XML_Parser)(void *)guard;
}

XML_Bool XML_ParserReset(XML_Parser handle, const XML_Char *encoding)
{
    struct guard *guard = guard_of(handle);
    if (!guard)
        return expat_hidden()->reset(handle, encoding);
    guard_close(guard);
    return guard_open(guard) ? XML_TRUE : XML_FALSE;
}

void XML_ParserFree(XML_Parser handle)
{
    struct guard *guard = guard_of(handle);
    if (!guard) {
        expat_hidden()->release(handle);
        return;
    }
    delist(guard);
    guard_close(guard);
    free(guard);
}

void XML_SetUserData(XML_Parser handle, void *user)
{
    struct guard *guard = guard_of(handle);
    if (guard)
        guard->user = user;
    else
        expat_hidden()->set_user_data(handle, user);
}

void XML_SetElementHandler(XML_Parser handle, XML_StartElementHandler start,
                           XML_EndElementHandler end)
{
    struct guard *guard = guard_of(handle);
    if (!guard) {
        expat_hidden()->set_elements(handle, start, end);
        return;
    }
    guard->start = start;
    guard->end = end;
}

void XML_SetCharacterDataHandler(XML_Parser handle, XML_CharacterDataHandler characters)
{
    struct guard *guard = guard_of(handle);
    if (guard)
        guard->characters = characters;
    else
        expat_hidden()->set_text(handle, characters);
}

enum XML_Status XML_Parse(XML_Parser handle, const char *bytes, int len, int final)
{
    struct guard *guard = guard_of(handle);
    if (!guard)
        return expat_hidden()->parse(handle, bytes, len, final);
    if (len < 0)
        return XML_STATUS_ERROR;
    return guard_feed(guard, bytes, (size_t)len, final != 0);
}
