/* The table of commands, a part for each group. */

#include <string.h>

#include "command_private.h"

static const struct {
    const struct command *list;
    size_t count;
    const char *title;
} groups[COMMAND_GROUPS] = {
    [GROUP_ROOMS] = {command_rooms, COMMAND_ROOMS_COUNT, "Rooms"},
    [GROUP_PEOPLE] = {command_people, COMMAND_PEOPLE_COUNT, "People"},
    [GROUP_SERVICE] = {command_service, COMMAND_SERVICE_COUNT, "The service"},
};

const char *command_group_title(enum command_group group)
{
    return groups[group].title;
}

const struct command *command_at(size_t index)
{
    for (enum command_group i = 0; i < COMMAND_GROUPS; i++) {
        if (index < groups[i].count)
            return &groups[i].list[index];
        index -= groups[i].count;
    }
    return NULL;
}

const struct command *command_find(const char *name)
{
    const struct command *command;
    for (size_t i = 0; (command = command_at(i)); i++) {
        if (strcmp(command->name, name) == 0)
            return command;
    }
    return NULL;
}

const struct command *command_find_bulk(const char *name)
{
    for (size_t i = 0; i < COMMAND_BULK_COUNT; i++) {
        if (strcmp(command_bulk[i].name, name) == 0)
            return &command_bulk[i];
    }
    return NULL;
}

/* Returns whether the command is in the group; then `*place_r` is its place there. */
static bool is_in(const struct command *command, enum command_group group, size_t *place_r)
{
    for (size_t i = 0; i < groups[group].count; i++) {
        *place_r = i;
        if (&groups[group].list[i] == command)
            return true;
    }
    return false;
}

enum command_group command_group_of(const struct command *command)
{
    enum command_group group = 0;
    size_t place = 0;
    while (!is_in(command, group, &place))
        group++;
    return group;
}

enum command_id command_id_of(const struct command *command)
{
    size_t before = 0, place = 0;
    for (; place < COMMAND_BULK_COUNT; place++) {
        if (&command_bulk[place] == command)
            return (enum command_id)(COMMAND_COUNT + place);
    }
    for (enum command_group i = 0; !is_in(command, i, &place); i++)
        before += groups[i].count;
    return (enum command_id)(before + place);
}

const struct command_argument *command_argument_find(const struct command *command,
                                                     const char *name)
{
    const struct command_argument *argument = command->arguments;
    for (; argument && argument->name; argument++) {
        if (strcmp(argument->name, name) == 0)
            return argument;
    }
    return NULL;
}
