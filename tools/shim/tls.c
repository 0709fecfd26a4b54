#include "tls.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#include "coven/bug.h"
#include "coven/id.h"
#include "coven/mem.h"

#define CERT_SECONDS (365L * 24 * 3600)
#define READ_SIZE    16384

struct tls {
    SSL *ssl;
    BIO *in, *out; /* owned by ssl */
    struct buf wire;
};

/* ---- The certificate ---- */

static void add_name(X509 *cert, const char *domain)
{
    X509_NAME *name = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, (const unsigned char *)"coven-shim", -1,
                               -1, 0);
    X509_set_issuer_name(cert, name);
    struct buf alternative = BUF_INIT;
    buf_printf(&alternative, "DNS:%s", domain);
    X509_EXTENSION *extension =
        X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, alternative.data);
    if (extension) /* NULL for a name that is not ASCII */
        X509_add_ext(cert, extension, -1);
    X509_EXTENSION_free(extension);
    buf_free(&alternative);
}

static X509 *cert_new(EVP_PKEY *key, const char *domain)
{
    X509 *cert = X509_new();
    uint32_t serial;
    if (!cert)
        mem_exhausted();
    id_random_bytes(&serial, sizeof serial);
    X509_set_version(cert, 2);
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(cert), serial);
    X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert), CERT_SECONDS);
    X509_set_pubkey(cert, key);
    add_name(cert, domain);
    if (!X509_sign(cert, key, EVP_sha256())) {
        X509_free(cert);
        return NULL;
    }
    return cert;
}

static bool use_made(SSL_CTX *context, const char *domain)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *cert = key ? cert_new(key, domain) : NULL;
    bool ok = cert && SSL_CTX_use_certificate(context, cert) == 1 &&
              SSL_CTX_use_PrivateKey(context, key) == 1;
    X509_free(cert);
    EVP_PKEY_free(key);
    return ok;
}

static bool use_files(SSL_CTX *context, const char *cert_file, const char *key_file)
{
    return SSL_CTX_use_certificate_chain_file(context, cert_file) == 1 &&
           SSL_CTX_use_PrivateKey_file(context, key_file, SSL_FILETYPE_PEM) == 1 &&
           SSL_CTX_check_private_key(context) == 1;
}

SSL_CTX *tls_context_new(const char *domain, const char *cert_file, const char *key_file,
                         char **why_r)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    if (!context)
        mem_exhausted();
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    if (cert_file ? use_files(context, cert_file, key_file) : use_made(context, domain))
        return context;
    unsigned long error = ERR_peek_error();
    const char *reason =
        ERR_SYSTEM_ERROR(error) ? strerror(ERR_GET_REASON(error)) : ERR_reason_error_string(error);
    struct buf why = BUF_INIT;
    buf_printf(&why, "certificate %s, key %s: %s", cert_file ? cert_file : "(made here)",
               key_file ? key_file : "(made here)", reason ? reason : "cannot be used");
    *why_r = buf_take(&why);
    SSL_CTX_free(context);
    ERR_clear_error();
    return NULL;
}

/* ---- A connection ---- */

struct tls *tls_new(SSL_CTX *context)
{
    struct tls *tls = mem_new(sizeof *tls);
    tls->ssl = SSL_new(context);
    tls->in = BIO_new(BIO_s_mem());
    tls->out = BIO_new(BIO_s_mem());
    if (!tls->ssl || !tls->in || !tls->out)
        mem_exhausted();
    SSL_set_bio(tls->ssl, tls->in, tls->out);
    SSL_set_accept_state(tls->ssl);
    return tls;
}

void tls_free(struct tls *tls)
{
    if (!tls)
        return;
    SSL_free(tls->ssl);
    buf_free(&tls->wire);
    free(tls);
}

static void collect(struct tls *tls)
{
    size_t waiting = BIO_ctrl_pending(tls->out);
    if (waiting == 0)
        return;
    char *end = buf_reserve(&tls->wire, waiting);
    int len = BIO_read(tls->out, end, (int)waiting);
    coven_assert(len == (int)waiting);
    tls->wire.len += waiting;
    tls->wire.data[tls->wire.len] = '\0';
}

bool tls_receive(struct tls *tls, struct span wire, void (*plain)(void *user, struct span bytes),
                 void *user)
{
    char bytes[READ_SIZE];
    int len = 0;
    ERR_clear_error();
    if (BIO_write(tls->in, wire.at, (int)wire.len) != (int)wire.len)
        mem_exhausted();
    while ((len = SSL_read(tls->ssl, bytes, sizeof bytes)) > 0)
        plain(user, (struct span){bytes, (size_t)len});
    int error = SSL_get_error(tls->ssl, len);
    ERR_clear_error();
    collect(tls);
    return error == SSL_ERROR_WANT_READ;
}

void tls_send(struct tls *tls, struct buf *plain)
{
    if (plain->len == 0 || !SSL_is_init_finished(tls->ssl))
        return;
    coven_assert(plain->len <= INT32_MAX);
    SSL_write(tls->ssl, plain->data, (int)plain->len);
    ERR_clear_error();
    buf_clear(plain);
    collect(tls);
}

void tls_close(struct tls *tls)
{
    if (SSL_is_init_finished(tls->ssl))
        SSL_shutdown(tls->ssl);
    ERR_clear_error();
    collect(tls);
}

struct buf *tls_wire(struct tls *tls)
{
    return &tls->wire;
}
