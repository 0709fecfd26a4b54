/*
 * The administrative commands: one table. From it come covenctl with its help, its manual page and
 * the completion of the shell, the ad-hoc commands of XMPP clients (XEP-0050) and the requests of
 * HTTP. What a command does is in component/muc/command.
 */
#ifndef COVEN_COMMAND_H
#define COVEN_COMMAND_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "coven/buf.h"
#include "coven/span.h"

enum command_id {
    /* Rooms. */
    COMMAND_ROOMS,
    COMMAND_ROOM,
    COMMAND_OCCUPANTS,
    COMMAND_AFFILIATIONS,
    COMMAND_HISTORY,
    COMMAND_GET,
    COMMAND_CREATE,
    COMMAND_DESTROY,
    COMMAND_DESTROY_ROOMS,
    COMMAND_SET,
    COMMAND_RENAME,
    COMMAND_UNLOCK,
    COMMAND_SUBJECT,
    COMMAND_AFFILIATION,
    COMMAND_ROLE,
    COMMAND_KICK,
    COMMAND_INVITE,
    COMMAND_PURGE_ARCHIVE,
    /* People. */
    COMMAND_USER,
    COMMAND_EXPORT,
    COMMAND_DENIED,
    COMMAND_DENY,
    COMMAND_ALLOW,
    COMMAND_PURGE,
    /* The service. */
    COMMAND_STATS,
    COMMAND_TOP,
    COMMAND_ANNOUNCE,
    COMMAND_LOG_LEVEL,
    COMMAND_RELOAD,
    COMMAND_CHECK,
    COMMAND_BACKUP,
    COMMAND_STOP,
    COMMAND_COUNT,
    /* Between programs, over the control socket alone. */
    COMMAND_EXPORT_ROOMS = COMMAND_COUNT,
    COMMAND_IMPORT_ROOMS,
    COMMAND_ALL,
};

/* What a value looks like. Each may also be given as text; how it arrives after command_read() is
 * said here. */
enum command_kind {
    ARGUMENT_TEXT,     /* a string */
    ARGUMENT_ROOM,     /* the bare JID of a room that exists; a name alone is one of this service */
    ARGUMENT_NEW_ROOM, /* the same for a room that need not exist */
    ARGUMENT_USER,     /* a bare JID */
    ARGUMENT_VENUE,    /* the bare JID of a room anywhere; a name alone is one of this service */
    ARGUMENT_ADDRESS,  /* a bare JID, or a domain for all of its users; as text, one without a dot
                          has
                          '@' before it */
    ARGUMENT_NUMBER,   /* an integer from 0 to 999,999,999 */
    ARGUMENT_FLAG,     /* true or false */
    ARGUMENT_WORD,     /* one of the argument's words */
    ARGUMENT_DURATION, /* an integer, in seconds; as text with a unit: 90s, 15m, 12h, 30d, 4w */
    ARGUMENT_SETTING,  /* OPTION=VALUE, of a room's form; checked when the command runs */
};

struct command_argument {
    const char *name;  /* in JSON; on a command line with '-' instead of '_' */
    const char *label; /* in a form */
    const char *help;  /* one sentence */
    enum command_kind kind;
    bool required;
    bool named; /* on a command line: --NAME VALUE, or --NAME for a flag; else its place
                   tells what it is */
    bool many;  /* one or more values, in an array */
    const char *const *words; /* of ARGUMENT_WORD; ends with NULL */
};

/* A field of the rows that a command answers with. Rows may leave fields out. */
enum command_type {
    TYPE_TEXT,
    TYPE_NUMBER, /* an integer */
    TYPE_FLAG,   /* true or false */
    TYPE_TIME,   /* "2026-01-31T12:00:00Z" */
    TYPE_BYTES,  /* an integer */
    TYPE_LIST,   /* an array of strings */
};

struct command_field {
    const char *name, *label;
    enum command_type type;
};

/* Who may run a command. Operators are those who reach the control socket, who know the token of
 * HTTP, and the admins of the service; they may run all of them. */
enum command_right {
    RIGHT_OPERATOR,
    RIGHT_OWNER, /* also the owners of the room that it names */
    RIGHT_ADMIN, /* also the admins of that room */
};

/* In the order of enum command_id. */
enum command_group { GROUP_ROOMS, GROUP_PEOPLE, GROUP_SERVICE, COMMAND_GROUPS };

/* What an answer looks like to a person. */
enum command_shape {
    SHAPE_NOTHING, /* it is done */
    SHAPE_TABLE,   /* rows */
    SHAPE_CARD,    /* one row, a field a line */
};

struct command {
    const char *name;     /* lower case, words joined by '-' */
    const char *summary;  /* half a sentence: what it does */
    const char *help;     /* further sentences, or NULL */
    const char *none;     /* what an answer without rows says; NULL: the command always has one */
    const char *examples; /* command lines behind "covenctl ", a line each; NULL: none */
    enum command_right right;
    bool changes; /* something, which the log then tells */
    bool reads;   /* lines that follow the request: see run_feed() in run.h */
    enum command_shape shape;
    const struct command_argument *arguments; /* ends with a NULL name; NULL: none */
    const struct command_field *fields;       /* likewise */
    const char *node; /* of XEP-0050, where XEP-0133 has one that fits; else NULL */
};

/* The command with that number; NULL from COMMAND_COUNT on. */
const struct command *command_at(size_t index);

/* NULL: no command has that name. */
const struct command *command_find(const char *name);

/* The same for commands between programs, which command_at() and command_find() do not know. */
const struct command *command_find_bulk(const char *name);

enum command_id command_id_of(const struct command *command);
enum command_group command_group_of(const struct command *command);

/* The heading of a group in lists of commands. */
const char *command_group_title(enum command_group group);

/* NULL: the command has no such argument. */
const struct command_argument *command_argument_find(const struct command *command,
                                                     const char *name);

/*
 * Reads a command line: what stands behind the command's name. The result is an object with the
 * arguments as text, to be passed to command_read(); the caller owns it. NULL, with a sentence in
 * `why`: the arguments do not fit the command.
 */
json_t *command_line_read(const struct command *command, int argc, char *const *argv,
                          struct buf *why);

/*
 * Checks arguments and brings them into the form that enum command_kind tells. `given` is borrowed;
 * `domain` is that of the service, prepared. The caller owns the result. NULL, with a sentence in
 * `why`: an argument is missing, unknown or wrong.
 */
json_t *command_read(const struct command *command, json_t *given, struct span domain,
                     struct buf *why);

#endif
