#include "wire/talk.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/id.h"
#include "coven/ns.h"
#include "wire/scram.h"
#include "wire/talk_stream.h"

#define HEADER                                                                                     \
    "<?xml version='1.0'?><stream:stream xmlns:stream='" NS_STREAM "' xmlns='%s' %s='%s'%s>"

#define SHA1_BYTES 20
#define SHA1_TEXT  (2 * SHA1_BYTES + 1)

static bool send_buf(struct talk *talk, struct buf *text)
{
    bool ok = talk_send(talk, buf_span(text));
    OPENSSL_cleanse(text->data, text->len);
    buf_free(text);
    return ok;
}

static bool refuse(struct talk *talk, const char *why)
{
    if (talk->why->len == 0)
        buf_add_text(talk->why, why);
    return false;
}

/* ---- Components (XEP-0114) ---- */

static void hash_secret(const char *id, const char *secret, char text[SHA1_TEXT])
{
    unsigned char digest[SHA1_BYTES];
    struct buf in = BUF_INIT;
    buf_add_text(&in, id);
    buf_add_text(&in, secret);
    int ok = EVP_Digest(in.data, in.len, digest, NULL, EVP_sha1(), NULL);
    coven_assert(ok == 1);
    id_hex(digest, sizeof digest, text);
    OPENSSL_cleanse(in.data, in.cap);
    buf_free(&in);
}

static bool let_in(struct talk *talk, const struct talk_settings *settings)
{
    char id[ID_TEXT_SIZE], extra[ID_TEXT_SIZE + 8], text[SHA1_TEXT];
    if (!talk_header(talk))
        return false;
    struct buf header = BUF_INIT;
    id_random_text(id);
    snprintf(extra, sizeof extra, " id='%s'", id);
    buf_printf(&header, HEADER, NS_COMPONENT, "from", settings->service, extra);
    if (!send_buf(talk, &header) || !talk_expect(talk, "handshake"))
        return false;
    hash_secret(id, settings->secret, text);
    if (talk->inner.len != SHA1_TEXT - 1 || CRYPTO_memcmp(talk->inner.data, text, SHA1_TEXT - 1))
        return refuse(talk, "the component has another secret");
    return talk_send(talk, span_of("<handshake/>"));
}

int talk_as_server(int listener, const struct talk_settings *settings, struct buf *why)
{
    struct talk talk;
    talk_begin(&talk, talk_accept(listener, settings->timeout_ms, why), settings->timeout_ms, why);
    return talk_end(&talk, talk.fd >= 0 && let_in(&talk, settings));
}

static bool shake_hands(struct talk *talk, const struct talk_settings *settings)
{
    char text[SHA1_TEXT];
    struct buf out = BUF_INIT;
    buf_printf(&out, HEADER, NS_COMPONENT, "to", settings->domain, "");
    if (!send_buf(talk, &out) || !talk_header(talk))
        return false;
    hash_secret(talk->id.data, settings->secret, text);
    buf_printf(&out, "<handshake>%s</handshake>", text);
    return send_buf(talk, &out) && talk_expect(talk, "handshake");
}

int talk_as_component(const struct talk_settings *settings, struct buf *why)
{
    struct talk talk;
    talk_begin(&talk, talk_connect(settings->host, settings->port, why), settings->timeout_ms, why);
    return talk_end(&talk, talk.fd >= 0 && shake_hands(&talk, settings));
}

/* ---- Clients ---- */

struct login {
    const char *user, *password, *mechanism;
    enum scram_hash hash;
};

static bool send_sasl(struct talk *talk, const char *element, const char *mechanism,
                      struct span data)
{
    struct buf out = BUF_INIT;
    buf_printf(&out, "<%s xmlns='" NS_SASL "'", element);
    if (mechanism)
        buf_printf(&out, " mechanism='%s'", mechanism);
    buf_add_char(&out, '>');
    wire_base64_add(&out, data);
    buf_printf(&out, "</%s>", element);
    return send_buf(talk, &out);
}

static bool run_plain(struct talk *talk, const struct login *login)
{
    struct buf data = BUF_INIT;
    buf_add_char(&data, '\0');
    buf_add_text(&data, login->user);
    buf_add_char(&data, '\0');
    buf_add_text(&data, login->password);
    bool ok = send_sasl(talk, "auth", login->mechanism, buf_span(&data));
    OPENSSL_cleanse(data.data, data.len);
    buf_free(&data);
    return ok && talk_expect(talk, "success");
}

