/* The muc#roominfo form in a room's disco (XEP-0045, 6.4 and 16.5.4). */
#ifndef MUC_ROOMINFO_H
#define MUC_ROOMINFO_H

#include "coven/xml.h"

struct request;

/* Writes the form with the fields that have a value and that the sender may know. */
void roominfo_write(struct xml *xml, const struct request *request);

#endif
