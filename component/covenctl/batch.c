#include "batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "show.h"

#define WORDS_MAX 1000

/* Does a backslash stand before this character to take its meaning away, as in a shell? */
static bool is_escape(char c, char quote)
{
    return c != '\0' && (!quote || (quote == '"' && (c == '"' || c == '\\')));
}

/* Copies a word to `to`, which is at or before it, without quotes and backslashes. Returns what
 * stands behind it; NULL: a quote is not closed. */
static char *take_word(char *from, char *to)
{
    char quote = '\0';
    for (; *from && (quote || !strchr(" \t\r\n", *from)); from++) {
        if (quote && *from == quote)
            quote = '\0';
        else if (!quote && (*from == '\'' || *from == '"'))
            quote = *from;
        else if (*from == '\\' && is_escape(from[1], quote))
            *to++ = *++from;
        else
            *to++ = *from;
    }
    bool more = *from != '\0';
    *to = '\0';
    return quote ? NULL : more ? from + 1 : from;
}

int batch_split(char *line, char **words, int most)
{
    int count = 0;
    for (;;) {
        line += strspn(line, " \t\r\n");
        if (*line == '\0' || *line == '#')
            return count;
        if (count == most)
            return -1;
        words[count++] = line;
        line = take_word(line, line);
        if (!line)
            return -1;
    }
}

static int run_line(const struct ctl *ctl, char *line, unsigned number)
{
    char *words[WORDS_MAX];
    int count = batch_split(line, words, WORDS_MAX);
    if (count == 0)
        return -1;
    int status = count < 0 ? CTL_USAGE : ctl_run(ctl, count, words);
    if (count < 0)
        show_error("a quote is not closed, or there are more than %d words", WORDS_MAX);
    if (status != CTL_DONE)
        show_error("%s:%u failed", ctl->batch, number);
    return status;
}

static int run_lines(const struct ctl *ctl, FILE *file, struct batch_tally *tally)
{
    char *line = NULL;
    size_t size = 0;
    int first = CTL_DONE;
    for (unsigned number = 1; getline(&line, &size, file) >= 0; number++) {
        int status = run_line(ctl, line, number);
        if (status < 0)
            continue;
        tally->done += status == CTL_DONE;
        tally->failed += status != CTL_DONE;
        first = first == CTL_DONE ? status : first;
        if (status == CTL_NOBODY || (status != CTL_DONE && !ctl->keep_going))
            break;
    }
    free(line);
    if (ferror(file)) {
        show_error("%s: %s", ctl->batch, strerror(errno));
        return first == CTL_DONE ? CTL_USAGE : first;
    }
    return first;
}

int batch_run(const struct ctl *ctl, struct batch_tally *tally)
{
    bool is_stdin = strcmp(ctl->batch, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(ctl->batch, "re");
    if (!file) {
        show_error("%s: %s", ctl->batch, strerror(errno));
        return CTL_USAGE;
    }
    int status = run_lines(ctl, file, tally);
    if (!is_stdin)
        fclose(file);
    show_error("%u done, %u failed", tally->done, tally->failed);
    return status;
}
