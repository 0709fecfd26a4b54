#include "verdict.h"

#define LATER_MS    20.0
#define GROWN_MIB   128       /* unsent output is limited to half of it */
#define SLACK_BYTES 1000000.0 /* presence, subjects and the like */
/* What somebody may ask for at any cost: a few archives, avatars, lists. */
#define ANSWERS_AT_ONCE  40e6
#define ANSWERS_A_SECOND 3e6
#define SILENT_BYTES     200000.0
#define ECHO_GAIN        1.2
#define ENVELOPE         700.0 /* bytes that a service adds to a stanza: addresses, ids, errors */

static double ms(const struct histogram *histogram, double share)
{
    return (double)histogram_at(histogram, share) / 1e6;
}

/* What the honest people would have received anyway: the same for each copy as before. */
uint64_t verdict_others(const struct attempt *attempt)
{
    const struct honest *honest = &attempt->honest;
    double each =
        honest->before_copies ? (double)honest->before_bytes / (double)honest->before_copies : 0;
    double more = (double)honest->during_bytes - each * (double)honest->during_copies;
    return attempt->bystander_bytes + (more > 0 ? (uint64_t)more : 0);
}

static void judge_losses(struct attempt *attempt)
{
    struct honest_sums sums = honest_sums(&attempt->honest);
    if (sums.refused)
        attempt_broken(attempt, "%llu honest stanzas refused", (unsigned long long)sums.refused);
    if (sums.lost)
        attempt_broken(attempt, "%llu honest copies lost", (unsigned long long)sums.lost);
    if (attempt->honest.group.net.ended)
        attempt_broken(attempt, "an honest connection was closed");
}

static void judge_service(struct attempt *attempt)
{
    double most = attempt->attack->grown_mib ? attempt->attack->grown_mib : GROWN_MIB;
    if (attempt->measured.gone)
        attempt_broken(attempt, "the service ended");
    if (attempt->measured.connects)
        attempt_broken(attempt, "the link was lost %u times", attempt->measured.connects);
    if (!attempt->options->quick && attempt->measured.grown_mib > most)
        attempt_broken(attempt, "%.0f MiB more memory, the bound is %.0f",
                       attempt->measured.grown_mib, most);
}

/* An echo's delay is the server's share, since the service does not see it. */
static void judge_delay(struct attempt *attempt, enum honest_talk talk, const char *where,
                        double most)
{
    const struct honest_figures *figures = &attempt->honest.talks[talk],
                                *echo = &attempt->honest.talks[HONEST_ECHO];
    double later = ms(&figures->during, 0.99) - ms(&figures->before, 0.99),
           server = ms(&echo->during, 0.99) - ms(&echo->before, 0.99);
    later -= server > 0 ? server : 0;
    if (later > most)
        attempt_broken(attempt, "%s %.0f ms slower, the bound is %.0f", where, later, most);
}

static void judge_delays(struct attempt *attempt)
{
    double here = attempt->attack->here_ms ? attempt->attack->here_ms : LATER_MS;
    if (attempt->options->quick || attempt->attack->gain == GAIN_DAY)
        return;
    judge_delay(attempt, HONEST_HERE, "the attacked room is", here);
    judge_delay(attempt, HONEST_BESIDE, "the other room is", LATER_MS);
    judge_delay(attempt, HONEST_PAGE, "the archive is", LATER_MS);
}

static void judge_bytes(struct attempt *attempt, const char *whose, double bytes, double most)
{
    if (bytes > most)
        attempt_broken(attempt, "%s received %.1f MB, the bound is %.1f", whose, bytes / 1e6,
                       most / 1e6);
}

static void judge_gain(struct attempt *attempt)
{
    const struct group *attackers = &attempt->attackers;
    double sent = (double)(attackers->net.sent - attempt->sent_before),
           stanzas = (double)(attackers->stanzas - attempt->stanzas_before),
           got = (double)(attackers->net.received - attempt->received_before),
           others = (double)verdict_others(attempt);
    double room = HONEST_SEATS + attempt->bystanders.group.count + attackers->count;
    double copies = (sent + stanzas * ENVELOPE) * room + SLACK_BYTES;
    switch (attempt->attack->gain) {
    case GAIN_ROOM:
        judge_bytes(attempt, "all together", got + others, copies);
        break;
    case GAIN_ECHO:
        judge_bytes(attempt, "the attackers", got, sent * ECHO_GAIN + SILENT_BYTES);
        judge_bytes(attempt, "others", others, SILENT_BYTES);
        break;
    case GAIN_SILENT:
        judge_bytes(attempt, "the attackers", got,
                    copies + ANSWERS_AT_ONCE + ANSWERS_A_SECOND * attempt->seconds);
        judge_bytes(attempt, "others", others, SILENT_BYTES);
        break;
    case GAIN_DAY:
        if (attackers->net.counts.errors > attempt->errors_before)
            attempt_broken(
                attempt, "%llu errors",
                (unsigned long long)(attackers->net.counts.errors - attempt->errors_before));
        break;
    }
}

void verdict_find(struct attempt *attempt)
{
    judge_losses(attempt);
    judge_service(attempt);
    judge_delays(attempt);
    judge_gain(attempt);
}
