/* The commands that move rooms in and out, between programs that use the control socket. */

#include "command_private.h"

static const char *const existing_words[] = {"leave", "merge", "replace", NULL};

static const struct command_argument export_arguments[] = {
    {"rooms", "Rooms", "Those alone.", ARGUMENT_ROOM, .named = true, .many = true}, END};

static const struct command_argument import_arguments[] = {
    {"existing", "Existing rooms", "What becomes of a room that there is already.", ARGUMENT_WORD,
     .named = true, .words = existing_words},
    END};

static const struct command_field import_fields[] = {
    {"room", "Room", TYPE_TEXT},
    {"result", "Result", TYPE_TEXT},
    {"messages", "Messages", TYPE_NUMBER},
    {"affiliations", "Affiliations", TYPE_NUMBER},
    {"known", "Messages that were there", TYPE_NUMBER},
    {"left_out", "Left out", TYPE_LIST},
    END,
};

const struct command command_bulk[COMMAND_BULK_COUNT] = {
    {
        .name = "export-rooms",
        .summary = "write rooms as lines of JSON",
        .right = RIGHT_OPERATOR,
        .arguments = export_arguments,
    },
    {
        .name = "import-rooms",
        .summary = "read rooms from lines of JSON",
        .right = RIGHT_OPERATOR,
        .changes = true,
        .reads = true,
        .arguments = import_arguments,
        .fields = import_fields,
    },
};
