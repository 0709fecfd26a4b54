#include "show.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cell.h"
#include "coven/mem.h"

#define SAMPLE   1000 /* rows that decide about the widths of columns */
#define GAP      2    /* between columns */
#define WIDEST   40   /* column */
#define WIDTH    80   /* of a terminal that does not say */
#define ELLIPSIS "\xE2\x80\xA6"

static size_t field_count(const struct command *command)
{
    size_t count = 0;
    while (command->fields && command->fields[count].name)
        count++;
    return count;
}

struct show show_begin(const struct command *command, bool json)
{
    return (struct show){.command = command,
                         .json = json,
                         .terminal = isatty(STDOUT_FILENO) != 0,
                         .rows = json_array()};
}

static void end_progress(struct show *show)
{
    if (show->progress)
        fputs("\r\033[K", stderr);
    show->progress = false;
}

void show_progress(struct show *show, int64_t done, int64_t of)
{
    if (!isatty(STDERR_FILENO))
        return;
    fprintf(stderr, "\r\033[K%" PRId64 " of %" PRId64, done, of);
    fflush(stderr);
    show->progress = true;
}

void show_error(const char *format, ...)
{
    struct buf line = BUF_INIT;
    char *text = NULL;
    va_list args;
    va_start(args, format);
    if (vasprintf(&text, format, args) < 0)
        mem_exhausted();
    va_end(args);
    cell_text(&line, text);
    fprintf(stderr, "covenctl: %s\n", line.data ? line.data : "");
    buf_free(&line);
    free(text);
}

/* ---- Tables for people ---- */

static struct buf cell_of(const struct command_field *field, const json_t *row)
{
    struct buf text = BUF_INIT;
    cell_write(&text, json_object_get(row, field->name), field->type, true);
    return text;
}

static size_t terminal_width(void)
{
    struct winsize size;
    bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : WIDTH;
}

static size_t *measure(const struct show *show)
{
    size_t count = field_count(show->command), i;
    size_t *widths = mem_new((count + 1) * sizeof *widths);
    json_t *row;
    for (size_t at = 0; at < count; at++)
        widths[at] = cell_width(span_of(show->command->fields[at].label));
    json_array_foreach(show->rows, i, row)
    {
        for (size_t at = 0; at < count; at++) {
            struct buf text = cell_of(&show->command->fields[at], row);
            size_t width = cell_width(buf_span(&text));
            width = width < WIDEST ? width : WIDEST;
            widths[at] = width > widths[at] ? width : widths[at];
            buf_free(&text);
        }
    }
    return widths;
}

static bool is_number(enum command_type type)
{
    return type == TYPE_NUMBER || type == TYPE_BYTES;
}

static void put_spaces(struct buf *line, size_t count)
{
    while (count-- > 0)
        buf_add_char(line, ' ');
}

static void put_cell(struct buf *line, struct span text, size_t width, bool right)
{
    size_t own = cell_width(text);
    if (right && own < width)
        put_spaces(line, width - own);
    if (own > width) {
        buf_add(line, text.at, cell_cut(text, width - 1));
        buf_add_text(line, ELLIPSIS);
    } else {
        buf_add_span(line, text);
    }
    if (!right && own < width)
        put_spaces(line, width - own);
}

/* What does not fit into the terminal is cut off: a broken table cannot be read. */
static void put_line(struct buf *line, size_t width)
{
    while (line->len > 0 && line->data[line->len - 1] == ' ')
        buf_cut(line, line->len - 1);
    if (cell_width(buf_span(line)) > width) {
        buf_cut(line, cell_cut(buf_span(line), width - 1));
        buf_add_text(line, ELLIPSIS);
    }
    puts(line->data ? line->data : "");
}

/* `row` NULL: the heading. */
static void put_row(const struct show *show, const json_t *row)
{
    struct buf line = BUF_INIT;
    const struct command_field *field = show->command->fields;
    for (size_t i = 0; field[i].name; i++) {
        struct buf text = BUF_INIT;
        if (row)
            text = cell_of(&field[i], row);
        else
            buf_add_text(&text, field[i].label);
        if (i > 0)
            put_spaces(&line, GAP);
        put_cell(&line, buf_span(&text), show->widths[i], is_number(field[i].type));
        buf_free(&text);
    }
    put_line(&line, terminal_width());
    buf_free(&line);
}

static void put_rows(struct show *show)
{
    size_t i;
    json_t *row;
    if (!show->widths && json_array_size(show->rows) > 0) {
        show->widths = measure(show);
        put_row(show, NULL);
    }
    json_array_foreach(show->rows, i, row)
    {
        put_row(show, row);
    }
    json_array_clear(show->rows);
}

/* ---- Cards, and lines for programs ---- */

static void put_card(const struct show *show, const json_t *row)
{
    const struct command_field *field = show->command->fields;
    size_t widest = 0;
    for (size_t i = 0; field[i].name; i++) {
        size_t width = cell_width(span_of(field[i].label));
        widest = width > widest ? width : widest;
    }
    for (; field->name; field++) {
        struct buf line = BUF_INIT, text = cell_of(field, row);
        put_cell(&line, span_of(field->label), widest + GAP, false);
        buf_add_span(&line, buf_span(&text));
        if (text.len > 0)
            puts(line.data);
        buf_free(&text);
        buf_free(&line);
    }
}

static void put_tabs(const struct show *show, const json_t *row)
{
    struct buf line = BUF_INIT;
    const struct command_field *field = show->command->fields;
    for (size_t i = 0; field[i].name; i++) {
        if (i > 0)
            buf_add_char(&line, '\t');
        cell_write(&line, json_object_get(row, field[i].name), field[i].type, false);
    }
    puts(line.data ? line.data : "");
    buf_free(&line);
}

/* A terminal would obey some characters that JSON need not escape. */
static void put_json(const struct show *show, json_t *row)
{
    json_dumpf(row, stdout, JSON_COMPACT | (show->terminal ? JSON_ENSURE_ASCII : 0));
    putchar('\n');
}

void show_row(struct show *show, json_t *row)
{
    show->count++;
    end_progress(show);
    if (show->json)
        put_json(show, row);
    else if (show->command->shape == SHAPE_CARD)
        put_card(show, row);
    else if (!show->terminal)
        put_tabs(show, row);
    else
        json_array_append(show->rows, row);
    if (show->terminal && json_array_size(show->rows) >= (show->widths ? 1 : SAMPLE))
        put_rows(show);
}

void show_flush(struct show *show)
{
    end_progress(show);
    put_rows(show);
    fflush(stdout);
}

void show_end(struct show *show, bool done)
{
    show_flush(show);
    if (done && show->terminal && !show->json && show->count == 0)
        puts(show->command->none ? show->command->none : "Done.");
    json_decref(show->rows);
    free(show->widths);
}
