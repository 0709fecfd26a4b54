/* The results, for machines and people: TAP (version 13) on stdout, JUnit XML in a file. */
#ifndef SCENARIO_REPORT_H
#define SCENARIO_REPORT_H

#include "trial.h"

void report_begin(const struct trials *trials);
void report_trial(int number, const struct trial *trial);
/* Prints the summary. True if no script failed. */
bool report_end(const struct trials *trials);

/* False, and one line on stderr: the file cannot be written. */
bool report_junit(const struct trials *trials, const char *path);

#endif
