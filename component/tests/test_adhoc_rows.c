/* Answers of commands as forms of results. */

#include "muc/command/adhoc_rows.h"
#include "unit.h"

/* Adds rows, in which ' stands for ", and compares the form. */
static void expect_rows(const char *name, const char *const *rows, const char *expected)
{
    const struct command *command = command_find(name);
    struct buf items = BUF_INIT, out = BUF_INIT;
    for (size_t i = 0; rows[i]; i++) {
        char *text = strdup(rows[i]);
        for (char *at = text; *at; at++)
            *at = *at == '\'' ? '"' : *at;
        json_t *row = json_loads(text, 0, NULL);
        assert_non_null(row);
        adhoc_rows_add(&items, command, row, (unsigned)i + 1);
        json_decref(row);
        free(text);
    }
    struct xml xml = xml_to(&out);
    adhoc_rows_write(&xml, command, &items);
    assert_string_equal(out.data, expected);
    buf_free(&items);
    buf_free(&out);
}

/* A field for each row, with a line for each further value that it has. */
static void test_table(void **state)
{
    (void)state;
    expect_rows(
        "get",
        (const char *[]){"{'option':'persistent','value':'1','label':'Keep <it>','fixed':true}",
                         "{'option':'name'}", NULL},
        "<x xmlns='jabber:x:data' type='result'><title>Show the options of a room</title>"
        "<field var='FORM_TYPE' type='hidden'><value>urn:coven:0#get</value></field>"
        "<field var='row-1' type='text-multi' label='persistent'><value>Value: 1</value>"
        "<value>Meaning: Keep &lt;it&gt;</value><value>Fixed: yes</value></field>"
        "<field var='row-2' type='text-multi' label='name'/></x>");
    expect_rows("rooms", (const char *[]){"{'room':'a@b','state':['public','persistent']}", NULL},
                "<x xmlns='jabber:x:data' type='result'><title>List rooms</title>"
                "<field var='FORM_TYPE' type='hidden'><value>urn:coven:0#rooms</value></field>"
                "<field var='row-1' type='text-multi' label='a@b'><value>State: public</value>"
                "<value>State: persistent</value></field></x>");
    expect_rows("check", (const char *[]){"{'fault':'a page is damaged'}", NULL},
                "<x xmlns='jabber:x:data' type='result'>"
                "<title>Look whether the store is intact</title>"
                "<field var='FORM_TYPE' type='hidden'><value>urn:coven:0#check</value></field>"
                "<field var='row-1' type='text-multi' label='Fault'>"
                "<value>Fault: a page is damaged</value></field></x>");
}

/* A card has only what there is, lists and numbers included; what XML forbids is replaced. */
static void test_card(void **state)
{
    (void)state;
    expect_rows("room",
                (const char *[]){"{'messages':12,'room':'r@c','owners':['a@b','c@d'],"
                                 "'state':['public'],'title':'a\\u0001b'}",
                                 NULL},
                "<x xmlns='jabber:x:data' type='result'><title>Show all about a room</title>"
                "<field var='FORM_TYPE' type='hidden'><value>urn:coven:0#room</value></field>"
                "<field var='room' type='jid-single' label='Room'><value>r@c</value></field>"
                "<field var='title' type='text-single' label='Name'>"
                "<value>a\xEF\xBF\xBD"
                "b</value></field>"
                "<field var='state' type='text-multi' label='State'><value>public</value></field>"
                "<field var='owners' type='jid-multi' label='Owners'><value>a@b</value>"
                "<value>c@d</value></field>"
                "<field var='messages' type='text-single' label='Messages'><value>12</value>"
                "</field></x>");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_table), cmocka_unit_test(test_card)};
    return cmocka_run_group_tests_name("adhoc_rows", tests, NULL, NULL);
}
