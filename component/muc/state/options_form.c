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

static void write_words(const struct option_value *values, unsigned set, struct buf *out)
{
    size_t before = out->len;
    for (int i = 0; values[i].value; i++) {
        if (set & 1u << i)
            buf_printf(out, "%s%s", out->len > before ? " " : "", values[i].value);
    }
}

void options_write_value(const struct room_option *option, const struct room_config *config,
                         struct buf *out)
{
    unsigned number = options_number(option, config);
    if (option->kind == OPTION_SET)
        write_words(option->values, number, out);
    else if (option->kind == OPTION_NUMBER && option->unlimited && number == 0)
        buf_add_text(out, "none");
    else
        options_print(option, config, out);
}

bool options_is_secret(const struct room_option *option)
{
    return strcmp(option->form_type, "text-private") == 0;
}

bool options_is_set(const struct room_option *option)
{
    return option->kind == OPTION_SET;
}

static void write_number(struct xml *xml, const struct room_option *option, unsigned number)
{
    char text[16];
    int len = snprintf(text, sizeof text, "%u", number);
    bool none = number == 0 && option->unlimited;
    form_write_value(xml, none ? span_of("none") : (struct span){text, (size_t)len});
}

static void write_number_choice(struct xml *xml, unsigned number)
{
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    form_write_option(xml, text, span_of(text));
}

/* The choices of a list of numbers in rising order: round ones up to the service's limit, among
 * them the present one, and none. */
static void write_number_choices(struct xml *xml, const unsigned *choices, unsigned now,
                                 unsigned limit)
{
    bool listed = now == 0;
    for (; *choices > 0 && *choices <= limit; choices++) {
        if (!listed && now <= *choices) {
            listed = true;
            if (now < *choices)
                write_number_choice(xml, now);
        }
        write_number_choice(xml, *choices);
    }
    if (!listed)
        write_number_choice(xml, now);
    form_write_option(xml, "No limit", span_of("none"));
}

/* What values the option takes, for clients that check what people enter. */
static void write_validation(struct xml *xml, const struct room_option *option,
                             const struct service_limits *limits)
{
    if (option->datatype)
        form_write_datatype(xml, option->datatype);
    else if (option->choices)
        form_write_open_values(xml);
    else if (option->kind == OPTION_NUMBER)
        form_write_range(xml, options_limit(option, limits));
}

static void write_option(struct xml *xml, const struct room_option *option,
                         const struct room_config *config, const struct service_limits *limits)
{
    unsigned number = options_number(option, config);
    form_write_field_open(xml, option->var, option->form_type, option->label);
    form_write_help(xml, option->help);
    write_validation(xml, option, limits);
    switch (option->kind) {
    case OPTION_TEXT:
        form_write_value(xml, span_of(*options_text(option, config)));
        break;
    case OPTION_BOOLEAN:
        form_write_value(xml, span_of(number ? "1" : "0"));
        break;
    case OPTION_NUMBER:
        write_number(xml, option, number);
        if (option->choices)
            write_number_choices(xml, option->choices, number, options_limit(option, limits));
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

/* Adds the labels of the values in the set. */
static void add_labels(struct buf *text, const struct option_value *values, unsigned set)
{
    bool first = true;
    for (int i = 0; values[i].value; i++) {
        if (!(set & 1u << i))
            continue;
        buf_printf(text, "%s%s", first ? "" : ", ", values[i].label);
        first = false;
    }
}

/* Adds the value in words. */
static void add_value(struct buf *text, const struct room_option *option,
                      const struct room_config *config)
{
    unsigned number = options_number(option, config);
    if (number == 0 && (option->kind == OPTION_TEXT || option->kind == OPTION_SET))
        buf_add_text(text, "nothing");
    else if (number == 0 && option->unlimited)
        buf_add_text(text, "no limit");
    else if (option->kind == OPTION_BOOLEAN)
        buf_add_text(text, number ? "yes" : "no");
    else if (option->kind == OPTION_SET)
        add_labels(text, option->values, number);
    else if (option->kind == OPTION_CHOICE)
        buf_add_text(text, option->values[number].label);
    else
        options_print(option, config, text);
}

/* An option that its owner may not change, as text. */
static void write_fixed(struct xml *xml, const struct room_option *option,
                        const struct room_config *config)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "%s: ", option->label);
    add_value(&text, option, config);
    buf_add_text(&text, " (fixed by the service)");
    form_write_fixed(xml, text.data);
    buf_free(&text);
}

void options_write_form(struct xml *xml, const struct room_config *config, const bool *fixed,
                        const struct service_limits *limits)
{
    const struct room_option *option;
    for (size_t i = 0; (option = options_at(i)); i++) {
        if (option->section)
            form_write_fixed(xml, option->section);
        if (fixed && fixed[i])
            write_fixed(xml, option, config);
        else
            write_option(xml, option, config, limits);
    }
}
