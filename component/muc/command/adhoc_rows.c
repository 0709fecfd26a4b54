#include "adhoc_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "adhoc_offer.h"
#include "coven/form.h"
#include "coven/ns.h"

/* Fields that hold the addresses of users and rooms. */
static bool is_address(const struct command_field *field)
{
    static const char *const names[] = {"address", "admins", "client", "clients", "creator",
                                        "jid",     "owners", "room",   NULL};
    for (size_t i = 0; names[i]; i++) {
        if (strcmp(names[i], field->name) == 0)
            return true;
    }
    return false;
}

static const char *type_of(const struct command_field *field)
{
    if (field->type == TYPE_FLAG)
        return "boolean";
    if (field->type == TYPE_LIST)
        return is_address(field) ? "jid-multi" : "text-multi";
    return is_address(field) ? "jid-single" : "text-single";
}

static void write_value(struct xml *xml, const json_t *value)
{
    char number[32];
    if (json_is_string(value)) {
        form_write_value(xml, (struct span){json_string_value(value), json_string_length(value)});
    } else if (json_is_integer(value)) {
        snprintf(number, sizeof number, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        form_write_value(xml, span_of(number));
    } else if (json_is_boolean(value)) {
        form_write_value(xml, span_of(json_is_true(value) ? "1" : "0"));
    }
}

static void write_values(struct xml *xml, const json_t *value)
{
    size_t i;
    const json_t *item;
    if (!json_is_array(value)) {
        write_value(xml, value);
        return;
    }
    json_array_foreach(value, i, item)
    {
        write_value(xml, item);
    }
}

/* A card leaves out what there is not. */
static void write_card(struct xml *xml, const struct command *command, const json_t *row)
{
    for (const struct command_field *field = command->fields; field->name; field++) {
        const json_t *value = json_object_get(row, field->name);
        if (!value)
            continue;
        form_write_field_open(xml, field->name, type_of(field), field->label);
        write_values(xml, value);
        xml_close(xml);
    }
}

/* ---- Tables ---- */

static void add_text(struct buf *out, const json_t *value)
{
    if (json_is_string(value))
        buf_add_text(out, json_string_value(value));
    else if (json_is_integer(value))
        buf_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_boolean(value))
        buf_add_text(out, json_is_true(value) ? "yes" : "no");
}

/* What a row begins with is its label. A row of one field has that field's label. */
static void write_label(struct xml *xml, const struct command_field *first, const json_t *row)
{
    struct buf label = BUF_INIT;
    if (first[1].name)
        add_text(&label, json_object_get(row, first->name));
    xml_attr_text(xml, "label", label.len > 0 ? label.data : first->label);
    buf_free(&label);
}

static void write_line(struct xml *xml, const struct command_field *field, const json_t *value)
{
    struct buf line = BUF_INIT;
    buf_printf(&line, "%s: ", field->label);
    add_text(&line, value);
    form_write_value(xml, buf_span(&line));
    buf_free(&line);
}

/* A line for each item of a list: Gajim's box is as high as the lines would be if none were broken,
 * and long ones are. */
static void write_lines(struct xml *xml, const struct command_field *field, const json_t *value)
{
    size_t i;
    const json_t *item;
    if (value && !json_is_array(value))
        write_line(xml, field, value);
    json_array_foreach(value, i, item)
    {
        write_line(xml, field, item);
    }
}

/* A row is a field with lines. Not the rows of XEP-0004 (3.4): Gajim fails on them, and Converse
 * does not draw them. */
static void write_row(struct xml *xml, const struct command *command, const json_t *row,
                      unsigned number)
{
    char var[16];
    const struct command_field *first = command->fields, *field = first[1].name ? first + 1 : first;
    snprintf(var, sizeof var, "row-%u", number);
    xml_open(xml, "field", NULL);
    xml_attr_text(xml, "var", var);
    xml_attr_text(xml, "type", "text-multi");
    write_label(xml, first, row);
    for (; field->name; field++) {
        write_lines(xml, field, json_object_get(row, field->name));
    }
    xml_close(xml);
}

void adhoc_rows_add(struct buf *out, const struct command *command, const json_t *row,
                    unsigned number)
{
    struct xml xml = {.out = out, .depth = 1, .open = {{"x", NS_DATA}}};
    if (command->shape == SHAPE_TABLE)
        write_row(&xml, command, row, number);
    else if (command->fields)
        write_card(&xml, command, row);
}

void adhoc_rows_write(struct xml *xml, const struct command *command, const struct buf *rows)
{
    struct buf title = BUF_INIT, form_type = BUF_INIT;
    adhoc_title(command, &title);
    adhoc_node(command, &form_type);
    xml_open(xml, "x", NS_DATA);
    xml_attr_text(xml, "type", "result");
    xml_element(xml, "title", NULL, buf_span(&title));
    form_write_field(xml, "FORM_TYPE", "hidden", NULL, buf_span(&form_type));
    xml_raw(xml, buf_span(rows));
    xml_close(xml);
    buf_free(&title);
    buf_free(&form_type);
}
