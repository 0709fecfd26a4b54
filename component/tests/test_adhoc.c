/* Commands in XMPP clients (XEP-0050): who sees which, the dialogue, its errors and limits. */

#include <jansson.h>

#include "command_fixture.h"
#include "disco_fixture.h"
#include "muc/command/handlers.h"

#define KICK "urn:coven:0#kick"

#define COMMAND(from, to, attributes, payload)                                                     \
    REQUEST("set", from, to,                                                                       \
            "<command xmlns='" NS_COMMANDS "' " attributes ">" payload "</command>")
#define SUBMIT(fields) "<x xmlns='jabber:x:data' type='submit'>" fields "</x>"
#define LIST           "<query xmlns='" NS_DISCO_ITEMS "' node='" NS_COMMANDS "'/>"

static const char *const admins[] = {"mercutio@verona.lit", NULL};

/* Romeo owns the room; Mercutio is an admin of the service. */
static void begin(struct rig *rig)
{
    room_open(rig, CONFIGURE(""));
    rig->settings.admins = admins;
    service_configure(rig->service, &rig->settings);
    rig_drain(rig);
}

/* Asks for the form; the caller frees the id of the session. */
static char *ask(struct rig *rig)
{
    rig_send(rig, COMMAND(ROMEO, ROOM, "node='" KICK "' action='execute'", ""));
    char *answer = rig_receive(rig, ROMEO);
    assert_non_null(answer);
    assert_non_null(strstr(answer, "status='executing'"));
    const char *id = strstr(answer, "sessionid='");
    assert_non_null(id);
    id += strlen("sessionid='");
    char *copy = strndup(id, strcspn(id, "'"));
    assert_int_equal(strlen(copy), 32);
    free(answer);
    return copy;
}

/* Sends the next stanza of the dialogue. */
static void go_on(struct rig *rig, const char *from, const char *id, const char *action,
                  const char *payload)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "<iq type='set' id='q' from='%s' to='" ROOM "'><command xmlns='" NS_COMMANDS
               "' node='" KICK "' sessionid='%s' action='%s'>%s</command></iq>",
               from, id, action, payload);
    rig_send(rig, text.data);
    buf_free(&text);
}

/* ---- What there is ---- */

static void test_lists(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    ANSWER(&rig, ROMEO, REQUEST("get", ROMEO, RIG_DOMAIN, INFO), FEATURE(NS_COMMANDS));
    ANSWER(&rig, ROMEO, REQUEST("get", ROMEO, ROOM, INFO), FEATURE(NS_COMMANDS));
    ANSWER(&rig, ROMEO, REQUEST("get", ROMEO, RIG_DOMAIN, LIST), "node='" NS_COMMANDS "'/></iq>");
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, ROOM, LIST), "node='" NS_COMMANDS "'/></iq>");
    ANSWER(&rig, ROMEO, REQUEST("get", ROMEO, ROOM, LIST),
           "<item jid='" ROOM "' node='" KICK "' name='Make an occupant leave'/>");
    ANSWER(&rig, MERCUTIO, REQUEST("get", MERCUTIO, ROOM, LIST), "node='" KICK "'");
    ANSWER(&rig, MERCUTIO, REQUEST("get", MERCUTIO, RIG_DOMAIN, LIST),
           "<item jid='" RIG_DOMAIN "' node='" KICK "' name='Make an occupant leave'/>");
    rig_close(&rig);
}

static void test_nodes(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    ANSWER(&rig, ROMEO, REQUEST("get", ROMEO, ROOM, NODE(KICK)),
           "<identity category='automation' type='command-node' name='Make an occupant leave'/>",
           FEATURE(NS_COMMANDS), FEATURE("jabber:x:data"));
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, ROOM, NODE(KICK)), "<forbidden");
    ANSWER(&rig, ROMEO, REQUEST("get", ROMEO, ROOM, NODE("urn:coven:0#nothing")),
           "<item-not-found");
    ANSWER(&rig, ROMEO, REQUEST("get", ROMEO, ROOM, NODE("kick")), "<item-not-found");
    ANSWER(&rig, ROMEO, REQUEST("get", ROMEO, RIG_DOMAIN, NODE(NS_COMMANDS)),
           "type='command-list'");
    rig_close(&rig);
}

