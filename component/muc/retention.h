/* What is not to be kept: messages of rooms that are gone, too old, or too many (service_tick). */
#ifndef MUC_RETENTION_H
#define MUC_RETENTION_H

struct service;

/* Has it looked for, if it is not already and it is time. */
void retention_begin(struct service *service);

#endif
