/* What the log says of what people do to rooms and to each other. */
#ifndef MUC_AUDIT_H
#define MUC_AUDIT_H

struct request;

/*
 * "juliet@example.org in lobby@rooms.example.org: bans romeo@example.org": the sender, the room,
 * and what `format` says. Of what an admin of the service does, every log speaks; of the rest, one
 * of level debug. Never give it what people say to each other.
 */
void audit_log(const struct request *request, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