static bool scram_answer(struct talk *talk, struct scram_client *scram)
{
    struct buf first = BUF_INIT, final = BUF_INIT, proof = BUF_INIT;
    bool ok = talk_expect(talk, "challenge");
    if (ok && !(wire_base64_read(buf_span(&talk->inner), &first) &&
                scram_client_final(scram, buf_span(&first), &final)))
        ok = refuse(talk, "the server's SCRAM challenge is malformed");
    ok = ok && send_sasl(talk, "response", NULL, buf_span(&final)) && talk_expect(talk, "success");
    if (ok && !(wire_base64_read(buf_span(&talk->inner), &proof) &&
                scram_client_verify(scram, buf_span(&proof))))
        ok = refuse(talk, "the server did not prove that it knows the password");
    buf_free(&first);
    buf_free(&final);
    buf_free(&proof);
    return ok;
}

static bool run_scram(struct talk *talk, const struct login *login)
{
    struct scram_client *scram = scram_client_new(login->hash, login->user, login->password);
    struct buf first = BUF_INIT;
    scram_client_first(scram, &first);
    bool ok = send_sasl(talk, "auth", login->mechanism, buf_span(&first));
    buf_free(&first);
    ok = ok && scram_answer(talk, scram);
    scram_client_free(scram);
    return ok;
}

/* The cheapest first: thousands log in, and the password is no secret. */
static const struct mechanism {
    const char *name;
    bool (*run)(struct talk *talk, const struct login *login);
    enum scram_hash hash;
} mechanisms[] = {
    {"PLAIN", run_plain, SCRAM_SHA_1},
    {"SCRAM-SHA-1", run_scram, SCRAM_SHA_1},
    {"SCRAM-SHA-256", run_scram, SCRAM_SHA_256},
};

static bool authenticate(struct talk *talk, const struct talk_settings *settings, const char *user)
{
    for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++) {
        const struct mechanism *mechanism = &mechanisms[i];
        struct buf offer = BUF_INIT;
        buf_printf(&offer, ">%s<", mechanism->name);
        bool offered = strstr(talk->inner.data, offer.data) != NULL;
        buf_free(&offer);
        if (offered) {
            struct login login = {user, settings->password, mechanism->name, mechanism->hash};
            return mechanism->run(talk, &login);
        }
    }
    return refuse(talk, "the server offers neither PLAIN nor SCRAM without TLS");
}

static bool open_stream(struct talk *talk, const struct talk_settings *settings)
{
    struct buf header = BUF_INIT, more = BUF_INIT;
    buf_printf(&more, " version='1.0' %s", settings->declarations ? settings->declarations : "");
    buf_printf(&header, HEADER, NS_CLIENT, "to", settings->domain, more.data);
    buf_free(&more);
    return send_buf(talk, &header) && talk_header(talk) && talk_expect(talk, "features");
}

static bool send_bind(struct talk *talk, const struct talk_settings *settings)
{
    struct buf out = BUF_INIT;
    buf_printf(&out,
               "<iq type='set' id='bind'><bind xmlns='" NS_BIND
               "'><resource>%s</resource></bind></iq>",
               settings->resource);
    return send_buf(talk, &out);
}

/* Who was here a moment ago may get what was meant for him then. */
static bool hear_bound(struct talk *talk)
{
    do {
        if (!talk_next(talk))
            return false;
    } while (strcmp(talk->name.data, "iq") != 0);
    return true;
}

static bool log_in(struct talk *talk, const struct talk_settings *settings, const char *user)
{
    if (!open_stream(talk, settings) || !authenticate(talk, settings, user))
        return false;
    wire_stream_restart(talk->stream);
    if (!open_stream(talk, settings) || !send_bind(talk, settings) || !hear_bound(talk))
        return false;
    return strcmp(talk->type.data, "result") == 0 || refuse(talk, "the server bound no resource");
}

int talk_as_client(const struct talk_settings *settings, const char *user, struct buf *why)
{
    struct talk talk;
    talk_begin(&talk, talk_connect(settings->host, settings->port, why), settings->timeout_ms, why);
    int fd = talk_end(&talk, talk.fd >= 0 && log_in(&talk, settings, user));
    if (fd < 0 && why->len)
        buf_printf(why, " (as %s)", user);
    return fd;
}
