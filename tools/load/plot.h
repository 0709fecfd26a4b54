/* Draws a series as SVG: copies a second above, latency below. */
#ifndef LOAD_PLOT_H
#define LOAD_PLOT_H

#include "coven/buf.h"
#include "series.h"

void plot_draw(const struct series *series, const char *title, struct buf *out);

/* The smallest round number (1, 2 or 5 and zeros) that is not below the value: the top of an axis.
 */
double plot_top(double value);

#endif
