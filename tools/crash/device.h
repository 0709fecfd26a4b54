/* A client of one of the people: how it comes and goes, and what it makes of what it hears. */
#ifndef CRASH_DEVICE_H
#define CRASH_DEVICE_H

#include "people.h"

#define LABEL_SIZE 16

/* "p7b": the second device of person 7. */
void device_label(const struct device *device, char label[LABEL_SIZE]);
/* Its address, with the resource of its present session or its last one. */
void device_address(const struct device *device, char address[VIEW_TEXT]);

static inline bool device_is_away(const struct device *device)
{
    return device->line.fd < 0;
}

/* A new session; it enters the rooms that it was in before. False: it cannot log in (yet). */
bool device_return(struct device *device);
/* The connection ends without a word, to be there again after so long. */
void device_drop(struct device *device, int64_t away_ms);

/* Enters, or enters again; leaves. */
void device_join(struct device *device, uint32_t room, const char *nick);
void device_leave(struct device *device, uint32_t room);

/* Does again what was not answered, and comes back when it is time. */
void device_tick(struct device *device);

/* Its own face in the room; NULL: it is not inside. */
const struct face *device_face(const struct device *device, uint32_t room);

/* A stanza came; for the line. */
void device_hear(void *user, const struct wire_stanza *stanza);

#endif
