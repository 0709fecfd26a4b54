#include "help.h"

#include <ctype.h>
#include <stdio.h>

#define COLUMN 46 /* of the summary, behind a command with its arguments */

static const char head[] =
    "usage: covenctl [--socket PATH] [--json] COMMAND [ARGUMENT...]\n"
    "       covenctl [--socket PATH] [--json] [--keep-going] --batch FILE\n"
    "       covenctl COMMAND --help\n"
    "\n"
    "Administers the rooms of a covend that runs on this machine.\n"
    "A ROOM is a name, such as lobby, or an address, such as lobby@conference.example.org.\n";

static const char tail[] =
    "\n"
    "Options\n"
    "  --socket PATH   the socket of covend (default: $COVEN_SOCKET, else\n"
    "                  /run/coven/control.sock)\n"
    "  --json          one JSON object a line, for programs\n"
    "  --batch FILE    runs the commands in FILE (- for stdin), one a line, up to the first that\n"
    "                  fails; with --keep-going all of them\n"
    "  --version, --help\n"
    "\n"
    "Exit status: 0 done, 1 refused or failed, 2 wrong usage, 3 covend cannot be reached.\n"
    "\n"
    "Some tasks\n"
    "  a room lost its owners       covenctl affiliation ROOM juliet@example.org owner\n"
    "  who is banned from a room    covenctl affiliations ROOM outcast\n"
    "  unban somebody               covenctl affiliation ROOM romeo@example.org none\n"
    "  take somebody's voice        covenctl role ROOM Romeo visitor\n"
    "  hide a room                  covenctl set ROOM publicroom=0\n"
    "  give a room a password       covenctl set ROOM passwordprotectedroom=1 roomsecret=WORD\n"
    "  reserve a nickname           covenctl affiliation ROOM JID member --nick Romeo\n"
    "  the largest rooms            covenctl rooms --sort occupants --limit 10\n"
    "  rooms of a user              covenctl user juliet@example.org\n"
    "  clean up                     covenctl destroy-rooms --unused 365 --dry-run\n"
    "  a spammer, everywhere        covenctl deny mallory@example.org; covenctl purge "
    "mallory@example.org\n"
    "  many rooms at once           covenctl --batch FILE, with lines such as: create team-1\n";

void help_write_name(struct buf *out, const char *name)
{
    for (; *name; name++)
        buf_add_char(out, *name == '_' ? '-' : *name);
}

static void write_upper(struct buf *out, const char *name)
{
    for (; *name; name++)
        buf_add_char(out, *name == '_' ? '-' : (char)toupper((unsigned char)*name));
}

/* ---- One line a command ---- */

static void write_place(struct buf *out, const struct command_argument *argument)
{
    buf_add_text(out, argument->required ? " " : " [");
    if (argument->kind == ARGUMENT_SETTING)
        buf_add_text(out, "OPTION=VALUE");
    else
        write_upper(out, argument->name);
    buf_add_text(out, argument->many ? "..." : "");
    buf_add_text(out, argument->required ? "" : "]");
}

static void write_named(struct buf *out, const struct command_argument *argument)
{
    buf_add_text(out, argument->required ? " --" : " [--");
    help_write_name(out, argument->name);
    if (argument->kind != ARGUMENT_FLAG) {
        buf_add_char(out, ' ');
        write_upper(out, argument->name);
    }
    buf_add_text(out, argument->required ? "" : "]");
}

/* The command with all that tells its place; `named`: and with what is named. */
static void write_synopsis(struct buf *out, const struct command *command, bool named)
{
    const struct command_argument *argument = command->arguments;
    bool more = false;
    buf_add_text(out, command->name);
    for (; argument && argument->name; argument++) {
        more = more || argument->named;
        if (!argument->named)
            write_place(out, argument);
        else if (named)
            write_named(out, argument);
    }
    if (more && !named)
        buf_add_text(out, " ...");
}

