/* coven-attack: plays attackers and honest people, and reports what the honest people lose. */
#include <libxml/parser.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "attack.h"
#include "attempt.h"
#include "coven/mem.h"
#include "options.h"
#include "report.h"

enum { EXIT_WELL, EXIT_BROKEN, EXIT_USAGE };

/* Raises the limit of open files: each client needs one. */
static void allow_files(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
}

static bool run_one(const struct options *options, const struct attack *attack)
{
    struct attempt *attempt = mem_new(sizeof *attempt); /* too large for a stack */
    bool held = attempt_run(attempt, options, attack) && attempt->broken.len == 0;
    report_line(attempt);
    attempt_free(attempt);
    free(attempt);
    return held;
}

/* The next of the named attacks, or of all. */
static const struct attack *attack_next(const struct options *options, size_t *index)
{
    if (options->name_count)
        return *index < (size_t)options->name_count ? attack_find(options->names[(*index)++])
                                                    : NULL;
    const struct attack *attack = attack_at((*index)++);
    while (attack && options->quick && !attack->quick)
        attack = attack_at((*index)++);
    return attack;
}

static bool names_are_known(const struct options *options)
{
    for (int i = 0; i < options->name_count; i++) {
        if (attack_find(options->names[i]))
            continue;
        fprintf(stderr, "coven-attack: unknown attack %s; see --list\n", options->names[i]);
        return false;
    }
    return true;
}

static int run_all(const struct options *options)
{
    const struct attack *attack;
    bool held = true;
    size_t index = 0;
    signal(SIGPIPE, SIG_IGN);
    xmlInitParser();
    allow_files();
    if (!options->no_heading)
        report_heading();
    while ((attack = attack_next(options, &index)))
        held = run_one(options, attack) && held;
    return held ? EXIT_WELL : EXIT_BROKEN;
}

int main(int argc, char **argv)
{
    struct options options;
    enum arguments_result result = options_read(&options, argc, argv);
    int status = result == ARGUMENTS_DONE ? EXIT_WELL : EXIT_USAGE;
    if (result == ARGUMENTS_RUN && names_are_known(&options)) {
        status = EXIT_WELL;
        if (options.list)
            report_list(options.quick);
        else
            status = run_all(&options);
    }
    options_free(&options);
    return status;
}
