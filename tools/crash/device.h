/* A client of a person: how it comes and goes, and how it handles what it receives. */
#ifndef CRASH_DEVICE_H
#define CRASH_DEVICE_H

#include "people.h"

#define LABEL_SIZE 16

/* The name in traces: "p7b" is the second device of person 7. */
void device_label(const struct device *device, char label[LABEL_SIZE]);
/* The full address of its present or last session. */
void device_address(const struct device *device, char address[VIEW_TEXT]);

static inline bool device_is_away(const struct device *device)
{
    return device->connection.fd < 0;
}

/* Logs in, and joins the rooms that it was in before. False: it cannot log in yet. */
bool device_return(struct device *device);
/* Drops the connection silently, for so many milliseconds. */
void device_drop(struct device *device, int64_t away_ms);

/* Joins, or joins again. */
void device_join(struct device *device, uint32_t room, const char *nick);
void device_leave(struct device *device, uint32_t room);

/* Repeats what was not answered, and logs in again when it is time. */
void device_tick(struct device *device);

/* Its own face in the room; NULL: it is not inside. */
const struct face *device_face(const struct device *device, uint32_t room);

/* The connection's stanza callback; `user` is the device. */
void device_receive(void *user, const struct wire_stanza *stanza);

#endif
