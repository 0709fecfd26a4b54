/* Deletes archived messages that are not to be kept: of destroyed rooms, too old, or too many
 * (archive_days, archive_keep). store/store_due.c finds them. */
#ifndef MUC_RETENTION_H
#define MUC_RETENTION_H

struct service;

/* Starts a task that looks for such messages, if none is running and it is time. Called every
 * second. */
void retention_begin(struct service *service);

#endif
