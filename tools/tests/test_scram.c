/* SCRAM against the vectors of RFC 5802 and RFC 7677, and both sides against each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "wire/scram.h"

struct vector {
    enum scram_hash hash;
    const char *nonce, *client_first, *server_first, *client_final, *server_final;
};

static const struct vector vectors[] = {
    {SCRAM_SHA_1, "fyko+d2lbbFgONRv9qkxdawL", "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
     "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
     "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
     "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="},
    {SCRAM_SHA_256, "rOprNGfwEbeRWgbNEkqO", "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
     "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
     "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
     "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
     "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="},
};

static void client_speaks_the_vectors(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
        const struct vector *v = &vectors[i];
        struct scram_client *client = scram_client_new(v->hash, "user", "pencil");
        struct buf out = BUF_INIT;
        scram_client_set_nonce(client, v->nonce);
        scram_client_first(client, &out);
        assert_string_equal(out.data, v->client_first);
        buf_clear(&out);
        assert_false(scram_client_verify(client, span_of(v->server_final)));
        assert_true(scram_client_final(client, span_of(v->server_first), &out));
        assert_string_equal(out.data, v->client_final);
        assert_false(scram_client_verify(client, span_of("v=AAAA")));
        assert_false(scram_client_verify(client, span_of("e=other-error")));
        assert_true(scram_client_verify(client, span_of(v->server_final)));
        buf_free(&out);
        scram_client_free(client);
    }
}

static void server_speaks_the_vector(void **state)
{
    (void)state;
    const struct vector *v = &vectors[1];
    struct buf salt = BUF_INIT, out = BUF_INIT;
    struct scram_keys keys = {.hash = SCRAM_SHA_256, .iterations = 4096};
    assert_true(wire_base64_read(span_of("W22ZaJ0SNY7soEsUEjb6gQ=="), &salt));
    assert_int_equal(salt.len, sizeof keys.salt);
    memcpy(keys.salt, salt.data, salt.len);
    scram_keys_derive(&keys, "pencil");

    struct scram_server *server = scram_server_new(SCRAM_SHA_256);
    scram_server_set_nonce(server, "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0");
    assert_string_equal(scram_server_user(server, span_of(v->client_first)), "user");
    scram_server_first(server, &keys, &out);
    assert_string_equal(out.data, v->server_first);
    buf_clear(&out);
    assert_true(scram_server_final(server, span_of(v->client_final), &out));
    assert_string_equal(out.data, v->server_final);
    buf_free(&out);
    buf_free(&salt);
    scram_server_free(server);
}

/* One login. True: the server accepts the client, and the client the server. */
static bool login(enum scram_hash hash, const char *user, const char *known, const char *given)
{
    struct scram_keys keys;
    struct buf to_server = BUF_INIT, to_client = BUF_INIT;
    struct scram_client *client = scram_client_new(hash, user, given);
    struct scram_server *server = scram_server_new(hash);
    scram_keys_make(&keys, hash, known, 4096);
    scram_client_first(client, &to_server);
    const char *name = scram_server_user(server, buf_span(&to_server));
    assert_non_null(name);
    assert_string_equal(name, user);
    scram_server_first(server, &keys, &to_client);
    buf_clear(&to_server);
    assert_true(scram_client_final(client, buf_span(&to_client), &to_server));
    buf_clear(&to_client);
    bool ok = scram_server_final(server, buf_span(&to_server), &to_client) &&
              scram_client_verify(client, buf_span(&to_client));
    scram_client_free(client);
    scram_server_free(server);
    buf_free(&to_server);
    buf_free(&to_client);
    return ok;
}

static void both_sides_agree(void **state)
{
    (void)state;
    assert_true(login(SCRAM_SHA_1, "romeo", "secret", "secret"));
    assert_true(login(SCRAM_SHA_256, "a,b=c\xc3\xa9",
                      "s\xc3\xa9"
                      "cret,=",
                      "s\xc3\xa9"
                      "cret,="));
    assert_true(login(SCRAM_SHA_256, "romeo", "", ""));
    assert_false(login(SCRAM_SHA_1, "romeo", "secret", "Secret"));
    assert_false(login(SCRAM_SHA_256, "romeo", "secret", ""));
}

