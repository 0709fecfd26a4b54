#include "archive_query.h"

#include <stdlib.h>
#include <string.h>

#include "archive_access.h"
#include "coven/datetime.h"
#include "coven/form.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "coven/stanza.h"
#include "handlers.h"
#include "muc/say/answer.h"
#include "muc/state/refusal.h"
#include "muc/state/service_state.h"

#define QUERYID_BYTES_MAX 1024 /* it is repeated in every message */
#define WORDS_BYTES_MAX   256  /* the cost of a search grows with the number of words */

typedef const struct stanza_error *
field_reader(struct archive_query *query, struct request *request, const struct form_field *field);

static const struct stanza_error *
read_form_type(struct archive_query *query, struct request *request, const struct form_field *field)
{
    (void)query, (void)request;
    return strcmp(form_field_value(field), NS_MAM) == 0 ? NULL : &error_bad_request;
}

/* The author: an occupant, by its nick, or a user, by the real JID. The room's own address stands
 * for everybody in it. */
static const struct stanza_error *read_with(struct archive_query *query, struct request *request,
                                            const struct form_field *field)
{
    struct jid *with = &query->with;
    if (!jid_parse(span_of(form_field_value(field)), with))
        return &error_jid_malformed;
    if (span_equal(jid_bare(with), room_address(request->room))) {
        query->range.nick = jid_resource(with);
        return NULL;
    }
    bool own = span_equal(jid_bare(with), jid_bare(&request->from));
    if (!own && !archive_access_shows_real(request))
        return &error_forbidden;
    query->range.author = jid_bare(with);
    query->range.resource = jid_resource(with);
    return NULL;
}

static const struct stanza_error *read_time(struct request *request, const struct form_field *field,
                                            int64_t *ms_r)
{
    if (datetime_parse(span_of(form_field_value(field)), ms_r))
        return NULL;
    buf_printf(&request->why, "%s: invalid date and time", field->var);
    return &error_bad_request;
}

static const struct stanza_error *read_start(struct archive_query *query, struct request *request,
                                             const struct form_field *field)
{
    return read_time(request, field, &query->first_ms);
}

static const struct stanza_error *read_end(struct archive_query *query, struct request *request,
                                           const struct form_field *field)
{
    return read_time(request, field, &query->last_ms);
}

/* Messages that have all of these words (XEP-0431). */
static const struct stanza_error *read_words(struct archive_query *query, struct request *request,
                                             const struct form_field *field)
{
    const char *words = form_field_value(field);
    (void)request;
    if (words[strspn(words, " \t\r\n")] == '\0')
        return NULL; /* an empty text searches for nothing */
    if (strlen(words) > WORDS_BYTES_MAX)
        return &error_policy_violation;
    free(query->words);
    query->words = mem_string(words);
    query->range.words = span_of(query->words);
    return NULL;
}

/* ---- Ids ---- */

static const struct stanza_error *read_id(const struct request *request, const char *text,
                                          struct message_id *id_r)
{
    enum store_result result = message_id_find(request->room, text, id_r);
    if (result == STORE_FAILED)
        return &error_resource_constraint;
    return result == STORE_OK ? NULL : &refusal_no_message;
}

static const struct stanza_error *read_anchor(struct archive_query *query,
                                              const struct request *request, const char *text,
                                              struct message_id *id_r)
{
    const struct stanza_error *error = read_id(request, text, id_r);
    if (error)
        return error;
    if (query->anchor_count == ARCHIVE_ANCHORS_MAX)
        return &error_bad_request;
    query->anchors[query->anchor_count++] = *id_r;
    return NULL;
}

static const struct stanza_error *
read_after_id(struct archive_query *query, struct request *request, const struct form_field *field)
{
    struct message_id id = {0, 0};
    const struct stanza_error *error = read_anchor(query, request, form_field_value(field), &id);
    if (!error)
        query->named.after = id.key;
    return error;
}

static const struct stanza_error *
read_before_id(struct archive_query *query, struct request *request, const struct form_field *field)
{
    struct message_id id = {0, 0};
    const struct stanza_error *error = read_anchor(query, request, form_field_value(field), &id);
    if (!error)
        query->named.before = id.key;
    return error;
}

