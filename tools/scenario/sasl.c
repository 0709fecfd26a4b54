#include "sasl.h"

#include <stdlib.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "element.h"
#include "wire/scram.h"

static void send_sasl(struct talk *talk, const char *open, struct span data, const char *close)
{
    struct buf text = BUF_INIT;
    buf_add_text(&text, open);
    wire_base64_add(&text, data);
    buf_add_text(&text, close);
    client_send(talk->client, buf_span(&text), true);
    buf_free(&text);
}

static bool is_success(struct talk *talk, const xmlNode *answer)
{
    if (!answer)
        return false;
    if (element_is(answer, "success", NS_SASL))
        return true;
    if (!element_is(answer, "failure", NS_SASL))
        return talk_unexpected(talk, answer, "success");
    const xmlNode *condition = element_first(answer);
    buf_printf(talk->error, "the server refused the login as %s: %s", talk->client->who->jid,
               condition ? element_name(condition) : "no reason given");
    return false;
}

static bool run_plain(struct talk *talk, enum scram_hash hash)
{
    (void)hash;
    const char *jid = talk->client->who->jid, *password = talk->client->who->password;
    struct buf data = BUF_INIT;
    buf_add_char(&data, '\0');
    buf_add(&data, jid, strcspn(jid, "@"));
    buf_add_char(&data, '\0');
    buf_add_text(&data, password ? password : "");
    send_sasl(talk, "<auth xmlns='" NS_SASL "' mechanism='PLAIN'>", buf_span(&data), "</auth>");
    buf_free(&data);
    return is_success(talk, talk_next(talk, "an answer to PLAIN"));
}

static bool decode(const xmlNode *element, struct buf *out)
{
    struct buf text = BUF_INIT;
    element_text(element, &text);
    bool ok = wire_base64_read(buf_span(&text), out);
    buf_free(&text);
    return ok;
}

/* The server's proof is in <success/>, or in a challenge before it. */
static bool check_server(struct talk *talk, struct scram_client *scram)
{
    const xmlNode *answer = talk_next(talk, "an answer to SCRAM");
    struct buf proof = BUF_INIT;
    bool challenge = answer && element_is(answer, "challenge", NS_SASL);
    if (!challenge && !is_success(talk, answer))
        return false;
    bool proved = decode(answer, &proof) && scram_client_verify(scram, buf_span(&proof));
    buf_free(&proof);
    if (!proved) {
        buf_add_text(talk->error, "the server did not prove that it knows the password");
        return false;
    }
    if (!challenge)
        return true;
    send_sasl(talk, "<response xmlns='" NS_SASL "'>", span_of(""), "</response>");
    return is_success(talk, talk_next(talk, "success"));
}

static bool answer_challenge(struct talk *talk, struct scram_client *scram)
{
    const xmlNode *answer = talk_next(talk, "a SCRAM challenge");
    if (!answer)
        return false;
    if (!element_is(answer, "challenge", NS_SASL))
        return is_success(talk, answer) && talk_unexpected(talk, answer, "a SCRAM challenge");
    struct buf server_first = BUF_INIT, proof = BUF_INIT;
    bool ok =
        decode(answer, &server_first) && scram_client_final(scram, buf_span(&server_first), &proof);
    if (ok)
        send_sasl(talk, "<response xmlns='" NS_SASL "'>", buf_span(&proof), "</response>");
    else
        buf_add_text(talk->error, "the server's SCRAM challenge is malformed");
    buf_free(&server_first);
    buf_free(&proof);
    return ok && check_server(talk, scram);
}

static bool run_scram(struct talk *talk, enum scram_hash hash)
{
    const char *jid = talk->client->who->jid, *password = talk->client->who->password;
    char *user = mem_copy(jid, strcspn(jid, "@"));
    struct scram_client *scram = scram_client_new(hash, user, password ? password : "");
    free(user);
    struct buf first = BUF_INIT;
    scram_client_first(scram, &first);
    send_sasl(talk,
              hash == SCRAM_SHA_256 ? "<auth xmlns='" NS_SASL "' mechanism='SCRAM-SHA-256'>"
                                    : "<auth xmlns='" NS_SASL "' mechanism='SCRAM-SHA-1'>",
              buf_span(&first), "</auth>");
    buf_free(&first);
    bool ok = answer_challenge(talk, scram);
    scram_client_free(scram);
    return ok;
}

/* From best to worst. */
static const struct mechanism {
    const char *name;
    bool (*run)(struct talk *talk, enum scram_hash hash);
    enum scram_hash hash;
} mechanisms[] = {
    {"SCRAM-SHA-256", run_scram, SCRAM_SHA_256},
    {"SCRAM-SHA-1", run_scram, SCRAM_SHA_1},
    {"PLAIN", run_plain, SCRAM_SHA_1},
};

static bool is_offered(const xmlNode *offers, const char *mechanism)
{
    bool found = false;
    for (const xmlNode *offer = offers ? element_first(offers) : NULL; offer && !found;
         offer = element_next(offer)) {
        struct buf name = BUF_INIT;
        element_text(offer, &name);
        found = span_is(buf_span(&name), mechanism);
        buf_free(&name);
    }
    return found;
}

bool sasl_authenticate(struct talk *talk, const xmlNode *features)
{
    const xmlNode *offers = element_child(features, "mechanisms", NS_SASL);
    for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++)
        if (is_offered(offers, mechanisms[i].name))
            return mechanisms[i].run(talk, mechanisms[i].hash);
    buf_add_text(talk->error, "the server offers neither SCRAM-SHA-256, SCRAM-SHA-1 nor PLAIN");
    return false;
}
