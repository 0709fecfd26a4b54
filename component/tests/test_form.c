/* Data forms: read and written. */
#include "coven/form.h"
#include "coven/ns.h"
#include "xml_fixture.h"

#define X "<x xmlns='jabber:x:data' type='submit'>"

static bool form_of(const char *text, struct form *form_r)
{
    xmpp_stanza_t *x = parse(text);
    bool is_form = form_read(x, form_r);
    xmpp_stanza_release(x);
    return is_form;
}

/* The form in one line: "name=value,value name= …". */
static char *shown(const struct form *form)
{
    struct buf out = BUF_INIT;
    for (size_t i = 0; i < form->field_count; i++) {
        const struct form_field *field = &form->fields[i];
        buf_printf(&out, "%s%s=", i ? " " : "", field->var);
        for (size_t j = 0; j < field->value_count; j++)
            buf_printf(&out, "%s%s", j ? "," : "", field->values[j]);
    }
    return buf_take(&out);
}

static void test_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *form; /* NULL: malformed */
    } rows[] = {
        {X "</x>", ""},
        {X "<field var='a'><value>1</value></field></x>", "a=1"},
        {X "<field var='a'/></x>", "a="},
        {X "<field var='a'><value/></field></x>", "a="},
        {X "<field var=''><value>1</value></field></x>", "=1"},
        {X "<field var='a'><value>1</value><value>2</value><value/></field></x>", "a=1,2,"},
        {X "<field var='a'><value>1</value></field><field var='b'><value>2</value></field></x>",
         "a=1 b=2"},
        {X "<field var='a'><value>1</value></field><field var='b'/>"
           "<field var='a'><value>2</value><value>3</value></field></x>",
         "a=2,3 b="},
        {X "<field var='a'><value>1</value></field><field var='a'/></x>", "a="},
        {X "<title>t</title><instructions/><field var='a'/>text</x>", "a="},
        {X "<field var='a'><value xmlns='urn:x'>1</value><required/></field></x>", "a="},
        {X "<field xmlns='urn:x' var='b'/><field var='a'/></x>", "a="},
        {X "<field type='fixed'><value>read me</value></field><field var='a'/></x>", "a="},
        {X "<field><value>read me</value></field><field var='a'/></x>", "a="},
        {X "<field var='a'><value>&lt;é\n</value></field></x>", "a=<é\n"},
        {"<x xmlns='jabber:x:data'/>", NULL},
        {"<x xmlns='jabber:x:data' type=''/>", NULL},
        {"<x xmlns='jabber:x:data' type='form'/>", NULL},
        {"<x xmlns='jabber:x:data' type='result'/>", NULL},
        {"<x xmlns='jabber:x:data' type='Submit'/>", NULL},
        {"<x xmlns='urn:x' type='submit'/>", NULL},
        {"<x type='submit'/>", NULL},
        {"<y xmlns='jabber:x:data' type='submit'/>", NULL},
        {X "<field type='hidden'/></x>", NULL},
        {X "<field type='text-single'><value>1</value></field></x>", NULL},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct form form = {.field_count = 77};
        bool is_form = form_of(rows[i].text, &form);
        if (is_form != (rows[i].form != NULL))
            fail_msg("%s: %s", is_form ? "accepted" : "refused", rows[i].text);
        if (!is_form) {
            assert_int_equal(form.field_count, 77);
            continue;
        }
        char *text = shown(&form);
        assert_string_equal(text, rows[i].form);
        assert_int_equal(form.type, FORM_SUBMIT);
        free(text);
        form_free(&form);
    }
}

static void test_cancel(void **state)
{
    (void)state;
    struct form form;
    assert_true(form_of("<x xmlns='jabber:x:data' type='cancel'/>", &form));
    assert_int_equal(form.type, FORM_CANCEL);
    assert_int_equal(form.field_count, 0);
    form_free(&form);
}

