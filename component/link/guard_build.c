#include <string.h>

#include "coven/ns.h"
#include "link/guard_parser.h"

#define STREAM_LEVEL 1u /* open in libstrophe between two stanzas */

static const XML_Char stream_name[] = NS_STREAM "\x1Fstream";
static const XML_Char stream_error[] = NS_STREAM "\x1F"
                                                 "error";

static void start_element(struct guard *guard, const XML_Char *name, const XML_Char **attributes)
{
    static const XML_Char *none[] = {NULL};
    guard->start(guard->user, name, attributes ? attributes : none);
}

static void add_empty(struct guard *guard, const XML_Char *name)
{
    start_element(guard, name, NULL);
    guard->end(guard->user, name);
}

static void flush_text(struct guard *guard)
{
    if (guard->text.len == 0)
        return;
    guard->characters(guard->user, guard->text.data, (int)guard->text.len);
    if (guard->text.cap > GUARD_HOLD_BYTES)
        buf_free(&guard->text);
    else
        buf_clear(&guard->text);
}

void guard_cut(struct guard *guard)
{
    if (guard->stanza.cut)
        return;
    flush_text(guard);
    guard->stanza.cut = true;
}

/* Counts bytes; false: the stanza has too many. */
static bool admit_bytes(struct guard_stanza *stanza, size_t bytes)
{
    stanza->bytes += bytes;
    return stanza->bytes <= GUARD_MAX_BYTES;
}

static uint32_t count_attributes(const XML_Char **attributes)
{
    uint32_t count = 0;
    while (attributes[2 * (size_t)count])
        count++;
    return count;
}

/* Counts one more element and its attributes; false: the stanza has too many. */
static bool admit_element(struct guard_stanza *stanza, uint32_t attributes)
{
    stanza->elements++;
    stanza->attributes += attributes;
    return stanza->elements <= GUARD_MAX_ELEMENTS && stanza->built <= GUARD_MAX_LEVELS &&
           attributes <= GUARD_MAX_ATTRIBUTES && stanza->attributes <= GUARD_MAX_ATTRIBUTES_TOTAL;
}

/* Adds xmlns="" where a namespace ends. */
static void mark_namespace(struct guard *guard, const XML_Char *name)
{
    struct guard_stanza *stanza = &guard->stanza;
    uint64_t bit = UINT64_C(1) << stanza->built;
    bool has = strchr(name, GUARD_SEPARATOR) != NULL;
    bool inside = (stanza->unspaced & (bit >> 1)) != 0;
    stanza->unspaced = has ? stanza->unspaced & ~bit : stanza->unspaced | bit;
    if (!has && !inside && stanza->built > STREAM_LEVEL)
        guard_name_unspaced(&guard->attributes);
}

static const char *name_of_stanza(const XML_Char *name)
{
    static const char *const names[] = {"message", "presence", "iq"};
    const XML_Char *local = strchr(name, GUARD_SEPARATOR);
    for (size_t i = 0; local && i < sizeof names / sizeof *names; i++) {
        if (strcmp(local + 1, names[i]) == 0)
            return names[i];
    }
    return NULL;
}

static void build_element(struct guard *guard, const XML_Char *name, const XML_Char **attributes)
{
    struct guard_stanza *stanza = &guard->stanza;
    bool fits = admit_element(stanza, count_attributes(attributes));
    bool is_stanza = stanza->built == STREAM_LEVEL;
    if (!fits && !is_stanza) {
        guard_cut(guard);
        return;
    }
    size_t bytes = fits ? guard_name_attributes(&guard->attributes, attributes)
                        : guard_name_essential(&guard->attributes, attributes);
    fits = admit_bytes(stanza, bytes + strlen(name)) && fits;
    if (!fits)
        guard_cut(guard);
    if (!fits && !is_stanza)
        return;
    flush_text(guard);
    mark_namespace(guard, name);
    if (is_stanza)
        stanza->name = name_of_stanza(name);
    start_element(guard, guard_element_name(name, &guard->name), guard->attributes.list);
    stanza->built++;
}

/* Where the current tag ends in the parser's input. */
static size_t tag_end(const struct guard *guard)
{
    return (size_t)EVENT_INDEX(guard->parser) + (size_t)EVENT_BYTES(guard->parser);
}

static void open_root(struct guard *guard, const XML_Char *name, const XML_Char **attributes)
{
    const XML_Char *plain = guard_element_name(name, &guard->name);
    guard->is_stream = strcmp(plain, stream_name) == 0;
    guard->header_end = tag_end(guard);
    buf_cut(&guard->header, guard->header_end);
    guard->stanza.built = STREAM_LEVEL;
    guard_name_attributes(&guard->attributes, attributes);
    start_element(guard, plain, guard->attributes.list);
}