static int compare_ids(const void *a, const void *b)
{
    const struct message_id *left = a, *right = b;
    return (left->key > right->key) - (left->key < right->key);
}

static const struct stanza_error *read_ids(struct archive_query *query, struct request *request,
                                           const struct form_field *field)
{
    const struct stanza_error *error = NULL;
    query->by_ids = true;
    query->ids =
        mem_resize(query->ids, (query->id_count + field->value_count) * sizeof *query->ids);
    for (size_t i = 0; i < field->value_count && !error; i++)
        error = read_id(request, field->values[i], &query->ids[query->id_count++]);
    if (error)
        return error;
    if (query->id_count > 0)
        qsort(query->ids, query->id_count, sizeof *query->ids, compare_ids);
    return NULL;
}

/* ---- The form ---- */

static const struct query_field {
    const char *var;
    const char *type;
    field_reader *read;
} fields[] = {
    {"FORM_TYPE", "hidden", read_form_type},
    {"with", "jid-single", read_with},
    {"start", "text-single", read_start},
    {"end", "text-single", read_end},
    {"before-id", "text-single", read_before_id},
    {"after-id", "text-single", read_after_id},
    {"ids", "list-multi", read_ids},
    {"{" NS_FULLTEXT "}fulltext", "text-single", read_words},
};

#define FIELD_COUNT (sizeof fields / sizeof *fields)

static const struct query_field *find_field(const char *var)
{
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        if (strcmp(fields[i].var, var) == 0)
            return &fields[i];
    }
    return NULL;
}

static const struct stanza_error *read_fields(struct archive_query *query, struct request *request,
                                              const struct form *form)
{
    const struct stanza_error *error = form_form_type(form) ? NULL : &error_bad_request;
    for (size_t i = 0; i < form->field_count && !error; i++) {
        const struct query_field *field = find_field(form->fields[i].var);
        error =
            field ? field->read(query, request, &form->fields[i]) : &error_feature_not_implemented;
    }
    return error;
}

static const struct stanza_error *read_form(struct archive_query *query, struct request *request)
{
    struct form form;
    xmpp_stanza_t *x = stanza_child(request->payload, "x", NS_DATA);
    if (!x)
        return NULL;
    if (!form_read(x, &form))
        return &error_bad_request;
    const struct stanza_error *error =
        form.type == FORM_SUBMIT ? read_fields(query, request, &form) : &error_bad_request;
    form_free(&form);
    return error;
}

static void find_keys(struct archive_query *query)
{
    struct key_range found[ERAS_MAX];
    unsigned count = eras_ranges(&query->eras, query->first_ms, query->last_ms, found);
    for (unsigned i = 0; i < count; i++) {
        struct key_range keys = key_range_both(found[i], query->named);
        if (!key_range_is_empty(keys))
            query->keys[query->key_count++] = keys;
    }
}

/* A page is asked for by the id of a message. */
static const struct stanza_error *read_part(struct archive_query *query, struct request *request)
{
    unsigned limit = request->service->settings.limits.archive_page;
    struct message_id id = {0, 0};
    if (!rsm_read(request->payload, limit, &query->part))
        return &error_bad_request;
    bool named = query->part.key && *query->part.key;
    const struct stanza_error *error =
        named ? read_anchor(query, request, query->part.key, &id) : NULL;
    query->part_key = id.key;
    return error;
}

const struct stanza_error *archive_query_open(struct archive_query *query, struct request *request)
{
    const char *queryid = stanza_attr(request->payload, "queryid");
    *query = (struct archive_query){.flip = false};
    query->flip = stanza_child(request->payload, "flip-page", NS_MAM) != NULL;
    query->range = (struct store_range){
        .room = request->room->id,
        .search_ms = request->service->settings.limits.search_ms,
    };
    query->eras = request->service->era.eras;
    query->room = (struct key_range){key_at(request->room->created) - 1, era_end(request->service)};
    query->named = (struct key_range){0, INT64_MAX};
    query->last_ms = INT64_MAX;
    if (queryid && strlen(queryid) > QUERYID_BYTES_MAX)
        return &error_policy_violation;
    query->queryid = mem_string(queryid);
    const struct stanza_error *error = read_form(query, request);
    if (!error)
        error = read_part(query, request);
    if (!error)
        find_keys(query);
    return error;
}

