/* covenctl: runs administrative commands in a covend that is running. */

#include <getopt.h>
#include <jansson.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "batch.h"
#include "complete.h"
#include "coven/mem.h"
#include "ctl.h"
#include "help.h"
#include "talk.h"

enum { SOCKET = 1, JSON, BATCH, KEEP_GOING, COMPLETE, MANUAL, VERSION, HELP };

static const struct option names[] = {
    {"socket", required_argument, NULL, SOCKET},
    {"json", no_argument, NULL, JSON},
    {"batch", required_argument, NULL, BATCH},
    {"keep-going", no_argument, NULL, KEEP_GOING},
    {"complete", no_argument, NULL, COMPLETE},
    {"manual", no_argument, NULL, MANUAL},
    {"version", no_argument, NULL, VERSION},
    {"help", no_argument, NULL, HELP},
    {NULL, 0, NULL, 0},
};

static int usage(const char *what)
{
    if (what)
        fprintf(stderr, "covenctl: %s\n", what);
    fputs("covenctl: --help lists the commands\n", stderr);
    return CTL_USAGE;
}

static int run_named(const struct ctl *ctl, int argc, char **argv)
{
    struct batch_tally tally = {0};
    if (ctl->batch)
        return argc > 0 ? usage("--batch takes no command beside it") : batch_run(ctl, &tally);
    return argc > 0 ? ctl_run(ctl, argc, argv) : usage("a command is missing");
}

/* An answer that is lost on its way to a file is a failure. */
static int written(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fputs("covenctl: cannot write the answer\n", stderr);
    return status == CTL_DONE ? CTL_FAILED : status;
}

/* NULL: not named. */
static const char *usual_socket(void)
{
    const char *path = getenv("COVEN_SOCKET");
    return path && *path ? path : NULL;
}

/* Options before the command are covenctl's own; those behind it belong to the command. */
int main(int argc, char **argv)
{
    struct ctl ctl = {.socket = usual_socket()};
    int option;
    json_set_alloc_funcs(mem_block, free);
    setlocale(LC_ALL, "");
    while ((option = getopt_long(argc, argv, "+hV", names, NULL)) != -1) {
        switch (option) {
        case SOCKET:
            ctl.socket = optarg;
            break;
        case JSON:
            ctl.json = true;
            break;
        case BATCH:
            ctl.batch = optarg;
            break;
        case KEEP_GOING:
            ctl.keep_going = true;
            break;
        case COMPLETE:
            complete_print(argc - optind, argv + optind);
            return CTL_DONE;
        case MANUAL:
            help_manual();
            return CTL_DONE;
        case VERSION:
        case 'V':
            puts("covenctl " COVEN_VERSION);
            return CTL_DONE;
        case HELP:
        case 'h':
            help_print();
            return CTL_DONE;
        default:
            return usage(NULL);
        }
    }
    return written(run_named(&ctl, argc - optind, argv + optind));
}
