/* Queries whose answers cost more than they. */
#include <stdio.h>

#include "acts.h"
#include "attempt.h"
#include "coven/clock.h"
#include "coven/ns.h"
#include "wire/ledger.h"

#define ARCHIVED      3000
#define AVATAR_BASE64 100000
#define RELAYS        100000
#define RELAY_MS      20000
#define ASK_FIRST     (GROUP_ASK + 0x10000) /* the marks of queries */

static void open_iq(const char *type, const char *to, uint64_t turn, struct buf *out)
{
    char mark[MARK_LEN + 1] = "";
    mark_write(mark, ASK_FIRST + (uint32_t)(turn % 0x100000));
    buf_printf(out, "<iq type='%s' to='%s' id='%s'>", type, to, mark);
}

/* ---- An avatar ---- */

bool query_set_avatar(struct attempt *attempt)
{
    struct buf card = BUF_INIT;
    buf_printf(&card,
               "<vCard xmlns='" NS_VCARD "'><PHOTO><TYPE>image/png</TYPE><BINVAL>%.*s</BINVAL>"
               "</PHOTO></vCard>",
               AVATAR_BASE64, attempt->filling);
    bool ok = group_ask(&attempt->honest.group, 0, "set", attempt->here, card.data, 10000);
    buf_free(&card);
    return ok && attempt->honest.group.net.counts.errors == 0;
}

void query_avatar(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    open_iq("get", attempt->here, turn, out);
    buf_add_text(out, "<vCard xmlns='" NS_VCARD "'/></iq>");
}

/* ---- Lists and forms ---- */

void query_lists(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    static const struct query {
        bool of_service;
        const char *inside;
    } queries[] = {
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
    const struct query *query = &queries[turn % (sizeof queries / sizeof *queries)];
    (void)who;
    open_iq("get", query->of_service ? attempt->options->service : attempt->here, turn, out);
    buf_add_text(out, query->inside);
    buf_add_text(out, "</iq>");
}

/* ---- An archive ---- */

static void say_archived(struct attempt *attempt, uint32_t number)
{
    group_say(&attempt->honest.group, 0,
              "<message type='groupchat' to='%s'><body>about apples and pears, the %uth of many "
              "words that are said</body></message>",
              attempt->here, number);
}

/* The room's owner sends, because no rate limits him. */
bool query_fill_archive(struct attempt *attempt)
{
    struct group *group = &attempt->honest.group;
    uint32_t count = attempt->options->quick ? ARCHIVED / 10 : ARCHIVED;
    for (uint32_t i = 0; i < count; i++) {
        say_archived(attempt, i);
        if (i % 10 == 9)
            group_rest(group, 20);
    }
    bool ok = group_ask(group, 0, "get", attempt->here, "<ping xmlns='" NS_PING "'/>", 10000);
    if (group->net.counts.errors)
        attempt_note(attempt, "%llu of %u messages to the archive were refused",
                     (unsigned long long)group->net.counts.errors, count);
    return ok;
}

/* Words that are in every message, and a person who never sent any: the search looks at every one.
 */
void query_archive(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    open_iq("set", attempt->here, turn, out);
    buf_printf(out,
               "<query xmlns='" NS_MAM "'><x xmlns='" NS_DATA "' type='submit'>"
               "<field var='FORM_TYPE'><value>" NS_MAM "</value></field>"
               "<field var='{" NS_FULLTEXT "}fulltext'><value>apples pears words</value></field>"
               "<field var='with'><value>%s/h%llu</value></field></x>"
               "<set xmlns='" NS_RSM "'><max>50</max></set></query></iq>",
               attempt->here, (unsigned long long)(turn % 1000));
}

/* ---- Requests to somebody who does not answer ---- */

static void relay_many(struct attempt *attempt)
{
    struct group *group = &attempt->attackers;
    uint32_t count = attempt->options->quick ? RELAYS / 100 : RELAYS;
    int64_t until = clock_mono_ms() + 60000;
    for (uint32_t sent = 0; sent < count && clock_mono_ms() < until;) {
        for (; sent < count && net_unsent(&group->net, 0) < 32768; sent++)
            group_say(group, 0,
                      "<iq type='get' to='%s/a1' id='q%u'><query xmlns='" NS_VERSION "'/></iq>",
                      attempt->here, sent);
        for (int i = 0; i < 100 && net_unsent(&group->net, 0); i++)
            net_poll(&group->net, 1);
    }
}

static void relay_honest(struct attempt *attempt)
{
    struct honest *honest = &attempt->honest;
    struct buf iq = BUF_INIT;
    uint64_t refused = atomic_load(&honest->request.refused);
    int64_t until = clock_mono_ms() + RELAY_MS;
    buf_printf(&iq,
               "<iq type='get' id='" HONEST_REQUEST "' to='%s/h1'><query xmlns='" NS_VERSION
               "'/></iq>",
               attempt->here);
    honest_ask(honest, iq.data);
    while (honest_answer_ms(honest) < 0 && clock_mono_ms() < until)
        net_poll(&attempt->attackers.net, 10);
    honest_forget(honest);
    buf_free(&iq);
    if (honest_answer_ms(honest) < 0)
        attempt_broken(attempt, "an honest request to an occupant got no answer");
    else if (atomic_load(&honest->request.refused) > refused)
        attempt_broken(attempt, "an honest request to an occupant was refused");
    else
        attempt_note(attempt, "afterwards an honest request to an occupant took %.0f ms",
                     honest_answer_ms(honest));
}

void query_relays(struct attempt *attempt)
{
    relay_many(attempt);
    attempt_settle(attempt);
    relay_honest(attempt);
}
