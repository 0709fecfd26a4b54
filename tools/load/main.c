/* coven-load: loads a Multi-User Chat service and counts what comes back. */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "options.h"
#include "plot.h"
#include "report.h"
#include "run.h"

enum { EXIT_WELL, EXIT_FAILED, EXIT_USAGE };

static bool write_file(const char *path, const struct buf *text)
{
    bool to_stdout = strcmp(path, "-") == 0;
    FILE *file = to_stdout ? stdout : fopen(path, "we");
    bool ok = file && fwrite(text->data, 1, text->len, file) == text->len;
    if (file && !to_stdout)
        ok = fclose(file) == 0 && ok;
    if (!ok)
        fprintf(stderr, "coven-load: cannot write %s\n", path);
    return ok;
}

static bool tell(const char *path, const struct report *report,
                 void (*write)(const struct report *report, struct buf *out))
{
    struct buf text = BUF_INIT;
    write(report, &text);
    bool ok = write_file(path, &text);
    buf_free(&text);
    return ok;
}

static bool draw(const struct options *options, const struct series *series)
{
    struct buf title = BUF_INIT, text = BUF_INIT;
    buf_printf(&title, "%s: %u x %u occupants, %u bytes", options->work_name, options->rooms,
               options->occupants, options->bytes);
    plot_draw(series, title.data, &text);
    bool ok = write_file(options->plot, &text);
    buf_free(&title);
    buf_free(&text);
    return ok;
}

static bool is_stdout(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

static bool tell_all(const struct options *options, const struct report *report,
                     const struct series *series)
{
    bool ok = true;
    if (!is_stdout(options->csv) && !is_stdout(options->json))
        ok = tell("-", report, report_table);
    if (options->csv)
        ok = tell(options->csv, report, report_csv) && ok;
    if (options->json)
        ok = tell(options->json, report, report_json) && ok;
    if (options->plot)
        ok = draw(options, series) && ok;
    return ok;
}

static int load(const struct options *options)
{
    struct report report;
    struct series series = {NULL, 0};
    struct buf why = BUF_INIT;
    signal(SIGPIPE, SIG_IGN);
    bool ok = run_all(options, &report, &series, &why);
    if (!ok)
        fprintf(stderr, "coven-load: %s\n", why.len ? why.data : "unknown error");
    else
        ok = tell_all(options, &report, &series);
    series_free(&series);
    buf_free(&why);
    return ok ? EXIT_WELL : EXIT_FAILED;
}

int main(int argc, char **argv)
{
    struct options options;
    enum arguments_result result = options_read(&options, argc, argv);
    int status = result == ARGUMENTS_DONE ? EXIT_WELL : EXIT_USAGE;
    if (result == ARGUMENTS_RUN)
        status = load(&options);
    options_free(&options);
    return status;
}
