/* Stanzas that make the service write to people who never asked, and attempts to be let in. */
#include <stdio.h>

#include "acts.h"
#include "attempt.h"
#include "coven/clock.h"
#include "coven/ns.h"

#define INVITES 100
/* How many wrong passwords may be answered: at once, and in a second. */
#define TRIES_AT_ONCE  300.0
#define TRIES_A_SECOND 10.0

/* One stanza to a hundred strangers. */
void request_invite(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    buf_printf(out, "<message to='%s'><x xmlns='" NS_MUC_USER "'>", attempt->here);
    for (uint64_t i = 0; i < INVITES; i++)
        buf_printf(out, "<invite to='%s%llu@%s'><reason>%.*s</reason></invite>",
                   attempt->options->accounts,
                   (unsigned long long)((turn * INVITES + i) % attempt->options->people),
                   attempt->options->domain, 50, attempt->filling);
    buf_add_text(out, "</x></message>");
}

void request_decline(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    (void)turn;
    buf_printf(out,
               "<message to='%s'><x xmlns='" NS_MUC_USER
               "'><decline to='%s0@%s'><reason>%.*s</reason></decline></x></message>",
               attempt->here, attempt->options->accounts, attempt->options->domain, 200,
               attempt->filling);
}

void request_voice(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    (void)who;
    (void)turn;
    buf_printf(out,
               "<message to='%s'><x xmlns='" NS_DATA
               "' type='submit'><field var='FORM_TYPE'><value>" NS_MUC_REQUEST
               "</value></field><field var='muc#role'><value>participant</value>"
               "</field></x></message>",
               attempt->here);
}

void request_registration(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    buf_printf(out,
               "<iq type='set' to='%s' id='r'><query xmlns='" NS_REGISTER "'><x xmlns='" NS_DATA
               "' type='submit'><field var='FORM_TYPE'><value>" NS_MUC_REGISTER
               "</value></field><field var='muc#register_roomnick'><value>n%u-%llu</value></field>"
               "</x></query></iq>",
               attempt->here, who, (unsigned long long)turn);
}

void request_password(struct attempt *attempt, uint32_t who, uint64_t turn, struct buf *out)
{
    buf_printf(out,
               "<presence to='%s/%c%u'><x xmlns='" NS_MUC
               "'><password>guess%llu</password></x></presence>",
               attempt->here, attempt->attackers.nick, who, (unsigned long long)turn);
}

void request_passwords(struct attempt *attempt)
{
    uint64_t before = attempt->attackers.net.counts.errors;
    int64_t began = clock_mono_ms();
    attempt_flood(attempt);
    double told = (double)(attempt->attackers.net.counts.errors - before),
           seconds = (double)(clock_mono_ms() - began) / 1000;
    attempt_note(attempt, "%.0f wrong passwords were answered in %.1f s", told, seconds);
    if (told > TRIES_AT_ONCE + TRIES_A_SECOND * seconds)
        attempt_broken(attempt, "more than %.0f passwords, and %.0f a second, can be tried",
                       TRIES_AT_ONCE, TRIES_A_SECOND);
}
