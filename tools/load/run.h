/* A run: all connect and join, the work is done and measured, and what is due is waited for. */
#ifndef LOAD_RUN_H
#define LOAD_RUN_H

#include <stdbool.h>

#include "coven/buf.h"
#include "options.h"
#include "report.h"
#include "series.h"

/* False: one line of `why`. The report and the series hold what was measured until then. */
bool run_all(const struct options *options, struct report *report, struct series *series,
             struct buf *why);

#endif
