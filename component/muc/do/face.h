/* The face of an occupant with several sessions (occupant_face()): others are told when it changes.
 */
#ifndef MUC_FACE_H
#define MUC_FACE_H

#include <stdbool.h>

struct rendered;
struct session;

/* The session has another presence. Tells everybody but the session itself, unless it neither was
 * nor is the face. `was_face`, `before`: whether it was the face, and how the occupant looked. */
void face_show(const struct session *session, bool was_face, const struct rendered *before);

/* The session says something to the room. To be called before the message is sent. */
void face_speak(struct session *session);

#endif
