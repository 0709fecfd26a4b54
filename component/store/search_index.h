/* What search.c needs to know of the index that search_index.c fills. */
#ifndef STORE_SEARCH_INDEX_H
#define STORE_SEARCH_INDEX_H

#include "store_private.h"

enum who { WHO_AUTHOR, WHO_NICK };

/* Indexes some more messages in the order of their keys, but none that came late. STORE_NOTHING:
 * none are left. */
enum store_result search_index_new(struct store *store);

/* The id of an author or a nick in a room. */
enum store_result search_who(struct store *store, int64_t room, enum who kind, struct span name,
                             int64_t *who_r);

/* The room is indexed as a word, so a search does not read the messages of other rooms. */
void search_room_word(int64_t room, char out[32]);

/* Rebuilds the search file, once, if a file of the store was found to be damaged. */
void search_mend(struct store *store);

#endif
