/* Prints the table: a line for each attack. */
#ifndef ATTACK_REPORT_H
#define ATTACK_REPORT_H

#include "attempt.h"

void report_heading(void);
void report_line(const struct attempt *attempt);
/* Lists the attacks, all or the quick ones. */
void report_list(bool quick);

#endif
