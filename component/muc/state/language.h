/* Language tags (BCP 47, as the datatype xs:language has them), such as "en" or "pt-BR". */
#ifndef MUC_LANGUAGE_H
#define MUC_LANGUAGE_H

#include <stdbool.h>

#include "coven/span.h"

/* Returns whether the text has the form of a tag. Whether such a language exists is not checked. */
bool language_is_tag(struct span text);

#endif
