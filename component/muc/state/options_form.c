/* Writing options: into the owner's form, and for the store. */

#include <stdio.h>
#include <string.h>

#include "options_private.h"

void options_print(const struct room_option *option, const struct room_config *config,
                   struct buf *out)
{
    unsigned number = options_number(option, config);
    if (option->kind == OPTION_TEXT)
        buf_add_text(out, *options_text(option, config));
    else if (option->kind == OPTION_CHOICE)
        buf_add_text(out, option->values[number].value);
    else
        buf_printf(out, "%u", number);
}

static void write_number(struct xml *xml, const struct room_option *option, unsigned number)
{
    char text[16];
    int len = snprintf(text, sizeof text, "%u", number);
    bool none = number == 0 && option->unlimited;
    form_write_value(xml, none ? span_of("none") : (struct span){text, (size_t)len});
}

/* The choices of a list of numbers: round ones up to the service's limit, the present one, none. */
static void write_number_choices(struct xml *xml, unsigned now, unsigned limit)
{
    static const unsigned round[] = {10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 100000};
    bool listed = now == 0;
    for (size_t i = 0; i < sizeof round / sizeof *round && round[i] <= limit; i++) {
        char text[16];
        snprintf(text, sizeof text, "%u", round[i]);
        form_write_option(xml, text, span_of(text));
        listed = listed || round[i] == now;
    }
    if (!listed) {
        char text[16];
        snprintf(text, sizeof text, "%u", now);
        form_write_option(xml, text, span_of(text));
    }
    form_write_option(xml, "No limit", span_of("none"));
}

static void write_option(struct xml *xml, const struct room_option *option,
                         const struct room_config *config, const struct service_limits *limits)
{
    unsigned number = options_number(option, config);
    form_write_field_open(xml, option->var, option->form_type, option->label);
    switch (option->kind) {
    case OPTION_TEXT:
        form_write_value(xml, span_of(*options_text(option, config)));
        break;
    case OPTION_BOOLEAN:
        form_write_value(xml, span_of(number ? "1" : "0"));
        break;
    case OPTION_NUMBER:
        write_number(xml, option, number);
        if (strcmp(option->form_type, "list-single") == 0)
            write_number_choices(xml, number, options_limit(option, limits));
        break;
    case OPTION_CHOICE:
        form_write_value(xml, span_of(option->values[number].value));
        break;
    case OPTION_SET:
        for (int i = 0; option->values[i].value; i++) {
            if (number & 1u << i)
                form_write_value(xml, span_of(option->values[i].value));
        }
        break;
    }
    for (int i = 0; option->values && option->values[i].value; i++)
        form_write_option(xml, option->values[i].label, span_of(option->values[i].value));
    xml_close(xml);
}

void options_write_form(struct xml *xml, const struct room_config *config,
                        const struct service_limits *limits)
{
    for (size_t i = 0; options_at(i); i++)
        write_option(xml, options_at(i), config, limits);
}
