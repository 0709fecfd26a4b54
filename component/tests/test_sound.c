/* What a disk damaged is known as that. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "coven/sound.h"

#define STANZA                                                                                     \
    "<message from='r@c/n' to='' xml:lang='de'><body>a &lt;b&gt; caf\xC3\xA9</body><x "            \
    "xmlns='u:v'><y z='&apos;&#10;'/></x></message>"

static void what_was_written_is_sound(void **state)
{
    (void)state;
    assert_true(sound_element(span_of(STANZA), "message"));
    assert_true(sound_element(span_of("<message/>"), "message"));
    assert_true(sound_element(span_of("<message><x p:a='b' xmlns:p='u'/></message>"), "message"));
    assert_true(sound_element(span_of("<message></message>"), "message"));
    assert_true(sound_address(span_of(STANZA), (size_t)(strstr(STANZA, "to=''") + 4 - STANZA)));
}

static void what_is_no_element_is_not(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "<",
        "<message",
        "<message>",
        "message/>",
        "<presence/>",
        "<messages/>",
        "<message/><message/>",
        "<message/> ",
        "<message></presence>",
        "<message></message></message>",
        "<message><a></message>",
        "<message><a></b></message>",
        "<message a></message>",
        "<message a=''b=''/>",
        "<message a='<'/>",
        "<message a='/>",
        "<message =''/>",
        "<message>&</message>",
        "<message>&nbsp;</message>",
        "<message>\x01</message>",
        "<message>\xC3</message>",
        "<message><!-- --></message>",
        "<message></message",
        "<message><4/></message>",
        "<message><a!></a!></message>",
        "<message><p:a/></message>",
        "<message><p:a xmlns:p='u'/></message>", /* as nobody writes it */
        "<message 4ype='a'/>",
        "<message id='a' id='b'/>",
        "<message p:a='b'/>",
        "<message :a='b'/>",
        "<message xml:='b'/>",
    };
    assert_false(sound_element((struct span){NULL, 0}, "message"));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (sound_element(span_of(texts[i]), "message"))
            fail_msg("this was taken for sound: %s", texts[i]);
    }
}

/* No bit that turns and makes the text something else than XML is overlooked. */
static void every_cut_is_seen(void **state)
{
    (void)state;
    for (size_t len = 0; len < strlen(STANZA); len++)
        assert_false(sound_element((struct span){STANZA, len}, "message"));
    char deep[1024] = "<message>";
    for (int i = 0; i < 100; i++)
        strcat(deep, "<a>");
    assert_false(sound_element(span_of(deep), "message"));
}

static void an_address_has_its_place(void **state)
{
    (void)state;
    static const char text[] = "<message to='' a=' to='><b to=''/></message>";
    for (size_t at = 0; at < sizeof text + 10; at++)
        assert_int_equal(sound_address(span_of(text), at), at == 13);
}

static void a_sender_is_an_address_or_in_it(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool is_sender;
    } rows[] = {
        {"<message from='r@c' to=''/>", true},
        {"<message from='r@c/n' to=''/>", true},
        {"<message from='r@cc' to=''/>", false},
        {"<message from='r@' to=''/>", false},
        {"<message to='' from='r@c'/>", false},
        {"<message from='r@c", false},
        {"<message/>", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(sound_sender(span_of(rows[i].text), span_of("r@c")), rows[i].is_sender);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_sound),
        cmocka_unit_test(what_is_no_element_is_not),
        cmocka_unit_test(every_cut_is_seen),
        cmocka_unit_test(an_address_has_its_place),
        cmocka_unit_test(a_sender_is_an_address_or_in_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
