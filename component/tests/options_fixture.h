/* Submits forms of a room's options, and tells what they change. */
#ifndef COVEN_TESTS_OPTIONS_FIXTURE_H
#define COVEN_TESTS_OPTIONS_FIXTURE_H

#include "muc/state/options.h"
#include "xml_fixture.h"

#define VALUE(value)      "<value>" value "</value>"
#define VALUES(var, text) "<field var='" var "'>" text "</field>"
#define FIELD(var, value) VALUES(var, VALUE(value))
#define ROOM(name, value) FIELD("muc#roomconfig_" name, value)

static const struct service_limits limits = {.occupants = 1000, .history = 100, .option_bytes = 10};

static inline bool submit_fixed(struct room_config *config, const char *fields, const bool *fixed,
                                struct buf *why)
{
    struct form form;
    struct buf text = BUF_INIT;
    buf_printf(&text, "<x xmlns='jabber:x:data' type='submit'>%s</x>", fields);
    xmpp_stanza_t *x = parse(text.data);
    assert_true(form_read(x, &form));
    bool good = options_submit(config, &form, fixed, &limits, why);
    form_free(&form);
    xmpp_stanza_release(x);
    buf_free(&text);
    return good;
}

/* Asserts that `after` differs from `before` in just these options: "name=value name=value". */
static inline void expect_changes(const char *what, const struct room_config *before,
                                  const struct room_config *after, const char *changes)
{
    struct buf text = BUF_INIT;
    const struct room_option *option;
    buf_add_text(&text, "");
    for (size_t i = 0; (option = options_at(i)); i++) {
        if (options_equal(option, before, after))
            continue;
        buf_printf(&text, "%s%s=", text.len > 0 ? " " : "", options_name(option));
        options_print(option, after, &text);
    }
    if (!span_is(buf_span(&text), changes))
        fail_msg("%s: expected \"%s\", but \"%.*s\" changed", what, changes, (int)text.len,
                 text.data);
    buf_free(&text);
}

#endif
