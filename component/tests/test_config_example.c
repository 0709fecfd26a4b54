/* The commented configuration that is installed: it must name every key, and no other, with its
 * default. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config_file.h"
#include "config_keys.h"

static void load(struct buf *text)
{
    const char *slash = strrchr(__FILE__, '/');
    struct buf path = BUF_INIT, why = BUF_INIT;
    buf_printf(&path, "%.*s/../dist/covend.conf", (int)(slash - __FILE__), __FILE__);
    if (!config_file_load(path.data, 1 << 16, text, &why))
        fail_msg("%s", why.data);
    buf_free(&path);
}

/* Calls back for each "key = value", commented out or not. */
typedef void key_fn(void *user, const char *section, const char *name, const char *value,
                    bool commented);

static void each_key(char *text, key_fn *take, void *user)
{
    char section[64] = "", name[64], value[200];
    char *rest = NULL;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        bool commented = *line == '#';
        if (sscanf(line, "[%63[^]]]", section) == 1)
            continue;
        if (sscanf(line + commented, "%63[a-z_] = %199[^\n]", name, value) == 2)
            take(user, section, name, value, commented);
    }
}

#define KEYS_MAX 256

static void check_key(void *user, const char *section, const char *name, const char *value,
                      bool commented)
{
    const struct config_key *key = config_key_find(section, name);
    unsigned *seen = user;
    if (!key)
        fail_msg("there is no key %s in [%s]", name, section);
    if (commented && key->standard && strcmp(key->standard, value) != 0)
        fail_msg("%s of [%s]: the default is %s, not %s", name, section, key->standard, value);
    size_t index = (size_t)(key - config_key_at(0));
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
            fail_msg("%s of [%s] stands there %u times", config_key_at(i)->name,
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
