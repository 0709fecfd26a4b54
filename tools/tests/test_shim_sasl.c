/* The server's side of a login, from base64 to base64. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "shim/sasl.h"

#define DOMAIN span_of("localhost")

static struct accounts with_romeo(void)
{
    struct accounts accounts;
    accounts_open(&accounts, false);
    assert_true(accounts_add(&accounts, span_of("romeo"), span_of(""), "pw"));
    assert_true(accounts_add(&accounts, span_of("only"), span_of("h1.localhost"), "zz"));
    assert_false(accounts_add(&accounts, span_of("romeo"), span_of(""), "again"));
    return accounts;
}

static void encode(struct buf *out, const char *bytes, size_t len)
{
    wire_base64_add(out, (struct span){bytes, len});
}

struct plain {
    const char *bytes;
    size_t len;
    enum sasl_state state;
    const char *condition;
};

#define PLAIN(text, state, condition)                                                              \
    {                                                                                              \
        text, sizeof(text) - 1, state, condition                                                   \
    }

static void plain_checks_name_and_password(void **state)
{
    (void)state;
    static const struct plain table[] = {
        PLAIN("\0romeo\0pw", SASL_SUCCESS, NULL),
        PLAIN("\0ROMEO\0pw", SASL_SUCCESS, NULL),
        PLAIN("\0romeo@localhost\0pw", SASL_SUCCESS, NULL),
        PLAIN("romeo@localhost\0romeo\0pw", SASL_SUCCESS, NULL),
        PLAIN("juliet@localhost\0romeo\0pw", SASL_FAILURE, "invalid-authzid"),
        PLAIN("\0romeo\0pW", SASL_FAILURE, "not-authorized"),
        PLAIN("\0romeo\0", SASL_FAILURE, "not-authorized"),
        PLAIN("\0nobody\0", SASL_FAILURE, "not-authorized"),
        PLAIN("\0only\0zz", SASL_FAILURE, "not-authorized"),
        PLAIN("\0\0pw", SASL_FAILURE, "not-authorized"),
        PLAIN("\0ro@meo\0pw", SASL_FAILURE, "not-authorized"),
        PLAIN("\0romeo", SASL_FAILURE, "malformed-request"),
        PLAIN("romeo", SASL_FAILURE, "malformed-request"),
    };
    struct accounts accounts = with_romeo();
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct sasl sasl = {0};
        struct buf text = BUF_INIT, out = BUF_INIT;
        encode(&text, table[i].bytes, table[i].len);
        struct sasl_answer answer =
            sasl_begin(&sasl, &accounts, DOMAIN, "PLAIN", buf_span(&text), &out);
        assert_int_equal(answer.state, table[i].state);
        if (table[i].condition)
            assert_string_equal(answer.condition, table[i].condition);
        else
            assert_string_equal(sasl.node, "romeo");
        sasl_end(&sasl);
        buf_free(&text);
        buf_free(&out);
    }
    accounts_close(&accounts);
}

/* Keys are expensive, and the time for them must not reveal who has an account. */
static void keys_are_made_once_for_a_password(void **state)
{
    (void)state;
    struct accounts accounts = with_romeo();
    assert_true(accounts_add(&accounts, span_of("juliet"), span_of(""), "pw"));
    assert_true(accounts_add(&accounts, span_of("tybalt"), span_of(""), "other"));
    for (int i = SCRAM_SHA_1; i <= SCRAM_SHA_256; i++) {
        enum scram_hash hash = (enum scram_hash)i;
        const struct scram_keys *romeo = accounts_keys(&accounts, span_of("romeo"), DOMAIN, hash),
                                *juliet = accounts_keys(&accounts, span_of("juliet"), DOMAIN, hash),
                                *tybalt = accounts_keys(&accounts, span_of("tybalt"), DOMAIN, hash),
                                *nobody = accounts_keys(&accounts, span_of("nobody"), DOMAIN, hash);
        assert_ptr_equal(romeo, juliet);
        assert_memory_equal(romeo->salt, tybalt->salt, SCRAM_SALT);
        assert_memory_equal(romeo->salt, nobody->salt, SCRAM_SALT);
        assert_memory_not_equal(romeo->stored_key, tybalt->stored_key, SCRAM_HASH_MAX);
        assert_memory_not_equal(romeo->stored_key, nobody->stored_key, SCRAM_HASH_MAX);
    }
    accounts_close(&accounts);
}

static void an_account_can_be_of_one_domain(void **state)
{
    (void)state;
    struct accounts accounts = with_romeo();
    assert_true(accounts_check(&accounts, span_of("only"), span_of("h1.localhost"), span_of("zz")));
    assert_false(accounts_check(&accounts, span_of("only"), DOMAIN, span_of("zz")));
    assert_true(accounts_exists(&accounts, span_of("romeo"), span_of("h1.localhost")));
    assert_false(accounts_exists(&accounts, span_of("nobody"), DOMAIN));
    accounts_close(&accounts);
}