/* A new room that nobody but its owner may know of. */
static void test_locked(void **state)
{
    struct rig rig;
    (void)state;
    rig_open(&rig);
    rig_join(&rig, ROMEO, ROOM "/Romeo");
    ANSWER(&rig, JULIET, REQUEST("get", JULIET, ROOM, LIST), "<item-not-found");
    ANSWER(&rig, JULIET, COMMAND(JULIET, ROOM, "node='" KICK "'", ""), "<item-not-found");
    rig_close(&rig);
}

/* Every command that the table has: disco, and the fields of its form. */
static void expect_form(struct rig *rig, const struct command *command, const char *node)
{
    struct buf text = BUF_INIT;
    buf_printf(&text,
               "<iq type='set' id='q' from='" MERCUTIO "' to='" RIG_DOMAIN
               "'><command xmlns='" NS_COMMANDS "' node='%s'/></iq>",
               node);
    rig_send(rig, text.data);
    char *answer = rig_receive(rig, MERCUTIO);
    assert_non_null(answer);
    assert_non_null(strstr(answer, "status='executing'"));
    const struct command_argument *argument = command->arguments;
    for (; argument && argument->name; argument++) {
        buf_clear(&text);
        buf_printf(&text, "<field var='%s' type='", argument->name);
        const char *field = strstr(answer, text.data);
        if (!field)
            fail_msg("no %s in %s", argument->name, answer);
        const char *end = strstr(field, "</field>"), *required = strstr(field, "<required/>");
        assert_int_equal(required && required < end, argument->required);
        assert_int_equal(strstr(field, "<option") && strstr(field, "<option") < end,
                         argument->kind == ARGUMENT_WORD);
    }
    free(answer);
    buf_free(&text);
}

static void test_table(void **state)
{
    struct rig rig;
    const struct command *command;
    (void)state;
    begin(&rig);
    rig.settings.limits.user_commands = 1000;
    service_configure(rig.service, &rig.settings);
    rig_send(&rig, REQUEST("get", MERCUTIO, RIG_DOMAIN, LIST));
    char *list = rig_receive(&rig, MERCUTIO);
    assert_non_null(list);
    unsigned found = 0;
    for (size_t i = 0; (command = command_at(i)); i++) {
        struct buf node = BUF_INIT, item = BUF_INIT;
        buf_printf(&node, "%s%s", command->node ? "" : "urn:coven:0#",
                   command->node ? command->node : command->name);
        buf_printf(&item, " node='%s' ", node.data);
        bool runs = run_handlers[i].step != NULL;
        assert_int_equal(strstr(list, item.data) != NULL, runs);
        if (runs && (command->changes || command->arguments))
            expect_form(&rig, command, node.data);
        found += runs;
        buf_free(&node);
        buf_free(&item);
    }
    assert_true(found > 0);
    free(list);
    rig_close(&rig);
}

/* ---- The dialogue ---- */

static void test_dialogue(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    rig_send(&rig, COMMAND(ROMEO, ROOM, "node='" KICK "'", ""));
    rig_expect(&rig, ROMEO, "<command xmlns='" NS_COMMANDS "' node='" KICK "' sessionid='",
               "<actions execute='complete'><complete/></actions>",
               "<x xmlns='jabber:x:data' type='form'><title>Make an occupant leave</title>",
               "<field var='FORM_TYPE' type='hidden'><value>" KICK "</value></field>",
               "<field var='nick' type='text-single' label='Nickname'>", "<required/>", NULL);
    rig_drain(&rig);
    char *id = ask(&rig);
    go_on(&rig, ROMEO, id, "complete", SUBMIT(FIELD("nick", "Juliet") FIELD("reason", "")));
    rig_expect(&rig, JULIET, "<status code='307'/>", "<actor nick='Romeo'", NULL);
    free(rig_receive(&rig, ROMEO)); /* her leave */
    rig_drain(&rig);
    go_on(&rig, ROMEO, id, "complete", SUBMIT(FIELD("nick", "Mercutio")));
    rig_expect(&rig, ROMEO, "<bad-request", "<bad-sessionid xmlns='" NS_COMMANDS "'/>", NULL);
    free(id);
    rig_close(&rig);
}

/* Takes answers until one to the command. */
static void expect_completed(struct rig *rig, const char *to)
{
    char *answer;
    while ((answer = rig_receive(rig, to)) && !strstr(answer, "<iq "))
        free(answer);
    assert_non_null(answer);
    assert_non_null(strstr(answer, "status='completed'"));
    assert_non_null(strstr(answer, "<note type='info'>Done.</note>"));
    free(answer);
}

