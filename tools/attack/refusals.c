/* Stanzas that are refused or ignored. A refusal must not cost more than what it refuses. */
#include "acts.h"
#include "attempt.h"
#include "coven/ns.h"

#define LARGE_BYTES 100000

void refusal_nowhere(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    buf_printf(out,
               "<iq type='get' to='nowhere%llu@%s' id='n'><query xmlns='" NS_DISCO_INFO "'/></iq>",
               (unsigned long long)turn, attempt->options->service);
}

void refusal_outside(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    (void)turn;
    buf_printf(out, "<message type='groupchat' to='%s'><body>let me in</body></message>",
               attempt->here);
}

void refusal_bad(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    (void)turn;
    buf_printf(out, "<message type='chat' to='%s'><body>x</body></message>", attempt->here);
}

void refusal_unknown(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    (void)turn;
    buf_printf(out, "<iq type='get' to='%s' id='u'><query xmlns='urn:example:unknown'/></iq>",
               attempt->here);
}

void refusal_conflict(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    (void)turn;
    buf_printf(out, "<presence to='%s/h1'><x xmlns='" NS_MUC "'/></presence>", attempt->here);
}

void refusal_large(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    (void)turn;
    buf_printf(out, "<presence to='%s/x'><status>%.*s</status><x xmlns='" NS_MUC "'/></presence>",
               attempt->here, LARGE_BYTES, attempt->filling);
}

/* Answers without a request, and errors without a stanza. */
void refusal_answers(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    static const struct answer {
        const char *kind, *type;
        bool of_service;
        const char *resource;
    } answers[] = {
        {"iq", "result", false, "/h1"},   {"iq", "error", false, "/h1"},
        {"iq", "result", true, ""},       {"iq", "error", false, ""},
        {"message", "error", false, ""},  {"message", "error", false, "/h1"},
        {"message", "error", true, ""},   {"presence", "error", false, "/h1"},
        {"presence", "error", false, ""}, {"iq", "result", false, ""},
    };
    const struct answer *answer = &answers[turn % (sizeof answers / sizeof *answers)];
    (void)who;
    buf_printf(out, "<%s type='%s' to='%s%s' id='%llu'/>", answer->kind, answer->type,
               answer->of_service ? attempt->options->service : attempt->here, answer->resource,
               (unsigned long long)turn);
}

void refusal_probe(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    buf_printf(out, "<presence type='probe' to='%s%s'/>", attempt->here, turn % 2 ? "/h1" : "");
}

#define MULTI      "<multi xmlns='" NS_MULTI "' key='guess'"
#define RECIPIENTS 250

static void add_recipients(struct attempt *attempt, struct buf *out)
{
    const struct group *honest = &attempt->honest.group;
    for (uint32_t i = 0; i < RECIPIENTS; i++) {
        group_add_jid(honest, i % honest->count, out);
        buf_add_char(out, '\t');
    }
}

/* What the service and its server tell each other, from somebody else. */
void refusal_multi(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    static const struct word {
        const char *kind, *type;
        bool of_service;
        const char *resource;
    } words[] = {
        {"message", "groupchat", true, ""},
        {"message", "normal", true, ""},
        {"presence", "", true, ""},
        {"message", "error", true, ""},
        {"message", "chat", false, "/h1"},
        {"message", "groupchat", false, ""},
        {"iq", "get", true, ""},
        {"iq", "result", true, ""},
    };
    const struct word *word = &words[turn % (sizeof words / sizeof *words)];
    (void)who;
    buf_printf(out, "<%s to='%s%s' id='%llu'", word->kind,
               word->of_service ? attempt->options->service : attempt->here, word->resource,
               (unsigned long long)turn);
    if (*word->type)
        buf_printf(out, " type='%s'", word->type);
    buf_add_text(out, ">" MULTI " recipients='250' bytes='32768'>");
    add_recipients(attempt, out);
    buf_printf(out, "</multi><body>x</body></%s>", word->kind);
}
