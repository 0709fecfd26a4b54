/* Each command of the table as an ad-hoc command: at the service, and at the room that it is
 * about. */

#include "command_fixture.h"
#include "muc/command/handlers.h"
#include "muc/command/runs.h"

#define LOCKED "locked@" RIG_DOMAIN

/* What fills in the form, besides the room; and the answer. */
struct call {
    const char *name;
    const char *fields;
    const char *shows;   /* found in it; NULL: nothing */
    const char *refusal; /* its condition; NULL: none */
    const char *room;    /* NULL: ROOM */
};

/* A row begins with this. */
#define BEGINS(value) " label='" value "'>"
/* A row has this. */
#define SHOWS(label, value) "<value>" label ": " value "</value>"
#define CARD(name, label, value)                                                                   \
    "<field var='" name "' type='text-single' label='" label "'><value>" value "</value></field>"

static const struct call calls[] = {
    {.name = "rooms",
     .fields = FIELD("match", "ro*") FIELD("state", "persistent") FIELD("sort", "name"),
     .shows = BEGINS(ROOM)},
    {.name = "rooms",
     .fields = FIELD("match", "nothing") FIELD("state", "(not given)") FIELD("sort", "")
         FIELD("owner", ""),
     .shows = ">No room fits.<"},
    {.name = "rooms", .fields = FIELD("state", "purple"), .refusal = "bad-request"},
    {.name = "room", .fields = "", .shows = CARD("messages", "Messages", "1")},
    {.name = "occupants", .fields = "", .shows = BEGINS("Juliet")},
    {.name = "affiliations",
     .fields = FIELD("affiliation", "owner"),
     .shows = BEGINS("romeo@verona.lit")},
    {.name = "history", .fields = FIELD("limit", "5"), .shows = SHOWS("Nickname", "Juliet")},
    {.name = "get", .fields = FIELD("option", "persistentroom"), .shows = SHOWS("Value", "1")},
    {.name = "get", .fields = FIELD("option", "colour"), .refusal = "item-not-found"},
    {.name = "create",
     .fields =
         FIELD("room", "new") FIELD("owner", "nurse@capulet.lit") FIELD("options", "publicroom=0")},
    {.name = "create", .fields = FIELD("room", "room"), .refusal = "conflict"},
    {.name = "destroy", .fields = FIELD("reason", "Over") FIELD("venue", LOCKED)},
    {.name = "destroy-rooms",
     .fields = FIELD("match", "room") FIELD("dry_run", "1"),
     .shows = BEGINS(ROOM)},
    {.name = "destroy-rooms", .fields = "", .refusal = "bad-request"},
    {.name = "set", .fields = FIELD("options", "moderatedroom=1")},
    {.name = "set", .fields = FIELD("options", "moderatedroom"), .refusal = "bad-request"},
    {.name = "rename", .fields = FIELD("to", "elsewhere")},
    {.name = "unlock", .fields = "", .room = LOCKED},
    {.name = "unlock", .fields = "", .refusal = "conflict"},
    {.name = "subject", .fields = FIELD("text", "Welcome")},
    {.name = "affiliation",
     .fields = FIELD("jid", "nurse@capulet.lit") FIELD("affiliation", "member")},
    {.name = "affiliation",
     .fields = FIELD("jid", "not an address@") FIELD("affiliation", "member"),
     .refusal = "bad-request"},
    {.name = "role", .fields = FIELD("nick", "Juliet") FIELD("role", "visitor")},
    {.name = "kick", .fields = FIELD("nick", "Juliet") FIELD("reason", "Late")},
    {.name = "kick", .fields = FIELD("nick", "Nobody"), .refusal = "not-acceptable"},
    {.name = "invite", .fields = FIELD("users", "nurse@capulet.lit")},
    {.name = "purge-archive", .fields = "", .shows = CARD("messages", "Messages deleted", "1")},
    {.name = "user", .fields = FIELD("jid", "romeo@verona.lit"), .shows = BEGINS("owner")},
    {.name = "export", .fields = FIELD("jid", "juliet@capulet.lit"), .shows = BEGINS("message")},
    {.name = "denied", .fields = "", .shows = ">Nobody is denied the service.<"},
    {.name = "deny", .fields = FIELD("address", "spam.example") FIELD("for", "30d")},
    {.name = "deny", .fields = FIELD("address", "mercutio@verona.lit"), .refusal = "conflict"},
    {.name = "allow", .fields = FIELD("address", "spam.example"), .refusal = "item-not-found"},
    {.name = "purge",
     .fields = FIELD("jid", "juliet@capulet.lit"),
     .shows = CARD("messages", "Messages", "1")},
    {.name = "stats", .fields = "", .shows = CARD("rooms", "Rooms", "2")},
    {.name = "top", .fields = FIELD("limit", "3"), .shows = BEGINS("room")},
    {.name = "announce",
     .fields = FIELD("text", "Hello"),
     .shows = CARD("users", "Users told", "3")},
    {.name = "log-level",
     .fields = "",
     .shows = "<field var='level' type='text-single' label='Level'>"},
    {.name = "reload", .fields = ""},
    {.name = "check", .fields = "", .refusal = "not-allowed"}, /* this store is in memory */
    {.name = "backup", .fields = FIELD("file", "/nowhere/coven.db"), .refusal = "not-allowed"},
    {.name = "stop", .fields = ""},
};

