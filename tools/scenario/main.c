/* coven-scenario: plays scansion scripts against an XMPP server. */
#include <stdio.h>

#include "jobs.h"
#include "options.h"
#include "report.h"
#include "trial.h"

enum { EXIT_PASSED, EXIT_FAILED, EXIT_NOTHING_PLAYED };

static int play_all(struct trials *trials, const struct options *options)
{
    report_begin(trials);
    jobs_run(trials, options, report_trial);
    bool ok = report_end(trials);
    if (options->junit)
        ok = report_junit(trials, options->junit) && ok;
    return ok ? EXIT_PASSED : EXIT_FAILED;
}

static int run(const struct options *options)
{
    struct trials trials = {NULL, 0};
    int status = EXIT_NOTHING_PLAYED;
    if (trials_read(&trials, options)) {
        if (trials.count)
            status = play_all(&trials, options);
        else
            fprintf(stderr, "coven-scenario: no script (*.scs) found\n");
    }
    trials_free(&trials);
    return status;
}

int main(int argc, char **argv)
{
    static const int exits[] = {
        [OPTIONS_DONE] = EXIT_PASSED, [OPTIONS_WRONG] = EXIT_NOTHING_PLAYED};
    struct options options;
    enum options_result result = options_read(&options, argc, argv);
    int status = result == OPTIONS_PLAY ? run(&options) : exits[result];
    options_free(&options);
    return status;
}
