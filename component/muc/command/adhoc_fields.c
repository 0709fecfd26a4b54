#include "adhoc_fields.h"

#include <string.h>

#include "adhoc_offer.h"
#include "muc/state/room.h"
#include "muc/state/service_state.h"

#define NUMBER_MAX 999999999
#define NOT_GIVEN  "(not given)" /* among words */

/* ---- To be filled in ---- */

bool adhoc_fields_exist(const struct request *request, const struct command *command)
{
    const struct command_argument *argument = command->arguments;
    for (; argument && argument->name; argument++) {
        if (adhoc_asks(request, argument))
            return true;
    }
    return false;
}

bool adhoc_fields_needed(const struct request *request, const struct command *command)
{
    return command->changes || adhoc_fields_exist(request, command);
}

static const char *type_of(const struct command_argument *argument)
{
    static const struct {
        const char *one, *many;
    } types[] = {
        [ARGUMENT_TEXT] = {"text-single", "text-multi"},
        [ARGUMENT_ROOM] = {"jid-single", "jid-multi"},
        [ARGUMENT_NEW_ROOM] = {"jid-single", "jid-multi"},
        [ARGUMENT_USER] = {"jid-single", "jid-multi"},
        [ARGUMENT_VENUE] = {"text-single", "text-multi"},
        [ARGUMENT_ADDRESS] = {"text-single", "text-multi"},
        [ARGUMENT_NUMBER] = {"text-single", "text-multi"},
        [ARGUMENT_FLAG] = {"boolean", "text-multi"},
        [ARGUMENT_WORD] = {"list-single", "list-multi"},
        [ARGUMENT_DURATION] = {"text-single", "text-multi"},
        [ARGUMENT_SETTING] = {"text-single", "text-multi"},
    };
    return argument->many ? types[argument->kind].many : types[argument->kind].one;
}

/* What need not be chosen has a word for that, which is chosen at first. It is not empty: Converse
 * sends the label of an option without a value. */
static void write_words(struct xml *xml, const struct command_argument *argument)
{
    if (!argument->required)
        form_write_value(xml, span_of(NOT_GIVEN));
    if (!argument->required)
        form_write_option(xml, NULL, span_of(NOT_GIVEN));
    for (size_t i = 0; argument->words[i]; i++)
        form_write_option(xml, argument->words[i], span_of(argument->words[i]));
}

/* The options of the room itself, with their values, as its owners know them. */
static void write_options(struct xml *xml, const struct request *request)
{
    const struct service_settings *settings = &request->service->settings;
    options_write_form(xml, &request->room->config,
                       adhoc_is_operator(request) ? NULL : settings->fixed, &settings->limits);
}

static void write_field(struct xml *xml, const struct request *request,
                        const struct command_argument *argument)
{
    if (request->room && argument->kind == ARGUMENT_SETTING) {
        write_options(xml, request);
        return;
    }
    form_write_field_open(xml, argument->name, type_of(argument), argument->label);
    form_write_help(xml, argument->help);
    if (argument->required)
        xml_element(xml, "required", NULL, span_of(""));
    if (argument->kind == ARGUMENT_NUMBER)
        form_write_range(xml, NUMBER_MAX);
    if (argument->kind == ARGUMENT_FLAG)
        form_write_value(xml, span_of("0"));
    if (argument->kind == ARGUMENT_WORD)
        write_words(xml, argument);
    xml_close(xml);
}

static const struct command_argument *find_settings(const struct command *command)
{
    const struct command_argument *argument = command->arguments;
    for (; argument && argument->name; argument++) {
        if (argument->kind == ARGUMENT_SETTING)
            return argument;
    }
    return NULL;
}

/* A command without fields does what its title says as soon as the form is sent. */
static void add_instructions(const struct request *request, const struct command *command,
                             struct buf *out)
{
    const char *help = request->room && find_settings(command)
                           ? "Choose the options of the room and submit the form."
                           : command->help;
    if (help)
        buf_add_text(out, help);
    if (!adhoc_fields_exist(request, command))
        buf_printf(out, "%sSubmit the form to do it.", help ? " " : "");
    if (out->len == 0)
        buf_add_text(out, "Fill in the form and submit it.");
}

