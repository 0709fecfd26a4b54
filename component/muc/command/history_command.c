/* history: the newest messages of a room's archive. */

#include <stdlib.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stored_xml.h"
#include "handlers.h"
#include "muc/state/message_id.h"
#include "muc/state/room.h"
#include "muc/state/service_state.h"
#include "muc/state/unarchived.h"

#define LIMIT_DEFAULT 20
#define LIMIT_MAX     1000
#define ROWS_MAX      100000    /* looked at, if only those of one user are wanted */
#define ROWS_A_CHUNK  1000      /* looked at in one go of the other thread */
#define ROWS_A_STEP   20        /* a message may be long */
#define BYTES_MAX     (1 << 20) /* of all texts: the rest is older */

struct page {
    int64_t room;
    struct eras eras;
    int64_t now_ms;
    char *user; /* NULL: everybody */
    unsigned wanted;
    int64_t before;  /* the key down to which all is read */
    unsigned looked; /* at so many messages */
    size_t bytes;    /* of what they say */
    json_t *rows;    /* the newest last, as in a client */
    size_t told;
    bool over, failed;
};

static json_t *text_of(const struct store_message *message)
{
    static const char *const names[] = {"body", "subject"};
    struct stored_xml stanza, child;
    struct buf text = BUF_INIT;
    for (size_t i = 0; i < sizeof names / sizeof *names && text.len == 0; i++) {
        if (stored_xml_open(message->stanza, &stanza) &&
            stored_xml_child(&stanza.inner, names[i], NULL, &child))
            stored_xml_text(&child, &text);
    }
    if (message->kind == STORE_TOMBSTONE)
        buf_add_text(&text, "(retracted)");
    json_t *json = run_json_text(buf_span(&text));
    buf_free(&text);
    return json;
}

static bool take(void *user, const struct store_message *message)
{
    struct page *page = user;
    char id[MESSAGE_NAME_SIZE];
    page->before = message->key;
    page->looked++;
    if (message->kind == STORE_ASIDE || (page->user && !span_is(message->author, page->user)))
        return true;
    message_id_name(message, id);
    json_t *row = json_object();
    int64_t time = eras_guess(&page->eras, message->key, page->now_ms);
    run_set(row, "time", run_json_time(time / 1000 * 1000));
    run_set(row, "nick", run_json_text(message->nick));
    run_set(row, "jid", run_json_text(message->author));
    run_set(row, "text", text_of(message));
    run_set(row, "id", json_string(id));
    json_array_insert_new(page->rows, 0, row);
    page->bytes += message->stanza.len;
    page->over = json_array_size(page->rows) == page->wanted || page->bytes >= BYTES_MAX;
    return !page->over;
}

static void read(void *state, struct store *store)
{
    struct page *page = state;
    unsigned looked = page->looked;
    struct key_range keys = {0, page->before};
    enum store_result result =
        store_messages_kept(store, page->room, &keys, ROWS_A_CHUNK, take, page);
    page->failed = result == STORE_FAILED;
    page->over |= page->looked < looked + ROWS_A_CHUNK || page->looked >= ROWS_MAX;
}

static struct page *begin(const struct run *run)
{
    struct page *page = mem_new(sizeof *page);
    int64_t wanted = run_number(run, "limit", LIMIT_DEFAULT);
    page->room = run->room->id;
    page->eras = run->service->era.eras;
    page->now_ms = run->service->wall_ms;
    page->before = page->eras.last_key + 1;
    page->user = mem_string(run_text(run, "user"));
    page->wanted = wanted > 0 && wanted < LIMIT_MAX ? (unsigned)wanted : LIMIT_MAX;
    page->rows = json_array();
    return page;
}

/* A room without an archive keeps what its history shows. */
enum run_next history_command_show(struct run *run)
{
    if (!run->state) {
        run->state = begin(run);
        unarchived_save(run->room);
    }
    struct page *page = run->state;
    if (page->failed)
        return run_fail(run, &error_resource_constraint, "The store cannot be read");
    if (!page->over)
        return run_work(run, TASK_ADMIN, read);
    return run_rows(run, page->rows, &page->told, ROWS_A_STEP) ? RUN_DONE : RUN_GOES_ON;
}

void history_command_free(void *state)
{
    struct page *page = state;
    free(page->user);
    json_decref(page->rows);
    free(page);
}