bool archive_query_searches(const struct archive_query *query)
{
    const struct store_range *range = &query->range;
    return !query->by_ids && (range->author.len > 0 || range->nick.len > 0 || range->words.len > 0);
}

void archive_query_close(struct archive_query *query)
{
    rsm_free(&query->part);
    free(query->queryid);
    free(query->ids);
    free(query->words);
}

/* ---- Messages that the query names ---- */

struct check {
    const struct archive_query *query;
    bool archived, wanted;
};

static bool has_key(const struct archive_query *query, int64_t key)
{
    for (unsigned i = 0; i < query->key_count; i++) {
        if (key > query->keys[i].after && key < query->keys[i].before)
            return true;
    }
    return false;
}

/* The other conditions of the form also apply to messages that are asked for by id. */
static bool is_wanted(const struct archive_query *query, const struct store_message *message)
{
    const struct store_range *range = &query->range;
    return has_key(query, message->key) &&
           (range->author.len == 0 || span_equal(range->author, message->author)) &&
           (range->resource.len == 0 || span_equal(range->resource, message->resource)) &&
           (range->nick.len == 0 || span_equal(range->nick, message->nick));
}

static bool check_message(void *user, const struct store_message *message)
{
    struct check *check = user;
    check->archived = message->number > 0;
    check->wanted = is_wanted(check->query, message);
    return false;
}

static const struct stanza_error *check_id(const struct archive_query *query, struct store *store,
                                           struct message_id id, bool *wanted_r)
{
    struct check check = {query, false, false};
    enum store_result result =
        store_message_get(store, query->range.room, id.key, id.noise, check_message, &check);
    if (result == STORE_FAILED)
        return &error_resource_constraint;
    *wanted_r = check.wanted;
    return check.archived ? NULL : &refusal_no_message;
}

/* The id of a message that is gone, or was never archived, still tells a place, so that its reader
 * need not begin again (XEP-0059, 2.4). Its noise cannot be checked any more. */
static const struct stanza_error *check_anchor(const struct archive_query *query,
                                               struct store *store, struct message_id id)
{
    int64_t known = 0;
    enum store_result result = store_message_is(store, query->range.room, id.key, id.noise, &known);
    if (result == STORE_FAILED)
        return &error_resource_constraint;
    if (result == STORE_NOTHING)
        known = id.key > query->room.after && id.key < query->room.before;
    return known ? NULL : &refusal_no_message;
}

const struct stanza_error *archive_query_check(struct archive_query *query, struct store *store)
{
    const struct stanza_error *error = NULL;
    size_t kept = 0;
    bool wanted = false;
    for (size_t i = 0; i < query->anchor_count && !error; i++)
        error = check_anchor(query, store, query->anchors[i]);
    for (size_t i = 0; i < query->id_count && !error; i++) {
        struct message_id id = query->ids[i];
        bool again = kept > 0 && query->ids[kept - 1].key == id.key;
        error = check_id(query, store, id, &wanted);
        if (!error && wanted && !again)
            query->ids[kept++] = id;
    }
    query->id_count = kept;
    return error;
}

/* ---- The empty form ---- */

const struct stanza_error *archive_query_form(struct request *request)
{
    const struct stanza_error *error = archive_access_refusal(request);
    if (error)
        return error;
    struct draft draft = answer_open(request);
    xml_open(&draft.xml, "query", NS_MAM);
    form_write_open(&draft.xml, "form", NS_MAM);
    for (size_t i = 1; i < FIELD_COUNT; i++) {
        form_write_field_open(&draft.xml, fields[i].var, fields[i].type, NULL);
        if (fields[i].read == read_ids)
            form_write_open_values(&draft.xml);
        xml_close(&draft.xml);
    }
    xml_close(&draft.xml);
    xml_close(&draft.xml);
    answer_send(request, &draft);
    return NULL;
}
