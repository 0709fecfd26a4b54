/* A fault inside a stanza affects that stanza alone. A server passes on everything that its own
 * parser accepts, such as a prefix that the client declared for its stream; a stranger must not end
 * the link with it. The stanza is cut at the fault, its rest is skipped, and a new parser goes on
 * after it. */

#include "link/guard_parser.h"

/* Is the fault in the XML, and not in the parser? */
static bool is_of_content(enum XML_Error code)
{
    static const enum XML_Error others[] = {
        XML_ERROR_NO_MEMORY, XML_ERROR_UNEXPECTED_STATE, XML_ERROR_SUSPENDED,
        XML_ERROR_FINISHED,  XML_ERROR_ABORTED,          XML_ERROR_NONE,
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (code == others[i])
            return false;
    }
    return true;
}

/* ---- Skipping ---- */

static bool is_skip_name(const struct guard *guard, struct span markup)
{
    return guard->skip.name && span_is(guard_markup_name(markup), guard->skip.name);
}

void guard_skip_markup(struct guard *guard, struct span markup)
{
    struct guard_skip *skip = &guard->skip;
    int levels = guard_markup_levels(markup);
    if (skip->name && !is_skip_name(guard, markup))
        return; /* the nesting of others is unreliable */
    skip->open += (uint32_t)levels;
}

/* The end of the stanza is found by counting levels; if the nesting is wrong, by counting elements
 * of its name. False: the name is not XMPP's, so the end cannot be found. */
static bool begin_skip(struct guard *guard, uint32_t open, bool is_nesting_wrong)
{
    const char *name = is_nesting_wrong ? guard->stanza.name : NULL;
    guard->skip = (struct guard_skip){.open = name ? 1 : open, .name = name};
    return name || !is_nesting_wrong;
}

/* ---- Finding the fault ---- */

/* Finds the first complete markup that ends after the fault, which is in it or in the text before.
 */
static bool find_markup(struct guard_lexer *lexer, struct span bytes, int64_t fault)
{
    while (guard_lex(lexer, bytes)) {
        if ((int64_t)lexer->at > fault)
            return true;
    }
    return false;
}

/* ---- Going on ---- */

/* The fault is in the stanza's own tag: the essential attributes suffice to refuse the stanza,
 * unless they are wrong, too. */
static bool build_brief(struct guard *guard, struct span tag)
{
    struct buf brief = BUF_INIT;
    enum XML_Status status = XML_STATUS_OK;
    if (guard_shorten(tag, &brief)) {
        guard->stanza.elements = GUARD_MAX_ELEMENTS;
        guard->fed += brief.len;
        status = guard->expat->parse(guard->parser, brief.data, (int)brief.len, 0);
    }
    buf_free(&brief);
    if (status == XML_STATUS_OK)
        return true;
    guard_break_stanza(guard);
    return guard_replace(guard);
}

/* Skips the stanza from the lexer's markup on. Returns what is left of `bytes`. */
static struct span skip_rest(struct guard *guard, struct guard_lexer *lexer, struct span bytes)
{
    do {
        guard_skip_markup(guard, (struct span){bytes.at + lexer->from, lexer->at - lexer->from});
    } while (guard->skip.open > 0 && guard_lex(lexer, bytes));
    size_t done = guard->skip.open > 0 ? bytes.len : lexer->at;
    return (struct span){bytes.at + done, bytes.len - done};
}

bool guard_mend(struct guard *guard, struct span *bytes, size_t before)
{
    enum XML_Error code = XML_GetErrorCode(guard->parser);
    struct guard_lexer lexer = {0};
    /* Negative: in text whose beginning was passed earlier. */
    int64_t fault = (int64_t)EVENT_INDEX(guard->parser) - (int64_t)before;
    bool is_found = find_markup(&lexer, *bytes, fault);
    struct span markup = {bytes->at + lexer.from, lexer.at - lexer.from};
    uint32_t open = guard->depth > 0 ? guard->depth - 1 : 0;
    bool is_own_tag =
        open == 0 && is_found && (int64_t)lexer.from <= fault && guard_markup_begins(markup);
    if (guard->fault || !guard->is_stream || !is_of_content(code) || (open == 0 && !is_own_tag))
        return false;
    if (!begin_skip(guard, open, code == XML_ERROR_TAG_MISMATCH))
        return false;
    guard_break_stanza(guard);
    if (!guard_replace(guard) || (is_own_tag && !build_brief(guard, markup)))
        return false;
    *bytes = is_found ? skip_rest(guard, &lexer, *bytes) : (struct span){bytes->at, 0};
    return true;
}