static void test_limits(void **state)
{
    (void)state;
    static const struct {
        int fields, values; /* fields, and values in each */
        bool is_form;
    } rows[] = {
        {FORM_FIELDS_MAX, 0, true},
        {FORM_FIELDS_MAX + 1, 0, false},
        {FORM_FIELDS_MAX, 4, true},
        {1, FORM_VALUES_MAX, true},
        {1, FORM_VALUES_MAX + 1, false},
        {103, 5, false},
        {10000, 0, false},
        {1, 10000, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct buf text = BUF_INIT;
        struct form form;
        buf_add_text(&text, X);
        for (int j = 0; j < rows[i].fields; j++) {
            buf_printf(&text, "<field var='f%d'>", j);
            for (int k = 0; k < rows[i].values; k++)
                buf_add_text(&text, "<value>v</value>");
            buf_add_text(&text, "</field>");
        }
        buf_add_text(&text, "</x>");
        bool is_form = form_of(text.data, &form);
        assert_int_equal(is_form, rows[i].is_form);
        if (is_form) {
            assert_int_equal(form.field_count, rows[i].fields);
            assert_int_equal(form.fields[0].value_count, rows[i].values);
            form_free(&form);
        }
        buf_free(&text);
    }
}

static void test_fields(void **state)
{
    (void)state;
    struct form form;
    assert_true(form_of(X "<field var='FORM_TYPE'><value>urn:f</value></field>"
                          "<field var='many'><value>1</value><value>2</value></field>"
                          "<field var='none'/></x>",
                        &form));
    assert_string_equal(form_form_type(&form), "urn:f");
    assert_string_equal(form_field_value(form_field(&form, "many")), "1");
    assert_string_equal(form_field_value(form_field(&form, "none")), "");
    assert_null(form_field(&form, "Many"));
    form_free(&form);
    assert_null(form.fields);
    assert_true(form_of(X "<field var='a'/></x>", &form));
    assert_null(form_form_type(&form));
    form_free(&form);
}

static void test_boolean(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_boolean, value;
    } rows[] = {
        {"1", true, true},      {"true", true, true}, {"0", true, false},
        {"false", true, false}, {"", false, false},   {"True", false, false},
        {"yes", false, false},  {"2", false, false},  {" 1", false, false},
        {"1 ", false, false},   {"01", false, false}, {"falsey", false, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        bool value = !rows[i].value;
        assert_int_equal(form_boolean(rows[i].text, &value), rows[i].is_boolean);
        assert_int_equal(value, rows[i].is_boolean ? rows[i].value : !rows[i].value);
    }
}

static void test_write(void **state)
{
    (void)state;
    struct buf out = BUF_INIT;
    struct xml xml = xml_to(&out);
    form_write_open(&xml, "form", "urn:f");
    xml_element(&xml, "title", NULL, span_of("Room"));
    form_write_field(&xml, "one", "text-single", "One & only", span_of("a<b"));
    form_write_field(&xml, "empty", NULL, NULL, (struct span){NULL, 0});
    form_write_field_open(&xml, "list", "list-single", "Choose");
    form_write_value(&xml, span_of("y"));
    form_write_option(&xml, "Ex", span_of("x"));
    form_write_option(&xml, NULL, span_of("y"));
    xml_close(&xml);
    xml_close(&xml);
    assert_int_equal(xml.depth, 0);
    assert_string_equal(
        out.data,
        "<x xmlns='jabber:x:data' type='form'>"
        "<field var='FORM_TYPE' type='hidden'><value>urn:f</value></field>"
        "<title>Room</title>"
        "<field var='one' type='text-single' label='One &amp; only'><value>a&lt;b</value></field>"
        "<field var='empty'><value/></field>"
        "<field var='list' type='list-single' label='Choose'><value>y</value>"
        "<option label='Ex'><value>x</value></option><option><value>y</value></option></field>"
        "</x>");
    buf_free(&out);
}

/* What a form shows to people, and what it says of the values that it takes. */
static void test_write_for_people(void **state)
{
    (void)state;
    struct buf out = BUF_INIT;
    struct xml xml = xml_to(&out);
    form_write_open_titled(&xml, "urn:f", span_of("You & me"), "Choose.");
    form_write_fixed(&xml, "General");
    form_write_field_open(&xml, "n", "text-single", "Number");
    form_write_help(&xml, "From 0.");
    form_write_range(&xml, 9);
    form_write_value(&xml, span_of("5"));
    xml_close(&xml);
    form_write_field_open(&xml, "l", "text-single", NULL);
    form_write_datatype(&xml, "xs:language");
    xml_close(&xml);
    form_write_field_open(&xml, "o", "list-single", NULL);
    form_write_open_values(&xml);
    xml_close(&xml);
    xml_close(&xml);
    assert_string_equal(
        out.data,
        "<x xmlns='jabber:x:data' type='form'>"
        "<title>You &amp; me</title><instructions>Choose.</instructions>"
        "<field var='FORM_TYPE' type='hidden'><value>urn:f</value></field>"
        "<field type='fixed'><value>General</value></field>"
        "<field var='n' type='text-single' label='Number'><desc>From 0.</desc>"
        "<validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:integer'>"
        "<range min='0' max='9'/></validate><value>5</value></field>"
        "<field var='l' type='text-single'>"
        "<validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:language'>"
        "<basic/></validate></field>"
        "<field var='o' type='list-single'>"
        "<validate xmlns='http://jabber.org/protocol/xdata-validate' datatype='xs:string'>"
        "<open/></validate></field>"
        "</x>");
    buf_free(&out);
}

/* A form that is written is read back the same. */
static void test_write_and_read(void **state)
{
    (void)state;
    struct span values[] = {span_of("<&>'\" \n"), span_of("é😀")};
    struct buf out = BUF_INIT;
    struct xml xml = xml_to(&out);
    struct form form;
    form_write_open(&xml, "submit", "urn:f");
    form_write_field_open(&xml, "a'b", NULL, NULL);
    form_write_value(&xml, values[0]);
    form_write_value(&xml, values[1]);
    xml_close(&xml);
    xml_close(&xml);
    assert_true(form_of(out.data, &form));
    const struct form_field *field = form_field(&form, "a'b");
    assert_string_equal(form_form_type(&form), "urn:f");
    assert_int_equal(field->value_count, 2);
    assert_string_equal(field->values[0], values[0].at);
    assert_string_equal(field->values[1], values[1].at);
    form_free(&form);
    buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_read),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_boolean),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_write_for_people),
        cmocka_unit_test(test_write_and_read),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
