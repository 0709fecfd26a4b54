#include "coven/room_option.h"

#include "coven/bug.h"
#include "options_private.h"

int room_option_find(struct span name)
{
    for (int i = 0; options_at((size_t)i); i++) {
        if (span_is(name, options_name(options_at((size_t)i))))
            return i;
    }
    return -1;
}

bool room_option_check(int place, const char *text, const struct service_limits *limits,
                       struct buf *why)
{
    const struct room_option *option = options_at((size_t)place);
    struct room_config config;
    coven_assert(option);
    const char *name = options_name(option);
    if (option->no_default) {
        buf_printf(why, "%s has no default, because %s", name, option->no_default);
        return false;
    }
    if (*text == '\0' && option->kind != OPTION_SET) {
        buf_printf(why, "%s has no value", name);
        return false;
    }
    options_init(&config, limits);
    bool good = options_assign(&config, option, text, limits);
    options_free(&config);
    if (!good) {
        buf_printf(why, "%s must be ", name);
        options_explain(option, limits, why);
        buf_printf(why, ", not \"%s\"", text);
    }
    return good;
}
