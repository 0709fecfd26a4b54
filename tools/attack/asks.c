/* Questions whose answers cost more than they do. */
#include <stdio.h>

#include "coven/clock.h"
#include "coven/ns.h"
#include "says.h"
#include "stage.h"
#include "wire/ledger.h"

#define ARCHIVED      3000
#define AVATAR_BASE64 100000
#define RELAYS        100000
#define RELAY_MS      20000
#define ASK_FIRST     (PARTY_ASK + 0x10000) /* their marks */

static void open_iq(const char *type, const char *to, uint64_t turn, struct buf *out)
{
    char mark[MARK_LEN + 1] = "";
    mark_write(mark, ASK_FIRST + (uint32_t)(turn % 0x100000));
    buf_printf(out, "<iq type='%s' to='%s' id='%s'>", type, to, mark);
}

/* ---- An avatar ---- */

bool ask_set_avatar(struct stage *stage)
{
    struct buf card = BUF_INIT;
    buf_printf(&card,
               "<vCard xmlns='" NS_VCARD "'><PHOTO><TYPE>image/png</TYPE><BINVAL>%.*s</BINVAL>"
               "</PHOTO></vCard>",
               AVATAR_BASE64, stage->filling);
    bool ok = party_ask(&stage->honest.party, 0, "set", stage->here, card.data, 10000);
    buf_free(&card);
    return ok && stage->honest.party.net.counts.errors == 0;
}

void ask_avatar(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    open_iq("get", stage->here, turn, out);
    buf_add_text(out, "<vCard xmlns='" NS_VCARD "'/></iq>");
}

/* ---- Lists and forms ---- */

void ask_lists(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    static const struct question {
        bool of_service;
        const char *inside;
    } questions[] = {
        {true, "<query xmlns='" NS_DISCO_ITEMS "'/>"},
        {true, "<query xmlns='" NS_DISCO_INFO "'/>"},
        {true, "<query xmlns='" NS_VERSION "'/>"},
        {false, "<query xmlns='" NS_DISCO_INFO "'/>"},
        {false, "<query xmlns='" NS_DISCO_ITEMS "'/>"},
        {false, "<query xmlns='" NS_REGISTER "'/>"},
        {false, "<query xmlns='" NS_MUC_ADMIN "'><item affiliation='member'/></query>"},
        {false, "<query xmlns='" NS_MUC_ADMIN "'><item affiliation='owner'/></query>"},
        {false, "<query xmlns='" NS_MUC_ADMIN "'><item role='moderator'/></query>"},
        {false, "<query xmlns='" NS_MUC_OWNER "'/>"},
        {false, "<query xmlns='" NS_MAM "'/>"},
        {false, "<metadata xmlns='" NS_MAM "'/>"},
        {false, "<ping xmlns='" NS_PING "'/>"},
    };
    const struct question *question = &questions[turn % (sizeof questions / sizeof *questions)];
    (void)who;
    open_iq("get", question->of_service ? stage->options->service : stage->here, turn, out);
    buf_add_text(out, question->inside);
    buf_add_text(out, "</iq>");
}

/* ---- An archive ---- */

static void say_archived(struct stage *stage, uint32_t number)
{
    party_say(&stage->honest.party, 0,
              "<message type='groupchat' to='%s'><body>about apples and pears, the %uth of many "
              "words that are said</body></message>",
              stage->here, number);
}

/* By the room's owner, who meets no limit there. */
bool ask_fill_archive(struct stage *stage)
{
    struct party *party = &stage->honest.party;
    uint32_t count = stage->options->quick ? ARCHIVED / 10 : ARCHIVED;
    for (uint32_t i = 0; i < count; i++) {
        say_archived(stage, i);
        if (i % 10 == 9)
            party_rest(party, 20);
    }
    bool ok = party_ask(party, 0, "get", stage->here, "<ping xmlns='" NS_PING "'/>", 10000);
    if (party->net.counts.errors)
        stage_note(stage, "%llu of %u messages before it were refused",
                   (unsigned long long)party->net.counts.errors, count);
    return ok;
}

/* Words that are everywhere together with a person who never said any, so every one is looked at.
 */
void ask_archive(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    open_iq("set", stage->here, turn, out);
    buf_printf(out,
               "<query xmlns='" NS_MAM "'><x xmlns='" NS_DATA "' type='submit'>"
               "<field var='FORM_TYPE'><value>" NS_MAM "</value></field>"
               "<field var='{" NS_FULLTEXT "}fulltext'><value>apples pears words</value></field>"
               "<field var='with'><value>%s/h%llu</value></field></x>"
               "<set xmlns='" NS_RSM "'><max>50</max></set></query></iq>",
               stage->here, (unsigned long long)(turn % 1000));
}

/* ---- Requests to somebody who does not answer ---- */

static void relay_many(struct stage *stage)
{
    struct party *party = &stage->attackers;
    uint32_t count = stage->options->quick ? RELAYS / 100 : RELAYS;
    int64_t until = clock_mono_ms() + 60000;
    for (uint32_t sent = 0; sent < count && clock_mono_ms() < until;) {
        for (; sent < count && net_unsent(&party->net, 0) < 32768; sent++)
            party_say(party, 0,
                      "<iq type='get' to='%s/a1' id='q%u'><query xmlns='" NS_VERSION "'/></iq>",
                      stage->here, sent);
        for (int i = 0; i < 100 && net_unsent(&party->net, 0); i++)
            net_poll(&party->net, 1);
    }
}

static void relay_honest(struct stage *stage)
{
    struct honest *honest = &stage->honest;
    struct buf iq = BUF_INIT;
    uint64_t refused = atomic_load(&honest->request.refused);
    int64_t until = clock_mono_ms() + RELAY_MS;
    buf_printf(&iq,
               "<iq type='get' id='" HONEST_REQUEST "' to='%s/h1'><query xmlns='" NS_VERSION
               "'/></iq>",
               stage->here);
    honest_ask(honest, iq.data);
    while (honest_answer_ms(honest) < 0 && clock_mono_ms() < until)
        net_poll(&stage->attackers.net, 10);
    honest_forget(honest);
    buf_free(&iq);
    if (honest_answer_ms(honest) < 0)
        stage_broken(stage, "an honest request to an occupant has no answer");
    else if (atomic_load(&honest->request.refused) > refused)
        stage_broken(stage, "an honest request to an occupant is refused");
    else
        stage_note(stage, "an honest request to an occupant then takes %.0f ms",
                   honest_answer_ms(honest));
}

void ask_relays(struct stage *stage)
{
    relay_many(stage);
    stage_settle(stage);
    relay_honest(stage);
}