static void print_line(const struct command *command)
{
    struct buf line = BUF_INIT;
    buf_add_text(&line, "  ");
    write_synopsis(&line, command, false);
    while (line.len < COLUMN)
        buf_add_char(&line, ' ');
    printf("%s %s\n", line.data, command->summary);
    buf_free(&line);
}

void help_print(void)
{
    const struct command *command;
    int group = -1;
    fputs(head, stdout);
    for (size_t i = 0; (command = command_at(i)); i++) {
        if ((int)command_group_of(command) != group) {
            group = (int)command_group_of(command);
            printf("\n%s\n", command_group_title((enum command_group)group));
        }
        print_line(command);
    }
    fputs(tail, stdout);
}

/* ---- One command ---- */

static void print_argument(const struct command_argument *argument)
{
    struct buf name = BUF_INIT;
    buf_add_text(&name, "  ");
    if (argument->named) {
        buf_add_text(&name, "--");
        help_write_name(&name, argument->name);
    } else {
        write_upper(&name, argument->name);
    }
    printf("%-16s %s", name.data, argument->help);
    for (size_t i = 0; argument->words && argument->words[i]; i++)
        printf("%s%s", i == 0 ? " One of: " : ", ", argument->words[i]);
    puts(argument->words ? "." : "");
    buf_free(&name);
}

static void print_examples(const char *examples)
{
    puts("\nExamples:");
    while (*examples) {
        size_t len = strcspn(examples, "\n");
        printf("  covenctl %.*s\n", (int)len, examples);
        examples += len + (examples[len] == '\n');
    }
}

void help_command(const struct command *command)
{
    struct buf line = BUF_INIT;
    const struct command_argument *argument = command->arguments;
    write_synopsis(&line, command, true);
    printf("usage: covenctl %s\n\n", line.data);
    buf_free(&line);
    printf("%c%s.%s%s\n", toupper((unsigned char)*command->summary), command->summary + 1,
           command->help ? " " : "", command->help ? command->help : "");
    if (argument)
        puts("");
    for (; argument && argument->name; argument++)
        print_argument(argument);
    if (command->examples)
        print_examples(command->examples);
}

/* ---- The manual page ---- */

/* Quotes what mdoc would take for a request or an escape. */
static void put_text(const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", stdout);
    for (; *text; text++) {
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
    }
}

static void put_manual_argument(const struct command_argument *argument)
{
    struct buf name = BUF_INIT;
    help_write_name(&name, argument->name);
    if (argument->named && argument->kind == ARGUMENT_FLAG)
        printf(".It Fl Fl %s\n", name.data);
    else if (argument->named)
        printf(".It Fl Fl %s Ar %s\n", name.data, name.data);
    else
        printf(".It Ar %s\n", argument->kind == ARGUMENT_SETTING ? "option=value" : name.data);
    put_text(argument->help);
    puts("");
    for (size_t i = 0; argument->words && argument->words[i]; i++)
        printf("%s%s%s", i == 0 ? "One of " : " ", argument->words[i],
               argument->words[i + 1] ? "," : ".\n");
    buf_free(&name);
}

static void put_manual_command(const struct command *command)
{
    const struct command_argument *argument = command->arguments;
    struct buf line = BUF_INIT;
    write_synopsis(&line, command, false);
    printf(".It Nm covenctl Cm %s\n", line.data);
    buf_free(&line);
    printf("%c", toupper((unsigned char)*command->summary));
    put_text(command->summary + 1);
    puts(".");
    if (command->help) {
        put_text(command->help);
        puts("");
    }
    if (!argument)
        return;
    puts(".Bl -tag -width Ds");
    for (; argument->name; argument++)
        put_manual_argument(argument);
    puts(".El");
}

void help_manual(void)
{
    const struct command *command;
    int group = -1;
    for (size_t i = 0; (command = command_at(i)); i++) {
        if ((int)command_group_of(command) != group) {
            if (group >= 0)
                puts(".El");
            group = (int)command_group_of(command);
            printf(".Ss %s\n.Bl -tag -width Ds\n", command_group_title((enum command_group)group));
        }
        put_manual_command(command);
    }
    puts(".El");
}
