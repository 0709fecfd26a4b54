/* How an option stands in the table: for the files that read options, set them and show them. */
#ifndef MUC_OPTIONS_PRIVATE_H
#define MUC_OPTIONS_PRIVATE_H

#include <stddef.h>

#include "options.h"

enum option_kind { OPTION_BOOLEAN, OPTION_TEXT, OPTION_NUMBER, OPTION_CHOICE, OPTION_SET };

/* The values of a choice (a number from 0) or of a set (a bit each). */
struct option_value {
    const char *value, *label;
};

struct room_option {
    const char *var;
    enum option_kind kind;
    const char *form_type;
    const char *label;
    size_t offset;                     /* in struct room_config */
    const struct option_value *values; /* ends with a NULL */
    int status[2];                     /* after a change to 0 and to anything else */
    const char *feature[2];            /* while it is 0, and otherwise */
    size_t limit;   /* of a number: which member of struct service_limits, not its first; 0: none */
    bool unlimited; /* a number that is 0 for "none" */
};

/* The option's member of a configuration, and the same by its type. A text counts as 0 when it is
 * empty. */
void *option_member(const struct room_option *option, const struct room_config *config);
const char **option_text(const struct room_option *option, const struct room_config *config);
unsigned option_number(const struct room_option *option, const struct room_config *config);

/* What the service allows at most, where it does not allow all. */
unsigned option_limit(const struct room_option *option, const struct service_limits *limits);

#endif
