/* What stands in the index for searches, and how it follows the store. */

#include "search_index.h"

#include <stdio.h>

#include "coven/buf.h"
#include "coven/bug.h"
#include "coven/stored_xml.h"
#include "search.h"
#include "store_message.h"

/* Limits of one step: a few milliseconds. The last message may exceed the second. */
#define STEP_ROWS  200
#define STEP_BYTES (256 * 1024)

/* ---- Indexing ---- */

static enum store_result run(struct store *store, enum statement which)
{
    return statement_run(store, store->statements[which]);
}

/* The id of an author or a nick in a room. */
enum store_result search_who(struct store *store, int64_t room, enum who kind, struct span name,
                             int64_t *who_r)
{
    struct binding b = statement_bind(store, SQL_SEARCH_WHO);
    bind_int(&b, room);
    bind_int(&b, kind);
    bind_text(&b, name);
    return statement_rows(store, &b, statement_number, who_r, NULL);
}

static enum store_result make_who(struct store *store, int64_t room, enum who kind,
                                  struct span name, int64_t *who_r)
{
    enum store_result result = search_who(store, room, kind, name, who_r);
    if (result != STORE_NOTHING)
        return result;
    struct binding b = statement_bind(store, SQL_SEARCH_WHO_ADD);
    bind_int(&b, room);
    bind_int(&b, kind);
    bind_text(&b, name);
    result = statement_run(store, b.statement);
    *who_r = sqlite3_last_insert_rowid(store->db);
    return result;
}

/* `*is_new_r` stays as it is if the message is there already. */
static enum store_result enter_who(struct store *store, const struct store_message *message,
                                   enum who kind, struct span name, bool *is_new_r)
{
    int64_t who = 0;
    if (name.len == 0)
        return STORE_OK;
    enum store_result result = make_who(store, message->room, kind, name, &who);
    if (result != STORE_OK)
        return result;
    struct binding b = statement_bind(store, SQL_SEARCH_SAID_ADD);
    bind_int(&b, who);
    bind_int(&b, message->key);
    result = statement_run(store, b.statement);
    *is_new_r |= sqlite3_changes(store->db) > 0;
    return result;
}

/* The room is indexed as a word, so a search does not read the messages of other rooms. */
void search_room_word(int64_t room, char out[32])
{
    snprintf(out, 32, "r%lld", (long long)room);
}

/* Appends the text of every <body/> of a stored message, each with a line feed after it. */
static void add_text(struct span message, struct buf *out)
{
    struct stored_xml stanza, body;
    if (!stored_xml_open(message, &stanza))
        return;
    while (stored_xml_child(&stanza.inner, "body", NULL, &body)) {
        if (body.inner.len > 0 && stored_xml_text(&body, out))
            buf_add_char(out, '\n');
    }
}

static enum store_result change_words(struct store *store, enum statement which,
                                      const struct store_message *message)
{
    struct buf text = BUF_INIT, words = BUF_INIT;
    enum store_result result = STORE_OK;
    char room[32];
    if (message->kind == STORE_SAID)
        add_text(message->stanza, &text);
    words_write(&store->words, buf_span(&text), &words);
    if (words.len > 0) {
        search_room_word(message->room, room);
        struct binding b = statement_bind(store, which);
        bind_int(&b, message->key);
        bind_text(&b, span_of(room));
        bind_text(&b, buf_span(&words));
        result = statement_run(store, b.statement);
    }
    buf_free(&text);
    buf_free(&words);
    return result;
}

/* A message that is there already keeps its words: FTS5 would have them twice. */
static enum store_result enter_message(struct store *store, const struct store_message *message)
{
    bool is_new = false;
    enum store_result result = enter_who(store, message, WHO_AUTHOR, message->author, &is_new);
    if (result == STORE_OK)
        result = enter_who(store, message, WHO_NICK, message->nick, &is_new);
    if (result == STORE_OK && is_new)
        result = change_words(store, SQL_SEARCH_WORDS_ADD, message);
    return result;
}

struct entering {
    struct store *store;
    enum store_result result;
    int64_t key;
    size_t bytes;
    int64_t room; /* of the message before */
    bool staged;  /* that room is */
};

static bool is_staged(struct entering *entering, int64_t room)
{
    int64_t one = 0;
    if (entering->room == room)
        return entering->staged;
    struct binding b = statement_bind(entering->store, SQL_STAGED_IS);
    bind_int(&b, room);
    enum store_result result = statement_rows(entering->store, &b, statement_number, &one, NULL);
    if (result == STORE_FAILED)
        entering->result = result;
    entering->room = room;
    entering->staged = result == STORE_OK;
    return entering->staged;
}

/* A room that is still being imported comes later, as a whole. */
static bool enter(void *user, const struct store_message *message)
{
    struct entering *entering = user;
    entering->key = message->key;
    entering->bytes += message->stanza.len;
    if (message->number > 0 && !is_staged(entering, message->room) && entering->result == STORE_OK)
        entering->result = enter_message(entering->store, message);
    return entering->result == STORE_OK && entering->bytes < STEP_BYTES;
}

