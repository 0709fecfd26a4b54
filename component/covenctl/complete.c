#include "complete.h"

#include <stdio.h>
#include <string.h>

#include "coven/command.h"
#include "help.h"

static void print_commands(void)
{
    static const char *const options[] = {"--socket",     "--json",    "--batch",
                                          "--keep-going", "--version", "--help"};
    const struct command *command;
    for (size_t i = 0; (command = command_at(i)); i++)
        puts(command->name);
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        puts(options[i]);
}

static void print_words(const struct command_argument *argument)
{
    for (size_t i = 0; argument && argument->words && argument->words[i]; i++)
        puts(argument->words[i]);
}

static const struct command_argument *find_named(const struct command *command, const char *word)
{
    const struct command_argument *argument = command->arguments;
    for (; argument && argument->name; argument++) {
        struct buf name = BUF_INIT;
        buf_add_text(&name, "--");
        help_write_name(&name, argument->name);
        bool found = argument->named && strcmp(name.data, word) == 0;
        buf_free(&name);
        if (found)
            return argument;
    }
    return NULL;
}

static void print_named(const struct command *command)
{
    const struct command_argument *argument = command->arguments;
    for (; argument && argument->name; argument++) {
        struct buf name = BUF_INIT;
        help_write_name(&name, argument->name);
        if (argument->named)
            printf("--%s\n", name.data);
        buf_free(&name);
    }
    puts("--help");
}

/* The argument that stands at that place, counted from 0. */
static const struct command_argument *find_place(const struct command *command, int place)
{
    const struct command_argument *argument = command->arguments;
    for (; argument && argument->name; argument++) {
        if (!argument->named && place-- == 0)
            return argument;
    }
    return NULL;
}

/* Behind the command: `words` are those before the one to be completed. */
static void print_arguments(const struct command *command, int count, char *const *words)
{
    int places = 0;
    for (int i = 0; i < count; i++) {
        const struct command_argument *named = find_named(command, words[i]);
        bool wants = named && named->kind != ARGUMENT_FLAG;
        if (wants && i + 1 == count) {
            print_words(named);
            return;
        }
        i += wants;
        places += !named;
    }
    print_words(find_place(command, places));
    print_named(command);
}

void complete_print(int argc, char *const *argv)
{
    for (int i = 0; i + 1 < argc; i++) {
        const struct command *command = command_find(argv[i]);
        bool has_value = strcmp(argv[i], "--socket") == 0 || strcmp(argv[i], "--batch") == 0;
        if (command) {
            print_arguments(command, argc - i - 2, argv + i + 1);
            return;
        }
        i += has_value;
    }
    print_commands();
}
