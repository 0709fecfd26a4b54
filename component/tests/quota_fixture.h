/* A room with limits, and stanzas until one is refused. */
#ifndef TESTS_QUOTA_FIXTURE_H
#define TESTS_QUOTA_FIXTURE_H

#include "room_fixture.h"

#define CONSTRAINT "<resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"

/* The usual room with the limits that `set` sets. */
static inline void open_under(struct rig *rig, void (*set)(struct service_limits *limits))
{
    room_open(rig, CONFIGURE(""));
    rig_wait(rig, 100);
    set(&rig->settings.limits);
    service_configure(rig->service, &rig->settings);
    rig_drain(rig);
}

/* Sends the stanza until it is refused; returns how often it was accepted. */
static inline unsigned count_until_refused(struct rig *rig, const char *stanza, const char *from)
{
    unsigned count = 0;
    for (bool refused = false; count < 1000 && !refused;) {
        rig_send(rig, stanza);
        char *first = rig_receive(rig, from);
        refused = first && strstr(first, "type='error'");
        if (refused)
            assert_non_null(strstr(first, CONSTRAINT));
        count += !refused;
        free(first);
        rig_drain(rig);
    }
    return count;
}

#endif
