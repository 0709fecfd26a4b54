/* Data forms (XEP-0004): reading a submitted form, writing a form to be filled in. */
#ifndef COVEN_FORM_H
#define COVEN_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <strophe.h>

#include "coven/span.h"
#include "coven/xml.h"

#define FORM_FIELDS_MAX 128 /* of a submitted form; a form with more is malformed */
#define FORM_VALUES_MAX 512 /* of all its fields together */

enum form_type { FORM_SUBMIT, FORM_CANCEL };

struct form_field {
    char *var;
    char **values;
    size_t value_count;
};

/* A submitted form. If fields have the same var, the last one counts. */
struct form {
    enum form_type type;
    struct form_field *fields;
    size_t field_count;
};

/*
 * Reads <x xmlns='jabber:x:data'>; the caller frees the form with form_free(). Text for people that
 * comes back, fields without var that are "fixed" or have no type, is skipped. False, and `*form_r`
 * untouched, when the form is malformed: a type other than submit or cancel, another field without
 * var, too many fields or values.
 */
bool form_read(xmpp_stanza_t *x, struct form *form_r);
void form_free(struct form *form);

/* The field with that var, or NULL. */
const struct form_field *form_field(const struct form *form, const char *var);

/* The field's first value, "" when it has none. */
const char *form_field_value(const struct form_field *field);

/* The value of FORM_TYPE, or NULL when there is none. */
const char *form_form_type(const struct form *form);

/* Reads "1", "true", "0" or "false". False for any other value. */
bool form_boolean(const char *value, bool *value_r);

/* Opens <x xmlns='jabber:x:data' type=TYPE> and writes the hidden FORM_TYPE. The caller closes the
 * element with xml_close(). */
void form_write_open(struct xml *xml, const char *type, const char *form_type);

/* The same for a form to be filled in, with a title and instructions for people. */
void form_write_open_titled(struct xml *xml, const char *form_type, struct span title,
                            const char *instructions);

/* Writes text for people between the fields, such as the heading of a section. */
void form_write_fixed(struct xml *xml, const char *text);

/* Writes a field with one value. `type` and `label` may be NULL. */
void form_write_field(struct xml *xml, const char *var, const char *type, const char *label,
                      struct span value);

/* Opens a field for values and options. The caller closes it with xml_close(). */
void form_write_field_open(struct xml *xml, const char *var, const char *type, const char *label);
void form_write_value(struct xml *xml, struct span value);

/* Write what the open field is about, and which values it takes (XEP-0122): those of a datatype,
 * whole numbers up to `max`, or others than its options. Before the values. */
void form_write_help(struct xml *xml, const char *text);
void form_write_datatype(struct xml *xml, const char *datatype);
void form_write_range(struct xml *xml, unsigned max);
void form_write_open_values(struct xml *xml);

/* Writes <option label><value/></option>; `label` may be NULL. */
void form_write_option(struct xml *xml, const char *label, struct span value);

#endif