static bool do_reload(void *user)
{
    return user == NULL;
}

static void do_stop(void *user)
{
    (void)user;
}

static void begin(struct rig *rig)
{
    static const char *const admins[] = {"mercutio@verona.lit", NULL};
    room_open(rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1")));
    rig_join(rig, ROMEO, LOCKED "/Romeo");
    rig_send(rig, SAY(JULIET, "one"));
    rig->settings.admins = admins;
    service_configure(rig->service, &rig->settings);
    run_set_host(rig->service, &(struct run_host){.reload = do_reload, .stop = do_stop});
    rig_drain(rig);
}

static const struct command_argument *room_argument(const struct command *command)
{
    const struct command_argument *argument = command_argument_find(command, "room");
    return argument && argument->kind == ARGUMENT_ROOM && argument->required ? argument : NULL;
}

/* Sends a form that is filled in; at a room, it does not say which. */
static void send_form(struct rig *rig, const struct call *call, bool at_room)
{
    const struct command *command = command_find(call->name);
    const char *room = call->room ? call->room : ROOM;
    struct buf text = BUF_INIT;
    assert_non_null(command);
    buf_printf(&text, "<iq type='set' id='q' from='%s' to='%s'><command xmlns='" NS_COMMANDS "' ",
               at_room ? ROMEO : MERCUTIO, at_room ? room : RIG_DOMAIN);
    buf_printf(&text, "node='%s%s'><x xmlns='jabber:x:data' type='submit'>%s",
               command->node ? "" : "urn:coven:0#", command->node ? command->node : command->name,
               call->fields);
    if (!at_room && room_argument(command))
        buf_printf(&text, "<field var='room'><value>%s</value></field>", room);
    buf_add_text(&text, "</x></command></iq>");
    rig_send(rig, text.data);
    buf_free(&text);
}

/* The answer to the request; what else is sent to the caller comes before it. */
static char *take_answer(struct rig *rig, const char *to)
{
    char *answer;
    while ((answer = rig_receive(rig, to)) && !strstr(answer, " id='q'"))
        free(answer);
    return answer;
}

static void expect_answer(const struct call *call, const char *answer)
{
    char refusal[64];
    snprintf(refusal, sizeof refusal, "<%s xmlns=", call->refusal ? call->refusal : "");
    const char *wanted = call->refusal ? refusal
                         : call->shows ? call->shows
                                       : "<note type='info'>Done.</note></command>";
    if (!answer)
        fail_msg("%s %s: no answer", call->name, call->fields);
    if (!strstr(answer, wanted) ||
        !strstr(answer, call->refusal ? " type='error'" : "status='completed'"))
        fail_msg("%s %s: %s", call->name, call->fields, answer);
}

static void play(const struct call *call, bool at_room)
{
    struct rig rig;
    begin(&rig);
    send_form(&rig, call, at_room);
    for (unsigned i = 0; i < 100; i++) {
        rig_step(&rig);
        rig_run_tasks(&rig);
    }
    rig_collect(&rig);
    char *answer = take_answer(&rig, at_room ? ROMEO : MERCUTIO);
    expect_answer(call, answer);
    free(answer);
    rig_close(&rig);
}

static bool is_there(const struct call *call)
{
    const struct command *command = command_find(call->name);
    assert_non_null(command);
    return run_handlers[command_id_of(command)].step;
}

static void test_at_service(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(calls); i++) {
        if (is_there(&calls[i]))
            play(&calls[i], false);
    }
}

