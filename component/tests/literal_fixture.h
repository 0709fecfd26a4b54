/* What the tests of the readers have in common: all records of a text, one on each line. */
#ifndef TESTS_LITERAL_FIXTURE_H
#define TESTS_LITERAL_FIXTURE_H

#include "import/literal.h"
#include "unit.h"

#define LIMITS ((struct literal_limits){.bytes = 4096, .depth = 8, .values = 200})

typedef enum read_result read_record(struct source_file *, const struct literal_limits *, json_t **,
                                     struct buf *);

/* Each record as JSON, or the reason why it is none. */
static void read_all(struct buf *out, read_record *read, const char *bytes, size_t len,
                     struct literal_limits limits)
{
    struct source_file file;
    struct buf why = BUF_INIT;
    enum read_result result;
    json_t *value;
    source_file_open_bytes(&file, bytes, len);
    buf_add_text(out, "");
    while ((result = read(&file, &limits, &value, &why)) != READ_END) {
        char *text = value ? json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
        assert_true(result == READ_OK || (result == READ_BAD && !value));
        buf_printf(out, "%s%s", out->len ? "\n" : "", text ? text : why.data);
        free(text);
        json_decref(value);
    }
    buf_free(&why);
    source_file_close(&file);
}

static inline void expect_records(read_record *read, const char *text, const char *expected)
{
    struct buf out = BUF_INIT;
    read_all(&out, read, text, strlen(text), LIMITS);
    assert_string_equal(out.data, expected);
    buf_free(&out);
}

#endif
