#include "verdict.h"

#define LATER_MS    20.0
#define GROWN_MIB   128       /* what waits to be sent is limited to a half of it */
#define SLACK_BYTES 1000000.0 /* presences, subjects, what happens by the way */
/* What somebody may ask for, whatever it takes to ask: a few archives, avatars, lists. */
#define ANSWERS_AT_ONCE  40e6
#define ANSWERS_A_SECOND 3e6
#define SILENT_BYTES     200000.0
#define ECHO_GAIN        1.2
#define ENVELOPE         700.0 /* what a service adds to a stanza: addresses, ids, errors */

static double ms(const struct histogram *histogram, double share)
{
    return (double)histogram_at(histogram, share) / 1e6;
}

/* What the honest would have received anyhow is as much for each copy as it was before. */
uint64_t verdict_others(const struct stage *stage)
{
    const struct honest *honest = &stage->honest;
    double each =
        honest->before_copies ? (double)honest->before_bytes / (double)honest->before_copies : 0;
    double more = (double)honest->during_bytes - each * (double)honest->during_copies;
    return stage->crowd_bytes + (more > 0 ? (uint64_t)more : 0);
}

static void judge_losses(struct stage *stage)
{
    struct honest_sums sums = honest_sums(&stage->honest);
    if (sums.refused)
        stage_broken(stage, "%llu honest stanzas refused", (unsigned long long)sums.refused);
    if (sums.lost)
        stage_broken(stage, "%llu honest copies lost", (unsigned long long)sums.lost);
    if (stage->honest.party.net.ended)
        stage_broken(stage, "an honest connection was ended");
}

static void judge_service(struct stage *stage)
{
    double most = stage->attack->grown_mib ? stage->attack->grown_mib : GROWN_MIB;
    if (stage->measured.gone)
        stage_broken(stage, "the service ended");
    if (stage->measured.connects)
        stage_broken(stage, "the link was cut %u times", stage->measured.connects);
    if (!stage->options->quick && stage->measured.grown_mib > most)
        stage_broken(stage, "%.0f MiB more memory, not %.0f", stage->measured.grown_mib, most);
}

/* The server's own share of a delay is what an echo has that the service does not see. */
static void judge_delay(struct stage *stage, enum honest_talk talk, const char *where, double most)
{
    const struct honest_figures *figures = &stage->honest.talks[talk],
                                *echo = &stage->honest.talks[HONEST_ECHO];
    double later = ms(&figures->during, 0.99) - ms(&figures->before, 0.99),
           server = ms(&echo->during, 0.99) - ms(&echo->before, 0.99);
    later -= server > 0 ? server : 0;
    if (later > most)
        stage_broken(stage, "%s %.0f ms later, not %.0f", where, later, most);
}

static void judge_delays(struct stage *stage)
{
    double here = stage->attack->here_ms ? stage->attack->here_ms : LATER_MS;
    if (stage->options->quick || stage->attack->gain == GAIN_DAY)
        return;
    judge_delay(stage, HONEST_HERE, "the room itself is", here);
    judge_delay(stage, HONEST_BESIDE, "the room beside is", LATER_MS);
    judge_delay(stage, HONEST_PAGE, "the archive is", LATER_MS);
}

static void judge_bytes(struct stage *stage, const char *whose, double bytes, double most)
{
    if (bytes > most)
        stage_broken(stage, "%s got %.1f MB, not %.1f", whose, bytes / 1e6, most / 1e6);
}

static void judge_gain(struct stage *stage)
{
    const struct party *attackers = &stage->attackers;
    double sent = (double)(attackers->net.sent - stage->sent_before),
           stanzas = (double)(attackers->stanzas - stage->stanzas_before),
           got = (double)(attackers->net.received - stage->received_before),
           others = (double)verdict_others(stage);
    double room = HONEST_SEATS + stage->crowd.party.count + attackers->count;
    double copies = (sent + stanzas * ENVELOPE) * room + SLACK_BYTES;
    switch (stage->attack->gain) {
    case GAIN_ROOM:
        judge_bytes(stage, "everybody together", got + others, copies);
        break;
    case GAIN_ECHO:
        judge_bytes(stage, "the attackers", got, sent * ECHO_GAIN + SILENT_BYTES);
        judge_bytes(stage, "others", others, SILENT_BYTES);
        break;
    case GAIN_SILENT:
        judge_bytes(stage, "the attackers", got,
                    copies + ANSWERS_AT_ONCE + ANSWERS_A_SECOND * stage->seconds);
        judge_bytes(stage, "others", others, SILENT_BYTES);
        break;
    case GAIN_DAY:
        if (attackers->net.counts.errors > stage->errors_before)
            stage_broken(stage, "%llu errors",
                         (unsigned long long)(attackers->net.counts.errors - stage->errors_before));
        break;
    }
}

void verdict_find(struct stage *stage)
{
    judge_losses(stage);
    judge_service(stage);
    judge_delays(stage);
    judge_gain(stage);
}
