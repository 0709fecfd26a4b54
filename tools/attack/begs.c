/* What makes the service write to people who never asked, and what asks to be let in. */
#include <stdio.h>

#include "coven/clock.h"
#include "coven/ns.h"
#include "says.h"
#include "stage.h"

#define INVITES 100
/* How many passwords somebody who guesses may learn to be wrong: at once, and in a second. */
#define TRIES_AT_ONCE  300.0
#define TRIES_A_SECOND 10.0

/* One stanza, a hundred strangers. */
void beg_invite(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    buf_printf(out, "<message to='%s'><x xmlns='" NS_MUC_USER "'>", stage->here);
    for (uint64_t i = 0; i < INVITES; i++)
        buf_printf(out, "<invite to='%s%llu@%s'><reason>%.*s</reason></invite>",
                   stage->options->accounts,
                   (unsigned long long)((turn * INVITES + i) % stage->options->people),
                   stage->options->domain, 50, stage->filling);
    buf_add_text(out, "</x></message>");
}

void beg_decline(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    (void)turn;
    buf_printf(out,
               "<message to='%s'><x xmlns='" NS_MUC_USER
               "'><decline to='%s0@%s'><reason>%.*s</reason></decline></x></message>",
               stage->here, stage->options->accounts, stage->options->domain, 200, stage->filling);
}

void beg_voice(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    (void)turn;
    buf_printf(out,
               "<message to='%s'><x xmlns='" NS_DATA
               "' type='submit'><field var='FORM_TYPE'><value>" NS_MUC_REQUEST
               "</value></field><field var='muc#role'><value>participant</value>"
               "</field></x></message>",
               stage->here);
}

void beg_registration(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    buf_printf(out,
               "<iq type='set' to='%s' id='r'><query xmlns='" NS_REGISTER "'><x xmlns='" NS_DATA
               "' type='submit'><field var='FORM_TYPE'><value>" NS_MUC_REGISTER
               "</value></field><field var='muc#register_roomnick'><value>n%u-%llu</value></field>"
               "</x></query></iq>",
               stage->here, who, (unsigned long long)turn);
}

void beg_password(struct stage *stage, uint32_t who, uint64_t turn, struct buf *out)
{
    buf_printf(out,
               "<presence to='%s/%c%u'><x xmlns='" NS_MUC
               "'><password>guess%llu</password></x></presence>",
               stage->here, stage->attackers.nick, who, (unsigned long long)turn);
}

void beg_passwords(struct stage *stage)
{
    uint64_t before = stage->attackers.net.counts.errors;
    int64_t began = clock_mono_ms();
    stage_flood(stage);
    double told = (double)(stage->attackers.net.counts.errors - before),
           seconds = (double)(clock_mono_ms() - began) / 1000;
    stage_note(stage, "%.0f passwords in %.1f s are told to be wrong", told, seconds);
    if (told > TRIES_AT_ONCE + TRIES_A_SECOND * seconds)
        stage_broken(stage, "more than %.0f passwords, and %.0f a second, can be tried",
                     TRIES_AT_ONCE, TRIES_A_SECOND);
}
