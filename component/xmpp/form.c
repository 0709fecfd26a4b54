#include "coven/form.h"

#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stanza.h"

static size_t children_count(xmpp_stanza_t *element, const char *name)
{
    size_t count = 0;
    xmpp_stanza_t *child = stanza_child(element, name, NS_DATA);
    for (; child; child = stanza_next(child, name, NS_DATA))
        count++;
    return count;
}

static void field_free(struct form_field *field)
{
    for (size_t i = 0; i < field->value_count; i++)
        free(field->values[i]);
    free(field->values);
    free(field->var);
}

static struct form_field field_read(xmpp_stanza_t *element)
{
    struct form_field field = {.var = mem_string(stanza_attr(element, "var"))};
    field.value_count = children_count(element, "value");
    field.values = mem_new(field.value_count * sizeof *field.values);
    xmpp_stanza_t *value = stanza_child(element, "value", NS_DATA);
    for (size_t i = 0; i < field.value_count; i++) {
        field.values[i] = stanza_text(value);
        value = stanza_next(value, "value", NS_DATA);
    }
    return field;
}

static bool type_read(xmpp_stanza_t *x, enum form_type *type_r)
{
    static const char *const names[] = {[FORM_SUBMIT] = "submit", [FORM_CANCEL] = "cancel"};
    const char *type = stanza_attr(x, "type");
    for (size_t i = 0; type && i < sizeof names / sizeof *names; i++) {
        if (strcmp(type, names[i]) == 0) {
            *type_r = (enum form_type)i;
            return true;
        }
    }
    return false;
}

/* A fixed field is text for people; some clients send it back, with or without its type. */
static bool field_is_idle(xmpp_stanza_t *field)
{
    const char *type = stanza_attr(field, "type");
    return !stanza_attr(field, "var") && (!type || strcmp(type, "fixed") == 0);
}

static bool fields_are_good(xmpp_stanza_t *x)
{
    size_t values = 0;
    if (children_count(x, "field") > FORM_FIELDS_MAX)
        return false;
    xmpp_stanza_t *field = stanza_child(x, "field", NS_DATA);
    for (; field; field = stanza_next(field, "field", NS_DATA)) {
        values += children_count(field, "value");
        if (values > FORM_VALUES_MAX || !(stanza_attr(field, "var") || field_is_idle(field)))
            return false;
    }
    return true;
}

/* The place for the field; an earlier one with the same var is freed. */
static struct form_field *field_slot(struct form *form, const char *var)
{
    struct form_field *field = (struct form_field *)form_field(form, var);
    if (!field)
        return &form->fields[form->field_count++];
    field_free(field);
    return field;
}

bool form_read(xmpp_stanza_t *x, struct form *form_r)
{
    struct form form = {0};
    if (!stanza_is(x, "x", NS_DATA) || !type_read(x, &form.type) || !fields_are_good(x))
        return false;
    form.fields = mem_new(children_count(x, "field") * sizeof *form.fields);
    xmpp_stanza_t *field = stanza_child(x, "field", NS_DATA);
    for (; field; field = stanza_next(field, "field", NS_DATA))
        if (!field_is_idle(field))
            *field_slot(&form, stanza_attr(field, "var")) = field_read(field);
    *form_r = form;
    return true;
}

void form_free(struct form *form)
{
    for (size_t i = 0; i < form->field_count; i++)
        field_free(&form->fields[i]);
    free(form->fields);
    *form = (struct form){0};
}

const struct form_field *form_field(const struct form *form, const char *var)
{
    for (size_t i = 0; i < form->field_count; i++)
        if (strcmp(form->fields[i].var, var) == 0)
            return &form->fields[i];
    return NULL;
}

const char *form_field_value(const struct form_field *field)
{
    return field->value_count > 0 ? field->values[0] : "";
}

const char *form_form_type(const struct form *form)
{
    const struct form_field *field = form_field(form, "FORM_TYPE");
    return field ? form_field_value(field) : NULL;
}

bool form_boolean(const char *value, bool *value_r)
{
    bool is_true = strcmp(value, "1") == 0 || strcmp(value, "true") == 0;
    if (!is_true && strcmp(value, "0") != 0 && strcmp(value, "false") != 0)
        return false;
    *value_r = is_true;
    return true;
}

void form_write_open(struct xml *xml, const char *type, const char *form_type)
{
    xml_open(xml, "x", NS_DATA);
    xml_attr_text(xml, "type", type);
    form_write_field(xml, "FORM_TYPE", "hidden", NULL, span_of(form_type));
}

void form_write_open_titled(struct xml *xml, const char *form_type, struct span title,
                            const char *instructions)
{
    xml_open(xml, "x", NS_DATA);
    xml_attr_text(xml, "type", "form");
    xml_element(xml, "title", NS_DATA, title);
    xml_element(xml, "instructions", NS_DATA, span_of(instructions));
    form_write_field(xml, "FORM_TYPE", "hidden", NULL, span_of(form_type));
}

void form_write_fixed(struct xml *xml, const char *text)
{
    form_write_field(xml, NULL, "fixed", NULL, span_of(text));
}

void form_write_field(struct xml *xml, const char *var, const char *type, const char *label,
                      struct span value)
{
    form_write_field_open(xml, var, type, label);
    form_write_value(xml, value);
    xml_close(xml);
}

void form_write_field_open(struct xml *xml, const char *var, const char *type, const char *label)
{
    xml_open(xml, "field", NS_DATA);
    xml_attr_text(xml, "var", var);
    xml_attr_text(xml, "type", type);
    xml_attr_text(xml, "label", label);
}

void form_write_help(struct xml *xml, const char *text)
{
    xml_element(xml, "desc", NS_DATA, span_of(text));
}

static void validate_open(struct xml *xml, const char *datatype)
{
    xml_open(xml, "validate", NS_VALIDATE);
    xml_attr_text(xml, "datatype", datatype);
}

void form_write_datatype(struct xml *xml, const char *datatype)
{
    validate_open(xml, datatype);
    xml_element(xml, "basic", NULL, span_of(""));
    xml_close(xml);
}

void form_write_range(struct xml *xml, unsigned max)
{
    validate_open(xml, "xs:integer");
    xml_open(xml, "range", NULL);
    xml_attr_number(xml, "min", 0);
    xml_attr_number(xml, "max", max);
    xml_close(xml);
    xml_close(xml);
}

void form_write_open_values(struct xml *xml)
{
    validate_open(xml, "xs:string");
    xml_element(xml, "open", NULL, span_of(""));
    xml_close(xml);
}

void form_write_option(struct xml *xml, const char *label, struct span value)
{
    xml_open(xml, "option", NS_DATA);
    xml_attr_text(xml, "label", label);
    form_write_value(xml, value);
    xml_close(xml);
}

void form_write_value(struct xml *xml, struct span value)
{
    xml_element(xml, "value", NS_DATA, value);
}
