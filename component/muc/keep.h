/* What is not to be kept: messages of rooms that are gone, too old, or too many (service_tick). */
#ifndef MUC_KEEP_H
#define MUC_KEEP_H

struct service;

/* Has it looked for, if it is not already and it is time. */
void keep_begin(struct service *service);

#endif
