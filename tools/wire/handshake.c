#include "wire/handshake.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/id.h"
#include "coven/ns.h"
#include "wire/handshake_stream.h"
#include "wire/scram.h"
#include "wire/socket.h"

#define HEADER                                                                                     \
    "<?xml version='1.0'?><stream:stream xmlns:stream='" NS_STREAM "' xmlns='%s' %s='%s'%s>"

#define SHA1_BYTES 20
#define SHA1_TEXT  (2 * SHA1_BYTES + 1)

static bool send_buf(struct handshake *handshake, struct buf *text)
{
    bool ok = handshake_send(handshake, buf_span(text));
    OPENSSL_cleanse(text->data, text->len);
    buf_free(text);
    return ok;
}

static bool refuse(struct handshake *handshake, const char *why)
{
    if (handshake->why->len == 0)
        buf_add_text(handshake->why, why);
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

static bool let_in(struct handshake *handshake, const struct handshake_settings *settings)
{
    char id[ID_TEXT_SIZE], extra[ID_TEXT_SIZE + 8], text[SHA1_TEXT];
    if (!handshake_header(handshake))
        return false;
    struct buf header = BUF_INIT;
    id_random_text(id);
    snprintf(extra, sizeof extra, " id='%s'", id);
    buf_printf(&header, HEADER, NS_COMPONENT, "from", settings->service, extra);
    if (!send_buf(handshake, &header) || !handshake_expect(handshake, "handshake"))
        return false;
    hash_secret(id, settings->secret, text);
    if (handshake->inner.len != SHA1_TEXT - 1 ||
        CRYPTO_memcmp(handshake->inner.data, text, SHA1_TEXT - 1))
        return refuse(handshake, "the component has a different secret");
    return handshake_send(handshake, span_of("<handshake/>"));
}

int handshake_as_server(int listener, const struct handshake_settings *settings, struct buf *why)
{
    struct handshake handshake;
    handshake_begin(&handshake, socket_accept(listener, settings->timeout_ms, why),
                    settings->timeout_ms, why);
    return handshake_end(&handshake, handshake.fd >= 0 && let_in(&handshake, settings));
}

static bool shake_hands(struct handshake *handshake, const struct handshake_settings *settings)
{
    char text[SHA1_TEXT];
    struct buf out = BUF_INIT;
    buf_printf(&out, HEADER, NS_COMPONENT, "to", settings->domain, "");
    if (!send_buf(handshake, &out) || !handshake_header(handshake))
        return false;
    hash_secret(handshake->id.data, settings->secret, text);
    buf_printf(&out, "<handshake>%s</handshake>", text);
    return send_buf(handshake, &out) && handshake_expect(handshake, "handshake");
}

int handshake_as_component(const struct handshake_settings *settings, struct buf *why)
{
    struct handshake handshake;
    handshake_begin(&handshake, socket_connect(settings->host, settings->port, why),
                    settings->timeout_ms, why);
    return handshake_end(&handshake, handshake.fd >= 0 && shake_hands(&handshake, settings));
}

/* ---- Clients ---- */

struct credentials {
    const char *user, *password, *mechanism;
    enum scram_hash hash;
};

static bool send_sasl(struct handshake *handshake, const char *element, const char *mechanism,
                      struct span data)
{
    struct buf out = BUF_INIT;
    buf_printf(&out, "<%s xmlns='" NS_SASL "'", element);
    if (mechanism)
        buf_printf(&out, " mechanism='%s'", mechanism);
    buf_add_char(&out, '>');
    wire_base64_add(&out, data);
    buf_printf(&out, "</%s>", element);
    return send_buf(handshake, &out);
}

static bool run_plain(struct handshake *handshake, const struct credentials *credentials)
{
    struct buf data = BUF_INIT;
    buf_add_char(&data, '\0');
    buf_add_text(&data, credentials->user);
    buf_add_char(&data, '\0');
    buf_add_text(&data, credentials->password);
    bool ok = send_sasl(handshake, "auth", credentials->mechanism, buf_span(&data));
    OPENSSL_cleanse(data.data, data.len);
    buf_free(&data);
    return ok && handshake_expect(handshake, "success");
}

static bool scram_answer(struct handshake *handshake, struct scram_client *scram)
{
    struct buf first = BUF_INIT, final = BUF_INIT, proof = BUF_INIT;
    bool ok = handshake_expect(handshake, "challenge");
    if (ok && !(wire_base64_read(buf_span(&handshake->inner), &first) &&
                scram_client_final(scram, buf_span(&first), &final)))
        ok = refuse(handshake, "the server's SCRAM challenge is malformed");
    ok = ok && send_sasl(handshake, "response", NULL, buf_span(&final)) &&
         handshake_expect(handshake, "success");
    if (ok && !(wire_base64_read(buf_span(&handshake->inner), &proof) &&
                scram_client_verify(scram, buf_span(&proof))))
        ok = refuse(handshake, "the server did not prove that it knows the password");
    buf_free(&first);
    buf_free(&final);
    buf_free(&proof);
    return ok;
}

static bool run_scram(struct handshake *handshake, const struct credentials *credentials)
{
    struct scram_client *scram =
        scram_client_new(credentials->hash, credentials->user, credentials->password);
    struct buf first = BUF_INIT;
    scram_client_first(scram, &first);
    bool ok = send_sasl(handshake, "auth", credentials->mechanism, buf_span(&first));
    buf_free(&first);
    ok = ok && scram_answer(handshake, scram);
    scram_client_free(scram);
    return ok;
}

/* The cheapest first: thousands log in, and the password is no secret. */
static const struct login_mechanism {
    const char *name;
    bool (*run)(struct handshake *handshake, const struct credentials *credentials);
    enum scram_hash hash;
} mechanisms[] = {
    {"PLAIN", run_plain, SCRAM_SHA_1},
    {"SCRAM-SHA-1", run_scram, SCRAM_SHA_1},
    {"SCRAM-SHA-256", run_scram, SCRAM_SHA_256},
};

static bool authenticate(struct handshake *handshake, const struct handshake_settings *settings,
                         const char *user)
{
    for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++) {
        const struct login_mechanism *mechanism = &mechanisms[i];
        struct buf offer = BUF_INIT;
        buf_printf(&offer, ">%s<", mechanism->name);
        bool offered = strstr(handshake->inner.data, offer.data) != NULL;
        buf_free(&offer);
        if (offered) {
            struct credentials credentials = {user, settings->password, mechanism->name,
                                              mechanism->hash};
            return mechanism->run(handshake, &credentials);
        }
    }
    return refuse(handshake, "the server offers neither PLAIN nor SCRAM without TLS");
}