/* One SCRAM login of `user` with `password`. */
static enum sasl_state scram(struct accounts *accounts, const char *user, const char *password)
{
    struct sasl sasl = {0};
    struct buf message = BUF_INIT, text = BUF_INIT, out = BUF_INIT, server = BUF_INIT;
    struct scram_client *client = scram_client_new(SCRAM_SHA_256, user, password);
    scram_client_first(client, &message);
    wire_base64_add(&text, buf_span(&message));
    struct sasl_answer answer =
        sasl_begin(&sasl, accounts, DOMAIN, "SCRAM-SHA-256", buf_span(&text), &out);
    assert_int_equal(answer.state, SASL_CHALLENGE);
    assert_true(wire_base64_read(buf_span(&out), &server));
    buf_clear(&message);
    buf_clear(&text);
    buf_clear(&out);
    assert_true(scram_client_final(client, buf_span(&server), &message));
    wire_base64_add(&text, buf_span(&message));
    answer = sasl_step(&sasl, accounts, DOMAIN, buf_span(&text), &out);
    if (answer.state == SASL_SUCCESS) {
        buf_clear(&server);
        assert_true(wire_base64_read(buf_span(&out), &server));
        assert_true(scram_client_verify(client, buf_span(&server)));
    } else {
        assert_int_equal(out.len, 0);
    }
    scram_client_free(client);
    sasl_end(&sasl);
    buf_free(&message);
    buf_free(&text);
    buf_free(&out);
    buf_free(&server);
    return answer.state;
}

static void scram_checks_the_proof(void **state)
{
    (void)state;
    struct accounts accounts = with_romeo();
    assert_int_equal(scram(&accounts, "romeo", "pw"), SASL_SUCCESS);
    assert_int_equal(scram(&accounts, "romeo", "wrong"), SASL_FAILURE);
    assert_int_equal(scram(&accounts, "nobody", "pw"), SASL_FAILURE);
    assert_int_equal(scram(&accounts, "only", "zz"), SASL_FAILURE);
    accounts_close(&accounts);
}

static void any_user_logs_in_by_plain_only(void **state)
{
    (void)state;
    struct accounts accounts;
    struct sasl sasl = {0};
    struct buf text = BUF_INIT, out = BUF_INIT;
    accounts_open(&accounts, true);
    assert_string_equal(sasl_offer(&accounts, 0), "PLAIN");
    assert_null(sasl_offer(&accounts, 1));
    struct sasl_answer answer =
        sasl_begin(&sasl, &accounts, DOMAIN, "SCRAM-SHA-1", span_of(""), &out);
    assert_string_equal(answer.condition, "invalid-mechanism");
    encode(&text, "\0who\0ever", 9);
    answer = sasl_begin(&sasl, &accounts, DOMAIN, "PLAIN", span_of(""), &out);
    assert_int_equal(answer.state, SASL_CHALLENGE);
    answer = sasl_step(&sasl, &accounts, DOMAIN, buf_span(&text), &out);
    assert_int_equal(answer.state, SASL_SUCCESS);
    assert_string_equal(sasl.node, "who");
    sasl_end(&sasl);
    buf_free(&text);
    accounts_close(&accounts);
}

static void malformed_input_is_refused(void **state)
{
    (void)state;
    struct accounts accounts = with_romeo();
    struct sasl sasl = {0};
    struct buf out = BUF_INIT;
    assert_string_equal(sasl_begin(&sasl, &accounts, DOMAIN, NULL, span_of(""), &out).condition,
                        "invalid-mechanism");
    assert_string_equal(sasl_begin(&sasl, &accounts, DOMAIN, "X", span_of(""), &out).condition,
                        "invalid-mechanism");
    assert_string_equal(sasl_step(&sasl, &accounts, DOMAIN, span_of("AAAA"), &out).condition,
                        "malformed-request");
    assert_string_equal(
        sasl_begin(&sasl, &accounts, DOMAIN, "PLAIN", span_of("!!!!"), &out).condition,
        "incorrect-encoding");
    sasl_end(&sasl);
    accounts_close(&accounts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_checks_name_and_password),
        cmocka_unit_test(keys_are_made_once_for_a_password),
        cmocka_unit_test(an_account_can_be_of_one_domain),
        cmocka_unit_test(scram_checks_the_proof),
        cmocka_unit_test(any_user_logs_in_by_plain_only),
        cmocka_unit_test(malformed_input_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
