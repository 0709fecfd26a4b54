#include "ctl.h"

#include <stdlib.h>
#include <string.h>

#include "coven/command.h"
#include "coven/mem.h"
#include "help.h"
#include "show.h"
#include "talk.h"

static int wrong(const struct command *command, const char *why)
{
    show_error("%s", why);
    show_error("see covenctl %s --help", command->name);
    return CTL_USAGE;
}

static int unknown(const char *name)
{
    show_error("there is no command \"%s\"; --help lists them", name);
    return CTL_USAGE;
}

/* Is the word among those before "--"? */
static bool has_option(int argc, char *const *argv, const char *option)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], option) == 0)
            return true;
    }
    return false;
}

static int help(int argc, char *const *argv)
{
    const struct command *command = argc > 0 ? command_find(argv[0]) : NULL;
    if (argc > 0 && !command)
        return unknown(argv[0]);
    if (command)
        help_command(command);
    else
        help_print();
    return CTL_DONE;
}

/* People write --json behind the command, too. */
static int run(const struct ctl *ctl, const struct command *command, int argc, char *const *argv)
{
    struct ctl own = *ctl;
    struct buf why = BUF_INIT;
    char **words = mem_new(((size_t)argc + 1) * sizeof *words);
    int count = 0;
    own.json = ctl->json || has_option(argc, argv, "--json");
    bool takes = own.json && !ctl->json;
    for (int i = 0; i < argc; i++) {
        bool is_json = takes && strcmp(argv[i], "--json") == 0;
        takes = takes && !is_json;
        if (!is_json)
            words[count++] = argv[i];
    }
    json_t *given = command_line_read(command, count, words, &why);
    int status = given ? talk(&own, command, given) : wrong(command, why.data);
    json_decref(given);
    buf_free(&why);
    free(words);
    return status;
}

int ctl_run(const struct ctl *ctl, int argc, char *const *argv)
{
    const struct command *command = command_find(argv[0]);
    if (strcmp(argv[0], "help") == 0)
        return help(argc - 1, argv + 1);
    if (!command)
        return unknown(argv[0]);
    if (has_option(argc - 1, argv + 1, "--help"))
        return help(1, argv);
    return run(ctl, command, argc - 1, argv + 1);
}