/* By the room's owner. */
static void test_at_room(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(calls); i++) {
        const struct command *command = command_find(calls[i].name);
        if (is_there(&calls[i]) && room_argument(command) && command->right != RIGHT_OPERATOR)
            play(&calls[i], true);
    }
}

static void test_all_are_played(void **state)
{
    const struct command *command;
    (void)state;
    for (size_t i = 0; (command = command_at(i)); i++) {
        bool found = false;
        for (size_t j = 0; j < COUNT(calls); j++)
            found = found || strcmp(calls[j].name, command->name) == 0;
        if (!found)
            fail_msg("%s is not played", command->name);
    }
}

#define SET(payload)                                                                               \
    "<iq type='set' id='q' from='" ROMEO "' to='" ROOM "'><command xmlns='" NS_COMMANDS            \
    "' node='urn:coven:0#set'>" payload "</command></iq>"
#define SUBMIT(fields) "<x xmlns='jabber:x:data' type='submit'>" fields "</x>"

/* At a room, the form of `set` is that of its options, with their values. */
static void test_options(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    rig_send(&rig, SET(""));
    rig_expect(&rig, ROMEO, "<instructions>Choose the options of the room and submit the form.",
               "<field var='muc#roomconfig_persistentroom' type='boolean'",
               "<field var='muc#roomconfig_presencebroadcast' type='list-multi'",
               "<value>visitor</value>", NULL);
    rig_send(&rig,
             SET(SUBMIT(CONFIG_FIELD("roomname", "The room") CONFIG_FIELD(
                 "moderatedroom", "1") "<field var='muc#roomconfig_presencebroadcast'>"
                                       "<value>moderator</value><value>participant</value></field>"
                                       "<field var='muc#roomconfig_getmemberlist'/>")));
    char *answer = take_answer(&rig, ROMEO);
    expect_answer(&(struct call){.name = "set", .fields = ""}, answer);
    free(answer);
    rig_send(&rig, SET(""));
    rig_expect(&rig, ROMEO, "<value>The room</value>",
               "<value>moderator</value><value>participant</value><option", NULL);
    rig_send(&rig, SET(SUBMIT(CONFIG_FIELD("whois", "nobody"))));
    rig_expect(&rig, ROMEO, " type='error'", "<not-acceptable", NULL);
    rig_close(&rig);
}

/* A command that only reads ends when its answer is full: it does not read the rest. */
static void test_long_answer(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    rig.settings.limits.denials = 1000;
    service_configure(rig.service, &rig.settings);
    for (unsigned i = 0; i < 600; i++) {
        char arguments[64];
        snprintf(arguments, sizeof arguments, "{'address':'%u.spam.example'}", i);
        command_do(&rig, "deny", arguments);
    }
    rig.holds_steps = true;
    send_form(&rig, &(struct call){.name = "denied", .fields = ""}, false);
    rig_step(&rig);
    assert_false(runs_have_work(rig.service));
    rig_step(&rig);
    char *answer = take_answer(&rig, MERCUTIO);
    assert_non_null(answer);
    assert_non_null(strstr(answer, "status='completed'"));
    assert_non_null(strstr(answer, "'0.spam.example'"));
    assert_null(strstr(answer, "'599.spam.example'"));
    assert_non_null(strstr(answer, " rows are shown.</note>"));
    assert_null(strstr(answer, "of 600"));
    free(answer);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_at_service), cmocka_unit_test(test_at_room),
        cmocka_unit_test(test_all_are_played), cmocka_unit_test(test_options),
        cmocka_unit_test(test_long_answer)};
    return cmocka_run_group_tests_name("adhoc_commands", tests, NULL, NULL);
}
