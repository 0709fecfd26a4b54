#include "sasl.h"

#include <stdlib.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "element.h"
#include "wire/scram.h"

static void send_sasl(struct dialog *dialog, const char *open, struct span data, const char *close)
{
    struct buf text = BUF_INIT;
    buf_add_text(&text, open);
    wire_base64_add(&text, data);
    buf_add_text(&text, close);
    client_send(dialog->client, buf_span(&text), true);
    buf_free(&text);
}

static bool is_success(struct dialog *dialog, const xmlNode *answer)
{
    if (!answer)
        return false;
    if (element_is(answer, "success", NS_SASL))
        return true;
    if (!element_is(answer, "failure", NS_SASL))
        return dialog_unexpected(dialog, answer, "success");
    const xmlNode *condition = element_first(answer);
    buf_printf(dialog->error, "the server refused the login as %s: %s", dialog->client->who->jid,
               condition ? element_name(condition) : "no reason given");
    return false;
}

static bool run_plain(struct dialog *dialog, enum scram_hash hash)
{
    (void)hash;
    const char *jid = dialog->client->who->jid, *password = dialog->client->who->password;
    struct buf data = BUF_INIT;
    buf_add_char(&data, '\0');
    buf_add(&data, jid, strcspn(jid, "@"));
    buf_add_char(&data, '\0');
    buf_add_text(&data, password ? password : "");
    send_sasl(dialog, "<auth xmlns='" NS_SASL "' mechanism='PLAIN'>", buf_span(&data), "</auth>");
    buf_free(&data);
    return is_success(dialog, dialog_next(dialog, "an answer to PLAIN"));
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
static bool check_server(struct dialog *dialog, struct scram_client *scram)
{
    const xmlNode *answer = dialog_next(dialog, "an answer to SCRAM");
    struct buf proof = BUF_INIT;
    bool challenge = answer && element_is(answer, "challenge", NS_SASL);
    if (!challenge && !is_success(dialog, answer))
        return false;
    bool proved = decode(answer, &proof) && scram_client_verify(scram, buf_span(&proof));
    buf_free(&proof);
    if (!proved) {
        buf_add_text(dialog->error, "the server did not prove that it knows the password");
        return false;
    }
    if (!challenge)
        return true;
    send_sasl(dialog, "<response xmlns='" NS_SASL "'>", span_of(""), "</response>");
    return is_success(dialog, dialog_next(dialog, "success"));
}

static bool answer_challenge(struct dialog *dialog, struct scram_client *scram)
{
    const xmlNode *answer = dialog_next(dialog, "a SCRAM challenge");
    if (!answer)
        return false;
    if (!element_is(answer, "challenge", NS_SASL))
        return is_success(dialog, answer) && dialog_unexpected(dialog, answer, "a SCRAM challenge");
    struct buf server_first = BUF_INIT, proof = BUF_INIT;
    bool ok =
        decode(answer, &server_first) && scram_client_final(scram, buf_span(&server_first), &proof);
    if (ok)
        send_sasl(dialog, "<response xmlns='" NS_SASL "'>", buf_span(&proof), "</response>");
    else
        buf_add_text(dialog->error, "the server's SCRAM challenge is malformed");
    buf_free(&server_first);
    buf_free(&proof);
    return ok && check_server(dialog, scram);
}

static bool run_scram(struct dialog *dialog, enum scram_hash hash)
{
    const char *jid = dialog->client->who->jid, *password = dialog->client->who->password;
    char *user = mem_copy(jid, strcspn(jid, "@"));
    struct scram_client *scram = scram_client_new(hash, user, password ? password : "");
    free(user);
    struct buf first = BUF_INIT;
    scram_client_first(scram, &first);
    send_sasl(dialog,
              hash == SCRAM_SHA_256 ? "<auth xmlns='" NS_SASL "' mechanism='SCRAM-SHA-256'>"
                                    : "<auth xmlns='" NS_SASL "' mechanism='SCRAM-SHA-1'>",
              buf_span(&first), "</auth>");
    buf_free(&first);
    bool ok = answer_challenge(dialog, scram);
    scram_client_free(scram);
    return ok;
}

/* From best to worst. */
static const struct mechanism {
    const char *name;
    bool (*run)(struct dialog *dialog, enum scram_hash hash);
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

bool sasl_authenticate(struct dialog *dialog, const xmlNode *features)
{
    const xmlNode *offers = element_child(features, "mechanisms", NS_SASL);
    for (size_t i = 0; i < sizeof mechanisms / sizeof *mechanisms; i++)
        if (is_offered(offers, mechanisms[i].name))
            return mechanisms[i].run(dialog, mechanisms[i].hash);
    buf_add_text(dialog->error, "the server offers neither SCRAM-SHA-256, SCRAM-SHA-1 nor PLAIN");
    return false;
}
