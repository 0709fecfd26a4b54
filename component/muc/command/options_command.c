/* get and set: the options of a room, under the names that the configuration has for them. */

#include <stdlib.h>
#include <string.h>

#include "coven/ns.h"
#include "handlers.h"
#include "inner.h"
#include "muc/do/handlers.h"
#include "muc/state/room.h"
#include "muc/state/service_state.h"
#include "options_command.h"

#define HIDDEN "(set)" /* in place of a password */

/* ---- get ---- */

/* A password is told only to those who name it. */
static json_t *value_of(const struct run *run, const struct room_option *option, bool named)
{
    struct buf value = BUF_INIT;
    options_write_value(option, &run->room->config, &value);
    bool hides = options_is_secret(option) && value.len > 0 && !named;
    json_t *json = json_string(hides ? HIDDEN : value.len > 0 ? value.data : "");
    buf_free(&value);
    return json;
}

static void add_row(struct run *run, size_t place, bool named)
{
    const struct room_option *option = options_at(place);
    json_t *row = json_object();
    run_set(row, "option", json_string(options_name(option)));
    run_set(row, "value", value_of(run, option, named));
    run_set(row, "label", json_string(options_label(option)));
    run_set(row, "fixed", json_boolean(run->service->settings.fixed[place]));
    run_row(run, row);
}

static enum run_next fail_unknown(struct run *run, struct span name)
{
    return run_fail(run, &error_item_not_found, "There is no option \"%.*s\"; get lists them",
                    (int)name.len, name.at);
}

enum run_next options_get(struct run *run)
{
    const char *name = run_text(run, "option");
    int place = name ? room_option_find(span_of(name)) : -1;
    if (name && place < 0)
        return fail_unknown(run, span_of(name));
    if (name)
        add_row(run, (size_t)place, true);
    for (size_t i = 0; !name && options_at(i); i++)
        add_row(run, i, false);
    return RUN_DONE;
}

json_t *options_command_list(const struct room_config *config)
{
    const struct room_option *option;
    json_t *list = json_array();
    struct buf value = BUF_INIT;
    for (size_t i = 0; (option = options_at(i)); i++) {
        buf_clear(&value);
        options_write_value(option, config, &value);
        if (options_is_secret(option) || value.len == 0)
            continue;
        json_array_append_new(list, json_sprintf("%s=%s", options_name(option), value.data));
    }
    buf_free(&value);
    return list;
}

/* ---- set ---- */

static void add_value(xmpp_stanza_t *field, struct span text)
{
    char *copy = strndup(text.at, text.len);
    inner_text(field, "value", copy);
    free(copy);
}

/* The values of a set are words, in the form one each. */
static void add_values(xmpp_stanza_t *field, const struct room_option *option, const char *value)
{
    if (!options_is_set(option) || *value == '\0') {
        add_value(field, span_of(value));
        return;
    }
    for (const char *at = value; *at; at += strspn(at, " ")) {
        size_t len = strcspn(at, " ");
        if (len > 0)
            add_value(field, (struct span){at, len});
        at += len;
    }
}

static void add_field(xmpp_stanza_t *form, const char *var, const struct room_option *option,
                      const char *value)
{
    xmpp_stanza_t *field = inner_child(form, "field", NULL);
    xmpp_stanza_set_attribute(field, "var", var);
    if (option)
        add_values(field, option, value);
    else
        add_value(field, span_of(value));
}

static bool add_setting(xmpp_stanza_t *form, const char *setting, struct span *name_r)
{
    const char *equals = strchr(setting, '=');
    *name_r = (struct span){setting, (size_t)(equals - setting)};
    int place = room_option_find(*name_r);
    if (place < 0)
        return false;
    const struct room_option *option = options_at((size_t)place);
    add_field(form, options_var(option), option, equals + 1);
    return true;
}

enum run_next options_apply(struct run *run, const json_t *settings, bool persistent)
{
    size_t i;
    json_t *setting;
    struct span name;
    xmpp_stanza_t *query = inner_element(run, "query", NS_MUC_OWNER);
    xmpp_stanza_t *form = inner_child(query, "x", NS_DATA);
    xmpp_stanza_set_type(form, "submit");
    add_field(form, "FORM_TYPE", NULL, NS_MUC_ROOMCONFIG);
    if (persistent)
        add_field(form, "muc#roomconfig_persistentroom", NULL, "1");
    json_array_foreach(settings, i, setting)
    {
        if (!add_setting(form, json_string_value(setting), &name)) {
            xmpp_stanza_release(query);
            return fail_unknown(run, name);
        }
    }
    return inner_request(run, query, owner_set);
}

enum run_next options_set(struct run *run)
{
    return options_apply(run, json_object_get(run->args, "options"), false);
}
