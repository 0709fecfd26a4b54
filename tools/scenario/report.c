#include "report.h"

#include <errno.h>
#include <stdio.h>

#include "coven/xml.h"

static int count_verdicts(const struct trials *trials, enum verdict verdict)
{
    int count = 0;
    for (int i = 0; i < trials->count; i++)
        count += trials->all[i].verdict == verdict;
    return count;
}

/* ---- TAP ---- */

void report_begin(const struct trials *trials)
{
    printf("TAP version 13\n1..%d\n", trials->count);
}

/* In TAP a # begins a directive. */
static void print_title(const char *title)
{
    for (; *title; title++)
        printf(*title == '#' || *title == '\\' ? "\\%c" : "%c", *title);
}

/* Text of scripts and servers goes to a terminal, without its control characters. */
static void print_plain(const char *at, const char *end)
{
    for (; at < end; at++)
        putchar((unsigned char)*at < ' ' && *at != '\t' ? '?' : *at);
    putchar('\n');
}

static void print_comments(struct span text)
{
    const char *at = text.at, *end = text.at + text.len;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (!stop)
            stop = end;
        fputs("# ", stdout);
        print_plain(at, stop);
        at = stop + 1;
    }
}

void report_trial(int number, const struct trial *trial)
{
    printf("%s %d - ", trial->verdict == VERDICT_FAILED ? "not ok" : "ok", number);
    print_title(trial_title(trial));
    if (trial->script)
        printf(" (%s)", trial->path);
    if (trial->verdict == VERDICT_SKIPPED)
        printf(" # SKIP %s", trial->skip_reason);
    putchar('\n');
    print_comments(buf_span(&trial->text));
    fflush(stdout);
}

bool report_end(const struct trials *trials)
{
    int failed = count_verdicts(trials, VERDICT_FAILED);
    printf("# %d passed, %d failed, %d skipped\n", count_verdicts(trials, VERDICT_PASSED), failed,
           count_verdicts(trials, VERDICT_SKIPPED));
    return failed == 0;
}

/* ---- JUnit ---- */

static void add_result(struct xml *xml, const struct trial *trial)
{
    struct span text = buf_span(&trial->text);
    if (trial->verdict == VERDICT_SKIPPED) {
        xml_open(xml, "skipped", NULL);
        xml_attr_text(xml, "message", trial->skip_reason);
        xml_close(xml);
    } else if (trial->verdict == VERDICT_FAILED) {
        xml_open(xml, "failure", NULL);
        xml_attr(xml, "message", (struct span){text.at, strcspn(text.at, "\n")});
        xml_text(xml, text);
        xml_close(xml);
    } else if (text.len) {
        xml_element(xml, "system-out", NULL, text);
    }
}

static void add_case(struct xml *xml, const struct trial *trial)
{
    char seconds[32];
    snprintf(seconds, sizeof seconds, "%.3f", (double)trial->ms / 1000);
    xml_open(xml, "testcase", NULL);
    xml_attr_text(xml, "classname", trial->path);
    xml_attr_text(xml, "name", trial_title(trial));
    xml_attr_text(xml, "time", seconds);
    add_result(xml, trial);
    xml_close(xml);
}

static void write_junit(struct buf *out, const struct trials *trials)
{
    struct xml xml = xml_to(out);
    buf_add_text(out, "<?xml version='1.0' encoding='UTF-8'?>\n");
    xml_open(&xml, "testsuite", NULL);
    xml_attr_text(&xml, "name", "coven-scenario");
    xml_attr_number(&xml, "tests", trials->count);
    xml_attr_number(&xml, "failures", count_verdicts(trials, VERDICT_FAILED));
    xml_attr_number(&xml, "skipped", count_verdicts(trials, VERDICT_SKIPPED));
    for (int i = 0; i < trials->count; i++)
        add_case(&xml, &trials->all[i]);
    xml_close(&xml);
    buf_add_char(out, '\n');
}

bool report_junit(const struct trials *trials, const char *path)
{
    struct buf out = BUF_INIT;
    FILE *file = fopen(path, "we");
    write_junit(&out, trials);
    bool ok = file && fwrite(out.data, 1, out.len, file) == out.len;
    if (file && fclose(file) != 0)
        ok = false;
    if (!ok)
        fprintf(stderr, "coven-scenario: %s: %s\n", path, strerror(errno));
    buf_free(&out);
    return ok;
}
