/* The owner's form: what it shows, and what happens when it comes back. */
#include <sqlite3.h>

#include "muc/state/room_life.h"
#include "room_fixture.h"
#include "store/store_private.h"

#define GET_FORM IQ("get", ROMEO, "form", "<query xmlns='" NS_MUC_OWNER "'/>")

static sqlite3 *open_kept(struct rig *rig)
{
    char *why = NULL;
    struct store *store = store_open(&(struct store_settings){NULL, true}, &why);
    assert_non_null(store);
    rig_open_on(rig, store);
    rig_join(rig, ROMEO, ROOM "/Romeo");
    room_do(rig, CONFIGURE(CONFIG_FIELD("persistentroom", "1")));
    return store->db;
}

/* The caller frees the answer. */
static char *get_form(struct rig *rig)
{
    rig_send(rig, GET_FORM);
    char *form = rig_receive(rig, ROMEO);
    assert_non_null(form);
    assert_non_null(strstr(form, " type='result' "));
    return form;
}

/* Asserts that the form has the field, with that value first; NULL: with an empty one. */
static void expect_shown(struct rig *rig, const char *var, const char *value)
{
    struct buf name = BUF_INIT, text = BUF_INIT;
    char *form = get_form(rig);
    buf_printf(&name, "<field var='%s'", var);
    if (value)
        buf_printf(&text, "<value>%s</value>", value);
    else
        buf_add_text(&text, "<value/>");
    char *field = strstr(form, name.data);
    if (!field)
        fail_msg("no %s in %s", var, form);
    char *first = strstr(field, "<value"), *end = strstr(field, "</field>");
    if (!first || first > end || strncmp(first, text.data, text.len) != 0)
        fail_msg("%s is not %s in %s", var, text.data, form);
    buf_free(&name);
    buf_free(&text);
    free(form);
}

#define OWN(name, value) FIELD("{urn:coven:0}" name, value)

/* A store of an earlier version has options under other names. */
static void former_names_in_the_store(void **state)
{
    (void)state;
    struct rig rig;
    sqlite3 *db = open_kept(&rig);
    room_do(&rig, CONFIGURE(OWN("archivedays", "30") OWN("registration", "approval")));
    assert_int_equal(sqlite3_exec(db,
                                  "UPDATE room_option SET var = replace(var, '{urn:coven:0}',"
                                  " 'x-muc#roomconfig_') WHERE var LIKE '{%'",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_changes(db), 2);
    rig_restart(&rig);
    expect_shown(&rig, "{urn:coven:0}archivedays", "30");
    expect_shown(&rig, "{urn:coven:0}registration", "approval");
    room_do(&rig, CONFIGURE(OWN("archivedays", "7") OWN("registration", "members")));
    rig_restart(&rig);
    expect_shown(&rig, "{urn:coven:0}archivedays", "7");
    expect_shown(&rig, "{urn:coven:0}registration", "members");
    rig_close(&rig);
}

/* A new room has its creator's language. */
static void language_of_the_creator(void **state)
{
    static const struct {
        const char *given, *lang;
    } rows[] = {
        {"fr", "fr"}, {"pt-BR", "pt-BR"}, {NULL, ""}, {"", ""}, {"not a tag", ""}, {"<b>", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct rig rig;
        rig_open(&rig);
        struct room *room = room_life_create(rig.service, span_of("room"),
                                             span_of("romeo@verona.lit"), span_of(rows[i].given));
        assert_string_equal(room->config.lang, rows[i].lang);
        assert_int_equal(store_commit(rig.store), STORE_OK);
        service_settle(rig.service, true);
        rig_restart(&rig);
        rig_join(&rig, ROMEO, ROOM "/Romeo");
        expect_shown(&rig, "muc#roomconfig_lang", *rows[i].lang ? rows[i].lang : NULL);
        rig_close(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(former_names_in_the_store),
        cmocka_unit_test(language_of_the_creator),
    };
    return cmocka_run_group_tests_name("owner form", tests, NULL, NULL);
}
