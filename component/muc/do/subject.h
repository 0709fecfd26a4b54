/* The subject of a room (XEP-0045, 7.2.15 and 8.1). */
#ifndef MUC_SUBJECT_H
#define MUC_SUBJECT_H

struct session;

/* Sends the subject as it is, from whoever set it; an empty one from the room when nobody did. */
void subject_send(const struct session *session);

#endif
