#include "plot.h"

#include <stddef.h>

/* In pixels. */
#define WIDTH  800
#define PANEL  220
#define LEFT   90
#define RIGHT  20
#define TOP    50
#define GAP    50
#define INNER  (WIDTH - LEFT - RIGHT)
#define HEIGHT (TOP + 2 * (PANEL + GAP))

struct plot_line {
    const char *name, *colour;
    size_t offset; /* of the value in a sample */
};

struct plot_panel {
    const char *unit;
    int line_count;
    struct plot_line lines[2];
};

static const struct plot_panel panels[] = {
    {"copies/s", 1, {{"copies/s", "#1f6feb", offsetof(struct sample, copies_s)}}},
    {"ms",
     2,
     {{"p50", "#2da44e", offsetof(struct sample, p50_ms)},
      {"p99", "#cf222e", offsetof(struct sample, p99_ms)}}},
};

static double value_of(const struct sample *sample, const struct plot_line *line)
{
    return *(const double *)(const void *)((const char *)sample + line->offset);
}

double plot_top(double value)
{
    static const double steps[] = {1, 2, 5};
    double scale = 1e-3;
    for (;; scale *= 10)
        for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
            if (steps[i] * scale >= value || scale > 1e15)
                return steps[i] * scale;
}

static double panel_top(const struct plot_panel *panel, const struct series *series)
{
    double most = 0;
    for (size_t i = 0; i < series->count; i++)
        for (int k = 0; k < panel->line_count; k++) {
            double value = value_of(&series->samples[i], &panel->lines[k]);
            most = value > most ? value : most;
        }
    return plot_top(most);
}

static void draw_grid(const struct plot_panel *panel, double top, double seconds, int y,
                      struct buf *out)
{
    for (int i = 0; i <= 4; i++) {
        double at = y + PANEL - PANEL * i / 4.0;
        buf_printf(out, "<path d='M%d %.1fh%d' stroke='#d0d7de'/>", LEFT, at, INNER);
        buf_printf(out, "<text x='%d' y='%.1f' text-anchor='end'>%g</text>\n", LEFT - 8, at + 4,
                   top * i / 4);
    }
    for (int i = 0; i <= 5; i++)
        buf_printf(out, "<text x='%.1f' y='%d' text-anchor='middle'>%.3g s</text>\n",
                   LEFT + INNER * i / 5.0, y + PANEL + 18, seconds * i / 5);
    buf_printf(out, "<text x='%d' y='%d'>%s</text>\n", LEFT, y - 8, panel->unit);
}

static void draw_line(const struct plot_line *line, const struct series *series, double top,
                      double seconds, int y, struct buf *out)
{
    buf_printf(out, "<polyline fill='none' stroke='%s' stroke-width='1.5' points='", line->colour);
    for (size_t i = 0; i < series->count; i++) {
        const struct sample *sample = &series->samples[i];
        buf_printf(out, "%.1f,%.1f ", LEFT + INNER * sample->at_s / seconds,
                   y + PANEL - PANEL * value_of(sample, line) / top);
    }
    buf_add_text(out, "'/>\n");
}

static void draw_panel(const struct plot_panel *panel, const struct series *series, double seconds,
                       int y, struct buf *out)
{
    double top = panel_top(panel, series);
    draw_grid(panel, top, seconds, y, out);
    for (int k = 0; k < panel->line_count; k++) {
        const struct plot_line *line = &panel->lines[k];
        draw_line(line, series, top, seconds, y, out);
        buf_printf(out, "<text x='%d' y='%d' fill='%s' text-anchor='end'>%s</text>\n",
                   WIDTH - RIGHT - 60 * (panel->line_count - 1 - k), y - 8, line->colour,
                   line->name);
    }
}

void plot_draw(const struct series *series, const char *title, struct buf *out)
{
    double seconds = series->count ? series->samples[series->count - 1].at_s : 1;
    buf_printf(out,
               "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' "
               "font-family='sans-serif' font-size='12'>\n"
               "<rect width='100%%' height='100%%' fill='white'/>\n"
               "<text x='%d' y='20' font-size='15'>%s</text>\n",
               WIDTH, HEIGHT, LEFT, title);
    for (size_t i = 0; i < sizeof panels / sizeof *panels; i++)
        draw_panel(&panels[i], series, seconds, TOP + (int)i * (PANEL + GAP), out);
    buf_add_text(out, "</svg>\n");
}
