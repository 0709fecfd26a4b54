#include "variables.h"

#include <stdlib.h>

#include "coven/mem.h"
#include "coven/xml.h"

struct variable {
    char *name, *value;
};

struct variables {
    struct variable *all;
    size_t count;
};

struct variables *variables_new(void)
{
    return mem_new(sizeof(struct variables));
}

void variables_free(struct variables *variables)
{
    if (!variables)
        return;
    for (size_t i = 0; i < variables->count; i++) {
        free(variables->all[i].name);
        free(variables->all[i].value);
    }
    free(variables->all);
    free(variables);
}

static struct variable *find(const struct variables *variables, struct span name)
{
    for (size_t i = 0; i < variables->count; i++)
        if (span_is(name, variables->all[i].name))
            return &variables->all[i];
    return NULL;
}

void variables_set(struct variables *variables, const char *name, const char *value)
{
    struct variable *variable = find(variables, span_of(name));
    if (!variable) {
        size_t size = (variables->count + 1) * sizeof *variables->all;
        variables->all = mem_resize(variables->all, size);
        variable = &variables->all[variables->count++];
        *variable = (struct variable){.name = mem_string(name)};
    }
    free(variable->value);
    variable->value = mem_string(value);
}

const char *variables_get(const struct variables *variables, struct span name)
{
    const struct variable *variable = find(variables, name);
    return variable ? variable->value : NULL;
}

bool variables_expand(const struct variables *variables, struct span text, struct buf *out,
                      struct span *unknown_r)
{
    const char *at = text.at, *end = text.at + text.len;
    for (;;) {
        const char *open = memmem(at, (size_t)(end - at), "${", 2);
        const char *close = open ? memchr(open, '}', (size_t)(end - open)) : NULL;
        if (!close)
            break;
        struct span name = {open + 2, (size_t)(close - open - 2)};
        const char *value = variables_get(variables, name);
        if (!value) {
            *unknown_r = name;
            return false;
        }
        buf_add(out, at, (size_t)(open - at));
        xml_escape_attr(out, span_of(value));
        at = close + 1;
    }
    buf_add(out, at, (size_t)(end - at));
    return true;
}
