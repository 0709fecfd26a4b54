/* The section [room]: the defaults of new rooms. Its keys are the options of the owner's form. */

#include <stdlib.h>

#include "config_private.h"
#include "coven/mem.h"
#include "coven/room_option.h"

bool config_room_take(struct config *config, int line, const char *name, const char *value)
{
    struct buf why = BUF_INIT;
    int place = room_option_find(span_of(name));
    if (place < 0)
        return false;
    const char **member = &config->service.defaults[place];
    if (config->room_lines[place] > 0)
        config_fault(config, line, "%s is set twice, first in line %d", name,
                     config->room_lines[place]);
    else if (!room_option_check(place, value, &config->service.limits, &why))
        config_fault(config, line, "%s", why.data);
    else
        *member = mem_string(value);
    if (config->room_lines[place] == 0)
        config->room_lines[place] = line;
    buf_free(&why);
    return true;
}

void config_room_free(struct config *config)
{
    for (int i = 0; i < ROOM_OPTIONS_MAX; i++)
        free((void *)config->service.defaults[i]);
}
