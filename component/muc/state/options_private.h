/* A row of the table of options: shared by options_table.c, options_form.c and options_set.c. */
#ifndef MUC_OPTIONS_PRIVATE_H
#define MUC_OPTIONS_PRIVATE_H

#include <stddef.h>

#include "options.h"

enum option_kind { OPTION_BOOLEAN, OPTION_TEXT, OPTION_NUMBER, OPTION_CHOICE, OPTION_SET };

/* A value of a choice (numbered from 0) or of a set (a bit each). */
struct option_value {
    const char *value, *label;
};

struct room_option {
    const char *var;
    enum option_kind kind;
    const char *form_type;
    const char *label;
    const char *help;                  /* one sentence */
    size_t offset;                     /* in struct room_config */
    const struct option_value *values; /* ends with a NULL */
    int status[2];                     /* after a change to 0, and to any other value */
    const char *feature[2];            /* at 0, and at any other value */
    size_t limit;   /* offset in struct service_limits of a number's maximum; 0: no maximum */
    bool unlimited; /* 0 means "none" */
    const unsigned *choices;        /* of a number, in the form: ends with a 0 */
    const char *section;            /* title of the section of the form that begins here, or NULL */
    const char *datatype;           /* of a text (XEP-0122), or NULL */
    bool (*fits)(struct span text); /* whether a text that is not empty may be set; NULL: any may */
    const char *wants;              /* what fits, in words */
    const char *former;     /* name in earlier versions: taken from forms and from the store */
    const char *no_default; /* why the operator sets none for new rooms; NULL: may do so */
};

/* The option's member of a configuration: raw, as text, as number. An empty text counts as 0, any
 * other as 1. */
void *options_member(const struct room_option *option, const struct room_config *config);
const char **options_text(const struct room_option *option, const struct room_config *config);
unsigned options_number(const struct room_option *option, const struct room_config *config);

/* Writes which values the option takes, for people. */
void options_explain(const struct room_option *option, const struct service_limits *limits,
                     struct buf *why);

/* The service's maximum for the option; UINT_MAX when there is none. */
unsigned options_limit(const struct room_option *option, const struct service_limits *limits);

#endif
