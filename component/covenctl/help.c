#include "help.h"

#include <ctype.h>
#include <stdio.h>

#include "wrap.h"

#define COLUMN    39 /* of the summary, behind a command with its arguments */
#define INDENT    16 /* behind "usage: covenctl " */
#define ARGUMENTS 19 /* the column of what an argument means */

static const char head[] =
    "usage: covenctl [--socket PATH] [--json] COMMAND [ARGUMENT...]\n"
    "       covenctl [--socket PATH] [--json] [--keep-going] --batch FILE\n"
    "       covenctl COMMAND --help\n"
    "\n"
    "Administers the rooms of a covend that runs on this machine.\n"
    "A ROOM is a name, such as lobby, or an address, such as\n"
    "lobby@conference.example.org. A JID is the address of a user, such as\n"
    "juliet@example.org, and where that is said a domain for all of its users.\n";

static const char tail[] =
    "\n"
    "Options\n"
    "  --socket PATH   the socket of covend (default: $COVEN_SOCKET, else\n"
    "                  /run/coven/control.sock)\n"
    "  --json          one JSON object a line, for programs\n"
    "  --batch FILE    runs the commands in FILE (- for stdin), one a line with quotes\n"
    "                  as in a shell, up to the first that fails; with --keep-going\n"
    "                  all of them; # begins a comment\n"
    "  --version, --help\n"
    "\n"
    "Exit status: 0 done, 1 refused or failed, 2 wrong usage, 3 covend cannot be\n"
    "reached.\n"
    "\n"
    "Some tasks\n"
    "  all rooms, hidden ones too  covenctl rooms --limit 0\n"
    "  how many rooms there are    covenctl stats\n"
    "  the largest rooms           covenctl rooms --sort occupants --limit 10\n"
    "  rooms in which nobody is    covenctl rooms --state empty\n"
    "  rooms of a user             covenctl user JID\n"
    "  many rooms at once          covenctl --batch FILE\n"
    "  rooms that nobody uses      covenctl destroy-rooms --unused 365 --dry-run\n"
    "  a room lost its owners      covenctl affiliation ROOM JID owner\n"
    "  ban somebody from a room    covenctl affiliation ROOM JID outcast\n"
    "  end a ban                   covenctl affiliation ROOM JID none\n"
    "  who is banned from a room   covenctl affiliations ROOM outcast\n"
    "  take somebody's voice       covenctl role ROOM NICK visitor\n"
    "  rooms that nobody owns      covenctl rooms --owner conference.example.org\n"
    "  reserve a nickname          covenctl affiliation ROOM JID member --nick NICK\n"
    "  end that                    covenctl affiliation ROOM JID member --nick ''\n"
    "  hide a room                 covenctl set ROOM publicroom=0\n"
    "  let only members enter      covenctl set ROOM membersonly=1\n"
    "  change a room's password    covenctl set ROOM roomsecret=WORD\n"
    "  see a room's password       covenctl get ROOM roomsecret\n"
    "  keep a room nobody is in    covenctl set ROOM persistentroom=1\n"
    "  tell everybody something    covenctl announce 'TEXT OF SEVERAL WORDS'\n"
    "  keep a spammer out          covenctl deny JID --for 7d (without --for: for good)\n"
    "  end that                    covenctl allow JID\n"
    "  delete what he wrote        covenctl purge JID (this also ends bans of rooms)\n";

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

/* What stands for the value: the argument's name, where only that tells its place. */
static void write_word(struct buf *out, const struct command_argument *argument)
{
    static const char *const words[] = {
        [ARGUMENT_TEXT] = "TEXT",
        [ARGUMENT_ROOM] = "ROOM",
        [ARGUMENT_NEW_ROOM] = "ROOM",
        [ARGUMENT_USER] = "JID",
        [ARGUMENT_ADDRESS] = "JID",
        [ARGUMENT_NUMBER] = "N",
        [ARGUMENT_VENUE] = "ROOM",
        [ARGUMENT_DURATION] = "TIME",
        [ARGUMENT_SETTING] = "OPTION=VALUE",
    };
    bool by_place = !argument->named && !argument->many;
    if (argument->kind == ARGUMENT_FLAG)
        return;
    if (by_place || argument->kind == ARGUMENT_WORD)
        write_upper(out, argument->name);
    else
        buf_add_text(out, words[argument->kind]);
    buf_add_text(out, argument->many ? "..." : "");
}

static void write_argument(struct buf *out, const struct command_argument *argument)
{
    if (argument->named) {
        buf_add_text(out, "--");
        help_write_name(out, argument->name);
        buf_add_text(out, argument->kind == ARGUMENT_FLAG ? "" : " ");
    }
    write_word(out, argument);
}

static void write_optional(struct buf *out, const struct command_argument *argument)
{
    buf_add_text(out, argument->required ? " " : " [");
    write_argument(out, argument);
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
        if (!argument->named || named)
            write_optional(out, argument);
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
    printf("%s ", line.data);
    wrap_print(command->summary, line.len + 1, COLUMN + 1);
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

static void write_words(struct buf *out, const struct command_argument *argument)
{
    for (size_t i = 0; argument->words && argument->words[i]; i++)
        buf_printf(out, "%s%s", i == 0 ? " One of: " : ", ", argument->words[i]);
    buf_add_text(out, argument->words ? "." : "");
}

static void print_argument(const struct command_argument *argument)
{
    struct buf name = BUF_INIT, help = BUF_INIT;
    write_argument(&name, argument);
    buf_add_text(&help, argument->help);
    write_words(&help, argument);
    printf("  %-*s", ARGUMENTS - 2, name.data);
    wrap_print(help.data, ARGUMENTS, ARGUMENTS);
    buf_free(&name);
    buf_free(&help);
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
    printf("usage: covenctl ");
    wrap_print(line.data, INDENT, INDENT);
    buf_clear(&line);
    buf_printf(&line, "%c%s.%s%s", toupper((unsigned char)*command->summary), command->summary + 1,
               command->help ? " " : "", command->help ? command->help : "");
    puts("");
    wrap_print(line.data, 0, 0);
    buf_free(&line);
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
    struct buf text = BUF_INIT;
    if (argument->named) {
        help_write_name(&text, argument->name);
        buf_add_text(&text, argument->kind == ARGUMENT_FLAG ? "" : " Ar ");
    }
    write_word(&text, argument);
    printf(".It %s %s\n", argument->named ? "Fl Fl" : "Ar", text.data);
    put_text(argument->help);
    puts("");
    for (size_t i = 0; argument->words && argument->words[i]; i++)
        printf("%s%s%s", i == 0 ? "One of " : " ", argument->words[i],
               argument->words[i + 1] ? "," : ".\n");
    buf_free(&text);
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
