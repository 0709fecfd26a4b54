/* What the log says about administrative actions. */
#ifndef MUC_AUDIT_H
#define MUC_AUDIT_H

struct request;

/* Logs a line such as "juliet@example.org in lobby@rooms.example.org: bans romeo@example.org": the
 * sender, the room, and the text. Actions of operators, the service's admins among them, are logged
 * at level info, all others at debug. Never log what people say to each other. */
void audit_log(const struct request *request, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