/* A program that knows the form sends it at once. */
static void test_at_once(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    rig_send(&rig, COMMAND(MERCUTIO, RIG_DOMAIN, "node='" KICK "'",
                           SUBMIT(FIELD("room", ROOM) FIELD("nick", "Juliet"))));
    expect_completed(&rig, MERCUTIO);
    expect_without(&rig, JULIET, "<actor", NULL);
    rig_drain(&rig);
    rig_send(&rig, COMMAND(ROMEO, ROOM, "node='" KICK "'",
                           SUBMIT(FIELD("room", "other@" RIG_DOMAIN) FIELD("nick", "Juliet"))));
    rig_expect(&rig, ROMEO, "<error", NULL); /* she is not in this room, which is meant */
    rig_close(&rig);
}

static void test_cancel(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    char *id = ask(&rig);
    go_on(&rig, ROMEO, id, "cancel", "");
    rig_expect(&rig, ROMEO, "status='canceled'", NULL);
    go_on(&rig, ROMEO, id, "complete", SUBMIT(FIELD("nick", "Juliet")));
    rig_expect(&rig, ROMEO, "<bad-sessionid", NULL);
    free(id);
    id = ask(&rig);
    go_on(&rig, ROMEO, id, "complete", "<x xmlns='jabber:x:data' type='cancel'/>");
    rig_expect(&rig, ROMEO, "status='canceled'", NULL);
    free(id);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

static void test_errors(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    ANSWER(&rig, JULIET, COMMAND(JULIET, ROOM, "node='" KICK "'", ""), "<forbidden");
    ANSWER(&rig, ROMEO, COMMAND(ROMEO, RIG_DOMAIN, "node='" KICK "'", ""), "<forbidden");
    ANSWER(&rig, ROMEO, COMMAND(ROMEO, ROOM, "node='x'", ""), "<item-not-found");
    ANSWER(&rig, ROMEO, COMMAND(ROMEO, ROOM, " ", ""), "<item-not-found");
    ANSWER(&rig, ROMEO, COMMAND(ROMEO, ROOM, "node='" KICK "' sessionid='x'", ""),
           "<bad-sessionid");
    ANSWER(&rig, ROMEO, COMMAND(ROMEO, ROOM, "node='" KICK "' action='complete'", ""),
           "<bad-sessionid");
    ANSWER(&rig, ROMEO, COMMAND(ROMEO, ROOM, "node='" KICK "' action='dance'", ""),
           "<malformed-action");
    char *id = ask(&rig);
    go_on(&rig, ROMEO, id, "prev", "");
    rig_expect(&rig, ROMEO, "<bad-action", NULL);
    go_on(&rig, ROMEO, id, "complete", "");
    rig_expect(&rig, ROMEO, "<bad-payload", NULL);
    go_on(&rig, ROMEO, id, "complete", "<x xmlns='jabber:x:data' type='result'/>");
    rig_expect(&rig, ROMEO, "<bad-payload", NULL);
    go_on(&rig, ROMEO, id, "complete", SUBMIT(""));
    rig_expect(&rig, ROMEO, "<bad-request", ">kick: nick is missing<", NULL);
    go_on(&rig, MERCUTIO, id, "complete", SUBMIT(FIELD("nick", "Juliet")));
    rig_expect(&rig, MERCUTIO, "<bad-sessionid", NULL);
    go_on(&rig, ROMEO, id, "complete", SUBMIT(FIELD("nick", "Nobody")));
    rig_expect(&rig, ROMEO, "<iq ", "<error", NULL);
    rig_expect_nothing(&rig, NULL);
    free(id);
    rig_close(&rig);
}

/* ---- Limits ---- */

static void test_expiry(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    char *id = ask(&rig);
    rig_wait(&rig, 601);
    rig_drain(&rig);
    go_on(&rig, ROMEO, id, "complete", SUBMIT(FIELD("nick", "Juliet")));
    rig_expect(&rig, ROMEO, "<bad-sessionid", NULL);
    free(id);
    rig_close(&rig);
}

/* A user's oldest form ends for a new one; when there are too many of all users, nobody but admins
 * of the service gets one. */
static void test_limits(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    char *first = ask(&rig), *second = ask(&rig);
    for (unsigned i = 2; i < 6; i++)
        free(ask(&rig));
    go_on(&rig, ROMEO, first, "cancel", "");
    rig_expect(&rig, ROMEO, "<bad-sessionid", NULL);
    go_on(&rig, ROMEO, second, "cancel", "");
    rig_expect(&rig, ROMEO, "status='canceled'", NULL);
    rig.settings.limits.command_forms = 4;
    service_configure(rig.service, &rig.settings);
    ANSWER(&rig, ROMEO, COMMAND(ROMEO, ROOM, "node='" KICK "'", ""), "<resource-constraint");
    ANSWER(&rig, MERCUTIO, COMMAND(MERCUTIO, ROOM, "node='" KICK "'", ""), "status='executing'");
    free(first);
    free(second);
    rig_close(&rig);
}

static void test_many_calls(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    rig.settings.limits.user_commands = 1;
    service_configure(rig.service, &rig.settings);
    rig.holds_steps = true;
    const char *kick = COMMAND(ROMEO, ROOM, "node='" KICK "'", SUBMIT(FIELD("nick", "Juliet")));
    rig_send(&rig, kick);
    rig_expect_nothing(&rig, NULL);
    rig_send(&rig, kick);
    rig_expect(&rig, ROMEO, "<resource-constraint", NULL);
    rig_step(&rig);
    rig_step(&rig);
    expect_completed(&rig, ROMEO);
    rig_close(&rig);
}

/* ---- Dropped turns ---- */

/* The turn of the request, of the step and of the answer. */
static void test_dropped(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    const char *kick = COMMAND(ROMEO, ROOM, "node='" KICK "'", SUBMIT(FIELD("nick", "Juliet")));
    rig.holds_steps = true;
    rig.drops = true;
    rig_send(&rig, kick);
    rig_drain(&rig);
    rig_step(&rig);
    rig_expect_nothing(&rig, NULL);

    rig_send(&rig, kick);
    rig.drops = true;
    rig_step(&rig);
    rig_step(&rig);
    rig_expect(&rig, ROMEO, "<iq ", "<resource-constraint", NULL);
    rig_expect_nothing(&rig, NULL);

    rig_send(&rig, kick);
    rig_step(&rig);
    rig_expect(&rig, JULIET, "<status code='307'/>", NULL);
    rig_drain(&rig);
    rig.drops = true;
    rig_step(&rig);
    rig_expect_nothing(&rig, NULL);
    rig_step(&rig);
    expect_completed(&rig, ROMEO);
    rig_step(&rig);
    rig_expect_nothing(&rig, NULL);
    rig_close(&rig);
}

/* A service that ends while a command runs. */
static void test_end(void **state)
{
    struct rig rig;
    (void)state;
    begin(&rig);
    free(ask(&rig));
    rig.holds_steps = true;
    rig_send(&rig, COMMAND(ROMEO, ROOM, "node='" KICK "'", SUBMIT(FIELD("nick", "Juliet"))));
    rig_close(&rig);
}

/* What a command answers counts as other answers do. */
static void test_answers_are_charged(void **state)
{
    struct rig rig;
    unsigned count = 0;
    (void)state;
    begin(&rig);
    rig.settings.limits.answer_rate = 100;
    rig.settings.limits.answer_burst = 10000;
    service_configure(rig.service, &rig.settings);
    bool refused = false;
    size_t bytes = 0;
    for (; count < 200 && !refused; count++) {
        rig_send(&rig, COMMAND(ROMEO, ROOM, "node='urn:coven:0#get'", SUBMIT("")));
        char *answer = rig_receive(&rig, ROMEO);
        assert_non_null(answer);
        bytes += strlen(answer);
        refused = strstr(answer, "type='error'") != NULL;
        free(answer);
    }
    if (!refused)
        fail_msg("%u answers of %zu bytes were not refused", count, bytes);
    rig_close(&rig);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answers_are_charged),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_nodes),
        cmocka_unit_test(test_locked),
        cmocka_unit_test(test_table),
        cmocka_unit_test(test_dialogue),
        cmocka_unit_test(test_at_once),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_errors),
        cmocka_unit_test(test_expiry),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_many_calls),
        cmocka_unit_test(test_dropped),
        cmocka_unit_test(test_end),
    };
    return cmocka_run_group_tests_name("adhoc", tests, NULL, NULL);
}
