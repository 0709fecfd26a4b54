/* The installed configuration has every key once, with its default, and no other; it says which
 * keys need a restart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config_keys.h"
#include "config_private.h"

static void load(struct buf *text)
{
    struct buf why = BUF_INIT;
    if (!config_file_load(COVEN_EXAMPLE, 1 << 16, text, &why))
        fail_msg("%s", why.data);
}

/* One "key = value", commented out or not. */
struct line {
    char section[64], name[64], value[200];
    bool is_commented;
    bool needs_restart; /* according to the comment above it */
};

typedef void key_fn(void *user, const struct line *line);

static void each_key(char *text, key_fn *take, void *user)
{
    struct line line = {.section = ""};
    char *rest = NULL;
    for (char *at = strtok_r(text, "\n", &rest); at; at = strtok_r(NULL, "\n", &rest)) {
        line.is_commented = *at == '#';
        if (sscanf(at, "[%63[^]]]", line.section) == 1)
            continue;
        if (sscanf(at + line.is_commented, "%63[a-z_] = %199[^\n]", line.name, line.value) == 2) {
            take(user, &line);
            line.needs_restart = false;
        } else {
            line.needs_restart = strstr(at, "Needs a restart.") != NULL;
        }
    }
}

#define KEYS_MAX 256

static void check_key(void *user, const struct line *line)
{
    const struct config_key *key = config_key_find(line->section, line->name);
    unsigned *seen = user;
    if (!key)
        fail_msg("there is no key %s in [%s]", line->name, line->section);
    if (line->is_commented && key->standard && strcmp(key->standard, line->value) != 0)
        fail_msg("%s of [%s]: the default is %s, not %s", line->name, line->section, key->standard,
                 line->value);
    if (line->needs_restart != (key->change == KEY_RESTART))
        fail_msg("%s of [%s]: does it need a restart?", line->name, line->section);
    size_t index = config_key_index(key);
    assert_true(index < KEYS_MAX);
    seen[index]++;
}

static void example_names_every_key_once(void **state)
{
    struct buf text = BUF_INIT;
    unsigned seen[KEYS_MAX] = {0};
    (void)state;
    load(&text);
    each_key(text.data, check_key, seen);
    for (size_t i = 0; config_key_at(i); i++) {
        if (seen[i] != 1)
            fail_msg("%s of [%s] is there %u times", config_key_at(i)->name,
                     config_key_at(i)->section, seen[i]);
    }
    buf_free(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(example_names_every_key_once),
    };
    return cmocka_run_group_tests_name("config example", tests, NULL, NULL);
}
