/* What a command tells, as a form of results: a field for each value of a card, or for each row of
 * a table. */
#ifndef MUC_COMMAND_ADHOC_ROWS_H
#define MUC_COMMAND_ADHOC_ROWS_H

#include "coven/command.h"
#include "coven/xml.h"

/* Adds a row to `out`, as it stands in a form. Rows are numbered from 1. */
void adhoc_rows_add(struct buf *out, const struct command *command, const json_t *row,
                    unsigned number);

/* Writes the form with the rows that were added. */
void adhoc_rows_write(struct xml *xml, const struct command *command, const struct buf *rows);

#endif
