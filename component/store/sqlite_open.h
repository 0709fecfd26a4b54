/* Opening and closing connections of the SQLite backend. */
#ifndef STORE_SQLITE_OPEN_H
#define STORE_SQLITE_OPEN_H

#include "coven/store.h"

enum store_result sqlite_second(struct store *store, struct store **second_r, char **why_r);
enum store_result sqlite_reader(struct store *store, struct store **reader_r, char **why_r);
void sqlite_close(struct store *store);

#endif
