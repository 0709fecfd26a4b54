/* The installed configuration has every key once, with its default, and no other; it says which
 * keys need a restart. So it does with every option that new rooms have a default for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config_keys.h"
#include "config_private.h"
#include "muc/state/options_private.h"

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

struct seen {
    unsigned keys[KEYS_MAX];
    unsigned options[ROOM_OPTIONS_MAX];
};

static const struct service_limits limits = {
    .occupants = 100000, .history = 100, .option_bytes = 4096};

/* The value must be the built-in one, or an example where that is empty. */
static void check_option(struct seen *seen, int place, const struct line *line)
{
    const struct room_option *option = options_at((size_t)place);
    struct room_config standard, config;
    struct buf why = BUF_INIT;
    if (!room_option_check(place, line->value, &limits, &why))
        fail_msg("%s", why.data);
    options_init(&standard, &limits);
    options_copy(&config, &standard);
    assert_true(options_assign(&config, option, line->value, &limits));
    bool may_be_empty = option->kind == OPTION_TEXT || option->kind == OPTION_SET;
    bool is_example = may_be_empty && options_number(option, &standard) == 0;
    if (!is_example && !options_equal(option, &standard, &config))
        fail_msg("%s of [room] shows another value than the default", line->name);
    assert_true(line->is_commented);
    seen->options[place]++;
    options_free(&config);
    options_free(&standard);
}

static void check_key(void *user, const struct line *line)
{
    const struct config_key *key = config_key_find(line->section, line->name);
    struct seen *seen = user;
    int place = strcmp(line->section, "room") == 0 ? room_option_find(span_of(line->name)) : -1;
    if (place >= 0) {
        check_option(seen, place, line);
        return;
    }
    if (!key)
        fail_msg("there is no key %s in [%s]", line->name, line->section);
    if (line->is_commented && key->standard && strcmp(key->standard, line->value) != 0)
        fail_msg("%s of [%s]: the default is %s, not %s", line->name, line->section, key->standard,
                 line->value);
    if (line->needs_restart != (key->change == KEY_RESTART))
        fail_msg("%s of [%s]: does it need a restart?", line->name, line->section);
    size_t index = config_key_index(key);
    assert_true(index < KEYS_MAX);
    seen->keys[index]++;
}

static void example_names_every_key_once(void **state)
{
    struct buf text = BUF_INIT;
    struct seen seen = {.keys = {0}};
    (void)state;
    load(&text);
    each_key(text.data, check_key, &seen);
    for (size_t i = 0; config_key_at(i); i++) {
        if (seen.keys[i] != 1)
            fail_msg("%s of [%s] is there %u times", config_key_at(i)->name,
                     config_key_at(i)->section, seen.keys[i]);
    }
    for (size_t i = 0; options_at(i); i++) {
        if (seen.options[i] != (options_at(i)->no_default ? 0 : 1))
            fail_msg("%s of [room] is there %u times", options_name(options_at(i)),
                     seen.options[i]);
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
