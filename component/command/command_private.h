/* The parts of the table of commands. */
#ifndef COMMAND_PRIVATE_H
#define COMMAND_PRIVATE_H

#include "coven/command.h"

#define COMMAND_ROOMS_COUNT   (COMMAND_USER - COMMAND_ROOMS)
#define COMMAND_PEOPLE_COUNT  (COMMAND_STATS - COMMAND_USER)
#define COMMAND_SERVICE_COUNT (COMMAND_COUNT - COMMAND_STATS)

#define COMMAND_BULK_COUNT    (COMMAND_ALL - COMMAND_COUNT)

extern const struct command command_rooms[COMMAND_ROOMS_COUNT];
extern const struct command command_people[COMMAND_PEOPLE_COUNT];
extern const struct command command_service[COMMAND_SERVICE_COUNT];
extern const struct command command_bulk[COMMAND_BULK_COUNT];

/* Arguments that several commands have. */
#define ROOM(text)                                                                                 \
    {                                                                                              \
        "room", "Room", text, ARGUMENT_ROOM, .required = true                                      \
    }
#define REASON                                                                                     \
    {                                                                                              \
        "reason", "Reason", "What those concerned are told.", ARGUMENT_TEXT, .named = true         \
    }
#define DRY_RUN                                                                                    \
    {                                                                                              \
        "dry_run", "Dry run", "Only tells what would be done.", ARGUMENT_FLAG, .named = true       \
    }
#define LIMIT(text)                                                                                \
    {                                                                                              \
        "limit", "At most", text, ARGUMENT_NUMBER, .named = true                                   \
    }
#define END                                                                                        \
    {                                                                                              \
        .name = NULL                                                                               \
    }

#endif
