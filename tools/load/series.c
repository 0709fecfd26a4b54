#include "series.h"

#include <stdlib.h>

#include "coven/mem.h"

void series_add(struct series *series, const struct sample *sample)
{
    /* The size doubles when the count is a power of two. */
    if ((series->count & (series->count - 1)) == 0)
        series->samples =
            mem_resize(series->samples, (series->count ? 2 * series->count : 1) * sizeof *sample);
    series->samples[series->count++] = *sample;
}

void series_free(struct series *series)
{
    free(series->samples);
}