static bool open_stream(struct handshake *handshake, const struct handshake_settings *settings)
{
    struct buf header = BUF_INIT, more = BUF_INIT;
    buf_printf(&more, " version='1.0' %s", settings->declarations ? settings->declarations : "");
    buf_printf(&header, HEADER, NS_CLIENT, "to", settings->domain, more.data);
    buf_free(&more);
    return send_buf(handshake, &header) && handshake_header(handshake) &&
           handshake_expect(handshake, "features");
}

static bool start_tls(struct handshake *handshake, const struct handshake_settings *settings)
{
    if (!strstr(handshake->inner.data, "<starttls"))
        return refuse(handshake, "the server offers no TLS");
    if (!handshake_send(handshake, span_of("<starttls xmlns='" NS_TLS "'/>")) ||
        !handshake_expect(handshake, "proceed"))
        return false;
    handshake->tls = tls_connect(handshake->fd, settings->domain, handshake->deadline);
    if (!handshake->tls)
        return refuse(handshake, "the TLS handshake failed");
    wire_stream_restart(handshake->stream);
    return open_stream(handshake, settings);
}

static bool send_bind(struct handshake *handshake, const struct handshake_settings *settings)
{
    struct buf out = BUF_INIT;
    buf_printf(&out,
               "<iq type='set' id='bind'><bind xmlns='" NS_BIND
               "'><resource>%s</resource></bind></iq>",
               settings->resource);
    return send_buf(handshake, &out);
}

/* Skips stanzas for an earlier session of the same address. */
static bool receive_bound(struct handshake *handshake)
{
    do {
        if (!handshake_next(handshake))
            return false;
    } while (strcmp(handshake->name.data, "iq") != 0);
    return true;
}

static bool bind_resource(struct handshake *handshake, const struct handshake_settings *settings)
{
    if (!send_bind(handshake, settings) || !receive_bound(handshake))
        return false;
    return strcmp(handshake->type.data, "result") == 0 ||
           refuse(handshake, "the server bound no resource");
}

/* The session cannot be resumed: it ends with its connection. */
static bool enable_stream_management(struct handshake *handshake)
{
    return handshake_send(handshake, span_of("<enable xmlns='" NS_SM "'/>")) &&
           handshake_expect(handshake, "enabled");
}

static bool log_in(struct handshake *handshake, const struct handshake_settings *settings,
                   const char *user)
{
    if (!open_stream(handshake, settings) || (settings->tls_r && !start_tls(handshake, settings)) ||
        !authenticate(handshake, settings, user))
        return false;
    wire_stream_restart(handshake->stream);
    return open_stream(handshake, settings) && bind_resource(handshake, settings) &&
           (!settings->stream_management || enable_stream_management(handshake));
}

int handshake_as_client(const struct handshake_settings *settings, const char *user,
                        struct buf *why)
{
    struct handshake handshake;
    handshake_begin(&handshake, socket_connect(settings->host, settings->port, why),
                    settings->timeout_ms, why);
    int fd = handshake_end(&handshake, handshake.fd >= 0 && log_in(&handshake, settings, user));
    if (fd >= 0 && settings->tls_r)
        *settings->tls_r = handshake.tls;
    if (fd < 0 && why->len)
        buf_printf(why, " (as %s)", user);
    return fd;
}