static void client_refuses_bad_servers(void **state)
{
    (void)state;
    static const char *const firsts[] = {
        "",
        "r=other,s=QSXCR+Q6sek8bf92,i=4096",
        "r=abc,s=QSXCR+Q6sek8bf92,i=4096",
        "r=abcd,s=,i=4096",
        "r=abcd,s=!!!!,i=4096",
        "r=abcd,s=QSXCR+Q6sek8bf92,i=0",
        "r=abcd,s=QSXCR+Q6sek8bf92,i=-1",
        "r=abcd,s=QSXCR+Q6sek8bf92,i=99999999999",
        "r=abcd,s=QSXCR+Q6sek8bf92",
        "m=x,r=abcd,s=QSXCR+Q6sek8bf92,i=4096",
    };
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        struct scram_client *client = scram_client_new(SCRAM_SHA_1, "user", "pencil");
        struct buf out = BUF_INIT;
        scram_client_set_nonce(client, "abc");
        scram_client_first(client, &out);
        assert_false(scram_client_final(client, span_of(firsts[i]), &out));
        buf_free(&out);
        scram_client_free(client);
    }
}

static void server_refuses_bad_clients(void **state)
{
    (void)state;
    static const char *const firsts[] = {
        "",
        "n",
        "n,,",
        "n,,n=user",
        "n,,r=abc",
        "p=tls-unique,,n=user,r=abc",
        "x,,n=user,r=abc",
        "n,,n=us=er,r=abc",
        "n,,n=user=2,r=abc",
        "n,,n=,r=abc",
        "n,,n=user,r=",
        "n,,m=1,n=user,r=a",
    };
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        struct scram_server *server = scram_server_new(SCRAM_SHA_1);
        assert_null(scram_server_user(server, span_of(firsts[i])));
        scram_server_free(server);
    }
}

static void server_checks_the_final_message(void **state)
{
    (void)state;
    static const char *const finals[] = {
        "",
        "c=biws",
        "c=biws,r=abcxyz",
        "c=biws,r=abcxyz,p=",
        "c=biws,r=abcxyz,p=AAAA",
        "c=eSws,r=abcxyz,p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "c=biws,r=abcxy,p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "c=biws,r=abcxyzz,p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "c=biws,r=abcxyz,p=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    };
    struct scram_keys keys;
    scram_keys_make(&keys, SCRAM_SHA_1, "pencil", 1);
    for (size_t i = 0; i < sizeof finals / sizeof *finals; i++) {
        struct scram_server *server = scram_server_new(SCRAM_SHA_1);
        struct buf out = BUF_INIT;
        scram_server_set_nonce(server, "xyz");
        assert_non_null(scram_server_user(server, span_of("n,,n=user,r=abc")));
        scram_server_first(server, &keys, &out);
        assert_false(scram_server_final(server, span_of(finals[i]), &out));
        buf_free(&out);
        scram_server_free(server);
    }
}

static void base64_is_strict(void **state)
{
    (void)state;
    static const struct {
        const char *text, *bytes;
    } good[] = {{"", ""}, {"Zg==", "f"}, {"Zm8=", "fo"}, {"Zm9v", "foo"}, {"Zm9vYmFy", "foobar"}};
    static const char *const bad[] = {"Z",    "Zg",    "Zg=",  "Zh==",   "=Zg=", "Zg==Zg==",
                                      "====", " Zg==", "Zg= ", "Zm9v\n", "Zm9-", "Zm\n9v123"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct buf out = BUF_INIT;
        assert_true(wire_base64_read(span_of(good[i].text), &out));
        assert_true(span_is(buf_span(&out), good[i].bytes));
        buf_clear(&out);
        wire_base64_add(&out, span_of(good[i].bytes));
        assert_true(span_is(buf_span(&out), good[i].text));
        buf_free(&out);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct buf out = BUF_INIT;
        assert_false(wire_base64_read(span_of(bad[i]), &out));
        assert_int_equal(out.len, 0);
        buf_free(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(client_speaks_the_vectors),
        cmocka_unit_test(server_speaks_the_vector),
        cmocka_unit_test(both_sides_agree),
        cmocka_unit_test(client_refuses_bad_servers),
        cmocka_unit_test(server_refuses_bad_clients),
        cmocka_unit_test(base64_is_strict),
        cmocka_unit_test(server_checks_the_final_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