/* ---- Messages in the order of their keys ---- */

static enum store_result enter_new(struct store *store)
{
    struct entering entering = {.store = store};
    store_message_each *each = enter;
    int64_t progress = 0;
    struct binding b = statement_bind(store, SQL_SEARCH_PROGRESS);
    if (statement_rows(store, &b, statement_number, &progress, NULL) != STORE_OK)
        return STORE_FAILED;
    b = statement_bind(store, SQL_SEARCH_NEW);
    bind_int(&b, progress);
    bind_int(&b, STEP_ROWS);
    enum store_result result = statement_rows(store, &b, store_message_read, &each, &entering);
    if (result != STORE_OK)
        return result;
    if (entering.result != STORE_OK)
        return entering.result;
    b = statement_bind(store, SQL_SEARCH_PROGRESS_SET);
    bind_int(&b, entering.key);
    return statement_run(store, b.statement);
}

/* ---- Messages of rooms that came late ---- */

struct late {
    int64_t id, room;
    int64_t until; /* messages after this key come in their order */
    int64_t after; /* the last message that is indexed */
};

static bool read_late(sqlite3_stmt *row, void *late_r, void *user)
{
    (void)user;
    *(struct late *)late_r =
        (struct late){sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1),
                      sqlite3_column_int64(row, 2), sqlite3_column_int64(row, 3)};
    return true;
}

static enum store_result set_late(struct store *store, int64_t id, int64_t key)
{
    struct binding b = statement_bind(store, SQL_SEARCH_LATE_SET);
    bind_int(&b, id);
    bind_int(&b, key);
    return statement_run(store, b.statement);
}

/* After the last message of a room the next room begins. */
static enum store_result enter_late(struct store *store)
{
    struct late late = {0, 0, 0, 0};
    struct entering entering = {.store = store};
    store_message_each *each = enter;
    struct binding b = statement_bind(store, SQL_SEARCH_LATE_NEXT);
    enum store_result result = statement_rows(store, &b, read_late, &late, NULL);
    if (result != STORE_OK)
        return result;
    b = statement_bind(store, SQL_SEARCH_LATE_MESSAGES);
    bind_int(&b, late.room);
    bind_int(&b, late.after);
    bind_int(&b, late.until);
    bind_int(&b, STEP_ROWS);
    result = statement_rows(store, &b, store_message_read, &each, &entering);
    if (result == STORE_FAILED || entering.result != STORE_OK)
        return STORE_FAILED;
    return result == STORE_OK ? set_late(store, late.id - 1, entering.key)
                              : set_late(store, late.id, 0);
}

/* ---- Steps ---- */

typedef enum store_result indexer(struct store *store);

/* Takes one step in a transaction of its own. */
static enum store_result step(struct store *store, indexer *index)
{
    coven_assert(!store->writing && store->batch.count == 0); /* not within a turn */
    enum store_result result = run(store, SQL_SEARCH_BEGIN);
    if (result == STORE_OK)
        result = index(store);
    if (result == STORE_OK && run(store, SQL_COMMIT) == STORE_OK) {
        statement_works(store);
        return STORE_OK;
    }
    statement_roll_back(store);
    return result == STORE_NOTHING ? STORE_NOTHING : STORE_FAILED;
}

enum store_result search_index_new(struct store *store)
{
    search_mend(store);
    return step(store, enter_new);
}

enum store_result search_step(struct store *store)
{
    enum store_result result = search_index_new(store);
    return result == STORE_NOTHING ? step(store, enter_late) : result;
}

/* ---- Forgetting ---- */

static enum store_result forget_who(struct store *store, const struct store_message *message,
                                    enum who kind, struct span name)
{
    int64_t who = 0;
    enum store_result result = search_who(store, message->room, kind, name, &who);
    if (result != STORE_OK)
        return result;
    struct binding b = statement_bind(store, SQL_SEARCH_SAID_DELETE);
    bind_int(&b, who);
    bind_int(&b, message->key);
    result = statement_run(store, b.statement);
    return result == STORE_OK && sqlite3_changes(store->db) == 0 ? STORE_NOTHING : result;
}

/* FTS5 breaks if words are removed that are not in the index: those of a message that is not
 * indexed yet, was removed already, or was retracted since. So words are removed only together with
 * the author or nick. Words that remain lead to no message. */
enum store_result search_forget(struct store *store, const struct store_message *message)
{
    enum store_result author = forget_who(store, message, WHO_AUTHOR, message->author);
    enum store_result nick = forget_who(store, message, WHO_NICK, message->nick);
    if (author == STORE_FAILED || nick == STORE_FAILED)
        return STORE_FAILED;
    if (author == STORE_NOTHING && nick == STORE_NOTHING)
        return STORE_OK;
    return change_words(store, SQL_SEARCH_WORDS_DELETE, message);
}

enum store_result search_forget_room(struct store *store, int64_t room)
{
    struct binding b = statement_bind(store, SQL_SEARCH_WHO_DELETE);
    bind_int(&b, room);
    return statement_run(store, b.statement);
}
