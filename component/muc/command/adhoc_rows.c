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

/* A table has a cell for each column; a card leaves out what there is not. */
static void write_row(struct xml *xml, const struct command *command, const json_t *row)
{
    bool card = command->shape == SHAPE_CARD;
    for (const struct command_field *field = command->fields; field && field->name; field++) {
        const json_t *value = json_object_get(row, field->name);
        if (card && !value)
            continue;
        form_write_field_open(xml, field->name, card ? type_of(field) : NULL,
                              card ? field->label : NULL);
        if (value)
            write_values(xml, value);
        else
            form_write_value(xml, span_of(""));
        xml_close(xml);
    }
}

void adhoc_rows_add(struct buf *out, const struct command *command, const json_t *row)
{
    struct xml xml = {.out = out, .depth = 1, .open = {{"x", NS_DATA}}};
    if (command->shape == SHAPE_TABLE)
        xml_open(&xml, "item", NULL);
    write_row(&xml, command, row);
    if (command->shape == SHAPE_TABLE)
        xml_close(&xml);
}

static void write_columns(struct xml *xml, const struct command *command)
{
    xml_open(xml, "reported", NULL);
    for (const struct command_field *field = command->fields; field && field->name; field++) {
        form_write_field_open(xml, field->name, type_of(field), field->label);
        xml_close(xml);
    }
    xml_close(xml);
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
    if (command->shape == SHAPE_TABLE)
        write_columns(xml, command);
    xml_raw(xml, buf_span(rows));
    xml_close(xml);
    buf_free(&title);
    buf_free(&form_type);
}
