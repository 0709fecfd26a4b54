/* Data forms (XEP-0004): reading a submitted one, writing one to be filled in. */
#ifndef COVEN_FORM_H
#define COVEN_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <strophe.h>

#include "coven/span.h"
#include "coven/xml.h"

#define FORM_FIELDS_MAX 128 /* of a submitted form; more make it malformed */
#define FORM_VALUES_MAX 512 /* of all its fields together */

enum form_type { FORM_SUBMIT, FORM_CANCEL };

struct form_field {
    char *var;
    char **values;
    size_t value_count;
};

/* A submitted form. A field that comes twice counts as its last appearance. */
struct form {
    enum form_type type;
    struct form_field *fields;
    size_t field_count;
};

/*
 * Reads <x xmlns='jabber:x:data'>. False, and `*form_r` untouched, when it is malformed: no type,
 * one other than submit or cancel, a field without a var (fixed ones are passed over), too many
 * fields or values. The caller releases what it got with form_free().
 */
bool form_read(xmpp_stanza_t *x, struct form *form_r);
void form_free(struct form *form);

/* The field of that name, or NULL. */
const struct form_field *form_field(const struct form *form, const char *var);

/* The field's first value; "" when it has none. */
const char *form_field_value(const struct form_field *field);

/* The FORM_TYPE, or NULL when there is none. */
const char *form_form_type(const struct form *form);

/* "1", "true", "0", "false"; false for anything else. */
bool form_boolean(const char *value, bool *value_r);

/* Opens <x xmlns='jabber:x:data' type=TYPE> with its hidden FORM_TYPE; the caller closes it with
 * xml_close(). */
void form_write_open(struct xml *xml, const char *type, const char *form_type);

/* <field var type label><value/>…</field>; `type` and `label` may be NULL, values with no bytes are
 * written empty. */
void form_write_field(struct xml *xml, const char *var, const char *type, const char *label,
                      const struct span *values, size_t value_count);

/* One <option label><value/></option> of a list field that was opened by form_write_field_open().
 */
void form_write_option(struct xml *xml, const char *label, struct span value);
void form_write_field_open(struct xml *xml, const char *var, const char *type, const char *label);
void form_write_value(struct xml *xml, struct span value);

#endif