void adhoc_fields_write(struct xml *xml, const struct request *request,
                        const struct command *command)
{
    const struct command_argument *argument = command->arguments;
    struct buf title = BUF_INIT, instructions = BUF_INIT, form_type = BUF_INIT;
    adhoc_title(command, &title);
    adhoc_node(command, &form_type);
    add_instructions(request, command, &instructions);
    form_write_open_titled(xml, form_type.data, buf_span(&title), instructions.data);
    for (; argument && argument->name; argument++) {
        if (adhoc_asks(request, argument))
            write_field(xml, request, argument);
    }
    xml_close(xml);
    buf_free(&title);
    buf_free(&instructions);
    buf_free(&form_type);
}

/* ---- Filled in ---- */

static json_t *values_of(const struct form_field *field)
{
    json_t *list = json_array();
    for (size_t i = 0; i < field->value_count; i++) {
        if (*field->values[i] != '\0')
            json_array_append_new(list, json_string(field->values[i]));
    }
    return list;
}

/* Several values of a field are the lines of a text. */
static json_t *lines_of(const struct form_field *field)
{
    struct buf text = BUF_INIT;
    for (size_t i = 0; i < field->value_count; i++)
        buf_printf(&text, "%s%s", i > 0 ? "\n" : "", field->values[i]);
    json_t *value = text.len > 0 ? json_stringn(text.data, text.len) : NULL;
    buf_free(&text);
    return value;
}

static const struct room_option *find_option(const char *var)
{
    const struct room_option *option;
    for (size_t i = 0; (option = options_at(i)); i++) {
        if (strcmp(options_var(option), var) == 0)
            return option;
    }
    return NULL;
}

/* An option of the room in its own form, as OPTION=VALUE; several values are words. */
static void take_option(json_t *list, const struct room_option *option,
                        const struct form_field *field)
{
    struct buf text = BUF_INIT;
    buf_printf(&text, "%s=", options_name(option));
    for (size_t i = 0; i < field->value_count; i++)
        buf_printf(&text, "%s%s", i > 0 ? " " : "", field->values[i]);
    json_array_append_new(list, json_stringn(text.data, text.len));
    buf_free(&text);
}

static bool is_not_given(const struct command_argument *argument, const json_t *value)
{
    return argument && argument->kind == ARGUMENT_WORD && json_is_string(value) &&
           strcmp(json_string_value(value), NOT_GIVEN) == 0;
}

/* Clients send fields that nobody has filled in with an empty value. */
static void take_field(json_t *given, const struct command *command, const struct form_field *field)
{
    const struct command_argument *argument = command_argument_find(command, field->var);
    json_t *value = argument && argument->many ? values_of(field) : lines_of(field);
    bool empty = !value || (json_is_array(value) && json_array_size(value) == 0) ||
                 is_not_given(argument, value);
    if (strcmp(field->var, "FORM_TYPE") == 0 || empty)
        json_decref(value);
    else
        json_object_set_new(given, field->var, value);
}

static void take_fields(json_t *given, const struct request *request, const struct command *command,
                        const struct form *form)
{
    const struct command_argument *settings = request->room ? find_settings(command) : NULL;
    json_t *list = json_array();
    for (size_t i = 0; form && i < form->field_count; i++) {
        const struct form_field *field = &form->fields[i];
        const struct room_option *option = settings ? find_option(field->var) : NULL;
        if (option)
            take_option(list, option, field);
        else
            take_field(given, command, field);
    }
    if (json_array_size(list) > 0)
        json_object_set(given, settings->name, list);
    json_decref(list);
}

json_t *adhoc_fields_read(struct request *request, const struct command *command,
                          const struct form *form)
{
    json_t *given = json_object();
    take_fields(given, request, command, form);
    if (request->room)
        json_object_set_new(given, "room", json_string(request->room->address));
    json_t *args =
        command_read(command, given, span_of(request->service->settings.domain), &request->why);
    json_decref(given);
    return args;
}
