#include "ctl.h"

#include <stdio.h>
#include <string.h>

#include "coven/command.h"
#include "help.h"
#include "talk.h"

static int wrong(const struct command *command, const char *why)
{
    fprintf(stderr, "covenctl: %s\ncovenctl: see covenctl %s --help\n", why, command->name);
    return CTL_USAGE;
}

static bool asks_for_help(int argc, char *const *argv)
{
    return argc > 0 && (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0);
}

int ctl_run(const struct ctl *ctl, int argc, char *const *argv)
{
    struct buf why = BUF_INIT;
    bool helps = strcmp(argv[0], "help") == 0;
    const char *name = helps && argc > 1 ? argv[1] : argv[0];
    const struct command *command = command_find(name);
    if (!command && helps) {
        help_print();
        return CTL_DONE;
    }
    if (!command) {
        fprintf(stderr, "covenctl: there is no command \"%s\"; --help lists them\n", name);
        return CTL_USAGE;
    }
    if (helps || asks_for_help(argc - 1, argv + 1)) {
        help_command(command);
        return CTL_DONE;
    }
    json_t *given = command_line_read(command, argc - 1, argv + 1, &why);
    int status = given ? talk(ctl, command, given) : wrong(command, why.data);
    json_decref(given);
    buf_free(&why);
    return status;
}
