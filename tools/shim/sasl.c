#include "sasl.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "coven/jid.h"
#include "coven/mem.h"
#include "coven/prep.h"

struct step {
    struct sasl *sasl;
    struct accounts *accounts;
    struct span domain;
    struct span in; /* decoded */
    struct buf *out;
};

struct sasl_mechanism {
    const char *name;
    struct sasl_answer (*step)(const struct step *step);
    enum scram_hash hash;
    bool needs_password; /* unavailable with --any-user */
};

static struct sasl_answer failure(const char *condition)
{
    return (struct sasl_answer){SASL_FAILURE, condition};
}

/* Some clients send their bare JID as the user name. */
static struct span without_domain(struct span name, struct span domain)
{
    if (name.len <= domain.len + 1 || name.at[name.len - domain.len - 1] != '@')
        return name;
    struct span end = {name.at + name.len - domain.len, domain.len};
    return span_equal(end, domain) ? (struct span){name.at, name.len - domain.len - 1} : name;
}

static bool take_node(const struct step *step, struct span name)
{
    char node[PREP_SIZE];
    size_t len = prep_node(without_domain(name, step->domain), node);
    free(step->sasl->node);
    step->sasl->node = len ? mem_copy(node, len) : NULL;
    return len > 0;
}

/* An authorization identity other than the user itself is refused. */
static bool acts_as_self(const struct step *step, struct span authzid)
{
    struct jid as;
    return authzid.len == 0 || (jid_parse(authzid, &as) && !jid_has_resource(&as) &&
                                span_equal(jid_node(&as), span_of(step->sasl->node)) &&
                                span_equal(jid_domain(&as), step->domain));
}

/* Takes a piece up to the next NUL. */
static bool take_piece(struct span *message, struct span *piece_r)
{
    const char *end = message->len ? memchr(message->at, '\0', message->len) : NULL;
    if (!end)
        return false;
    *piece_r = (struct span){message->at, (size_t)(end - message->at)};
    *message = (struct span){end + 1, message->len - piece_r->len - 1};
    return true;
}

static struct sasl_answer step_plain(const struct step *step)
{
    struct span password = step->in, authzid, name;
    if (!take_piece(&password, &authzid) || !take_piece(&password, &name))
        return failure("malformed-request");
    if (!take_node(step, name))
        return failure("not-authorized");
    if (!acts_as_self(step, authzid))
        return failure("invalid-authzid");
    if (!accounts_check(step->accounts, span_of(step->sasl->node), step->domain, password))
        return failure("not-authorized");
    return (struct sasl_answer){SASL_SUCCESS, NULL};
}

static struct sasl_answer scram_begin(const struct step *step)
{
    struct sasl *sasl = step->sasl;
    enum scram_hash hash = sasl->mechanism->hash;
    sasl->scram = scram_server_new(hash);
    const char *name = scram_server_user(sasl->scram, step->in);
    if (!name)
        return failure("malformed-request");
    if (!take_node(step, span_of(name)))
        return failure("not-authorized");
    scram_server_first(sasl->scram,
                       accounts_keys(step->accounts, span_of(sasl->node), step->domain, hash),
                       step->out);
    return (struct sasl_answer){SASL_CHALLENGE, NULL};
}

static struct sasl_answer step_scram(const struct step *step)
{
    if (!step->sasl->scram)
        return scram_begin(step);
    if (!scram_server_final(step->sasl->scram, step->in, step->out))
        return failure("not-authorized");
    return (struct sasl_answer){SASL_SUCCESS, NULL};
}

static const struct sasl_mechanism mechanisms[] = {
    {"SCRAM-SHA-256", step_scram, SCRAM_SHA_256, true},
    {"SCRAM-SHA-1", step_scram, SCRAM_SHA_1, true},
    {"PLAIN", step_plain, SCRAM_SHA_1, false},
};

#define MECHANISMS ((int)(sizeof mechanisms / sizeof *mechanisms))

static bool is_offered(const struct sasl_mechanism *mechanism, const struct accounts *accounts)
{
    return !accounts->anybody || !mechanism->needs_password;
}

const char *sasl_offer(const struct accounts *accounts, int index)
{
    for (int i = 0; i < MECHANISMS; i++)
        if (is_offered(&mechanisms[i], accounts) && index-- == 0)
            return mechanisms[i].name;
    return NULL;
}

struct sasl_answer sasl_step(struct sasl *sasl, struct accounts *accounts, struct span domain,
                             struct span text, struct buf *out)
{
    if (!sasl->mechanism)
        return failure("malformed-request");
    struct buf in = BUF_INIT, answer = BUF_INIT;
    struct sasl_answer result = failure("incorrect-encoding");
    if (span_is(text, "=") || wire_base64_read(text, &in)) {
        struct step step = {sasl, accounts, domain, buf_span(&in), &answer};
        result = sasl->mechanism->step(&step);
    }
    if (answer.len && result.state != SASL_FAILURE)
        wire_base64_add(out, buf_span(&answer));
    if (in.data)
        OPENSSL_cleanse(in.data, in.cap);
    buf_free(&in);
    buf_free(&answer);
    return result;
}

struct sasl_answer sasl_begin(struct sasl *sasl, struct accounts *accounts, struct span domain,
                              const char *mechanism, struct span text, struct buf *out)
{
    sasl_end(sasl);
    for (int i = 0; i < MECHANISMS && mechanism; i++)
        if (strcmp(mechanisms[i].name, mechanism) == 0 && is_offered(&mechanisms[i], accounts))
            sasl->mechanism = &mechanisms[i];
    if (!sasl->mechanism)
        return failure("invalid-mechanism");
    if (text.len == 0)
        return (struct sasl_answer){SASL_CHALLENGE, NULL};
    return sasl_step(sasl, accounts, domain, text, out);
}

void sasl_end(struct sasl *sasl)
{
    scram_server_free(sasl->scram);
    free(sasl->node);
    *sasl = (struct sasl){0};
}