static void on_element_start(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct guard *guard = user;
    guard->event = guard->fed;
    if (guard->depth++ == 0)
        open_root(guard, name, attributes);
    else if (!guard->stanza.cut)
        build_element(guard, name, attributes);
}

static void end_stanza(struct guard *guard)
{
    size_t end = tag_end(guard);
    guard->stanza = (struct guard_stanza){.built = STREAM_LEVEL};
    if (end < GUARD_PARSER_BYTES)
        return;
    guard->boundary = end;
    guard->worn = true;
    XML_StopParser(guard->parser, XML_FALSE);
}

static void end_root(struct guard *guard, const XML_Char *name)
{
    guard->closed = true;
    guard->end(guard->user, name);
}

static void on_element_end(void *user, const XML_Char *name)
{
    struct guard *guard = user;
    struct guard_stanza *stanza = &guard->stanza;
    guard->event = guard->fed;
    if (--guard->depth == 0) {
        end_root(guard, name);
        return;
    }
    if (guard->depth < stanza->built) {
        flush_text(guard);
        if (guard->depth == STREAM_LEVEL && stanza->cut)
            add_empty(guard, GUARD_CUT);
        stanza->built--;
        guard_end(guard, name);
    }
    if (guard->depth == STREAM_LEVEL)
        end_stanza(guard);
}

static void on_text(void *user, const XML_Char *text, int len)
{
    struct guard *guard = user;
    guard->event = guard->fed;
    if (guard->depth <= STREAM_LEVEL || guard->stanza.cut)
        return;
    if (admit_bytes(&guard->stanza, (size_t)len)) {
        buf_add(&guard->text, text, (size_t)len);
        return;
    }
    buf_clear(&guard->text);
    guard_cut(guard);
}

/* Comments and processing instructions are no part of XMPP, and are dropped. */
static void on_comment(void *user, const XML_Char *text)
{
    struct guard *guard = user;
    (void)text;
    guard->event = guard->fed;
}

static void on_instruction(void *user, const XML_Char *target, const XML_Char *data)
{
    (void)target;
    on_comment(user, data);
}

static void on_doctype(void *user, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public, int has_subset)
{
    struct guard *guard = user;
    (void)name, (void)system, (void)public, (void)has_subset;
    guard->fault = "a document type is not allowed";
    XML_StopParser(guard->parser, XML_FALSE);
}

void guard_listen(struct guard *guard)
{
    guard->expat->set_user_data(guard->parser, guard);
    guard->expat->set_elements(guard->parser, on_element_start, on_element_end);
    guard->expat->set_text(guard->parser, on_text);
    XML_SetCommentHandler(guard->parser, on_comment);
    XML_SetProcessingInstructionHandler(guard->parser, on_instruction);
    XML_SetStartDoctypeDeclHandler(guard->parser, on_doctype);
}

static void close_level(struct guard *guard)
{
    guard->stanza.built--;
    guard->end(guard->user, GUARD_TORN);
}

/* Closes the elements inside the stanza, and adds the mark. False: there is no stanza. */
static bool close_inner(struct guard *guard, const XML_Char *mark)
{
    if (guard->stanza.built == STREAM_LEVEL)
        return false;
    while (guard->stanza.built > STREAM_LEVEL + 1)
        close_level(guard);
    add_empty(guard, mark);
    return true;
}

static void tear_stanza(struct guard *guard)
{
    if (close_inner(guard, GUARD_TORN))
        close_level(guard);
}

void guard_break_stanza(struct guard *guard)
{
    buf_clear(&guard->text);
    if (close_inner(guard, GUARD_CUT))
        guard_end(guard, GUARD_CUT);
    guard->stanza = (struct guard_stanza){.built = STREAM_LEVEL};
}

static void add_stream_error(struct guard *guard)
{
    static const XML_Char condition[] = NS_STREAM_ERRORS "\x1Fxml-not-well-formed";
    static const XML_Char text[] = NS_STREAM_ERRORS "\x1Ftext";
    start_element(guard, stream_error, NULL);
    add_empty(guard, condition);
    start_element(guard, text, NULL);
    guard->characters(guard->user, guard->fault, (int)strlen(guard->fault));
    guard->end(guard->user, text);
    guard->end(guard->user, stream_error);
}

/* libstrophe gets a stream error and the end of the stream, as if the server had ended it. Before
 * the header is complete there is no stream: an impossible root makes libstrophe give up. Parsers
 * of single stanzas learn of a fault from the result of XML_Parse(). */
void guard_report_fault(struct guard *guard)
{
    if (guard->closed)
        return;
    guard->closed = true;
    if (guard->header_end == 0) {
        start_element(guard, GUARD_TORN, NULL);
        return;
    }
    if (!guard->is_stream)
        return;
    tear_stanza(guard);
    add_stream_error(guard);
    guard->end(guard->user, stream_name);
}
