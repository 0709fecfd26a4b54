#include "report.h"

#include <stdio.h>

#include "verdict.h"

/* The figures of the columns. */
struct figures {
    double sent_mb, stanzas, got_mb, came, errors, others_mb;
    double said, copies, refused, lost;
    double before_ms, here50_ms, here99_ms, here_ms, beside50_ms, beside99_ms, beside_ms;
    double page_ms, server_ms;
    double grown_mib, cpu_percent;
};

#define AT(member) offsetof(struct figures, member)
static const struct column {
    const char *over, *name;
    int width, digits;
    size_t offset;
} columns[] = {
    {"sent", "MB", 8, 2, AT(sent_mb)},        {"", "stanzas", 8, 0, AT(stanzas)},
    {"got", "MB", 8, 2, AT(got_mb)},          {"", "stanzas", 8, 0, AT(came)},
    {"", "errors", 7, 0, AT(errors)},         {"others", "MB", 8, 2, AT(others_mb)},
    {"honest", "sent", 6, 0, AT(said)},       {"", "copies", 7, 0, AT(copies)},
    {"", "refused", 8, 0, AT(refused)},       {"", "lost", 6, 0, AT(lost)},
    {"before", "p99", 7, 1, AT(before_ms)},   {"here", "p50", 7, 1, AT(here50_ms)},
    {"", "p99", 8, 1, AT(here99_ms)},         {"ms", "max", 8, 1, AT(here_ms)},
    {"beside", "p50", 7, 1, AT(beside50_ms)}, {"", "p99", 8, 1, AT(beside99_ms)},
    {"ms", "max", 8, 1, AT(beside_ms)},       {"pages", "p99", 8, 1, AT(page_ms)},
    {"server", "p99", 8, 1, AT(server_ms)},   {"grown", "MiB", 6, 0, AT(grown_mib)},
    {"", "CPU %", 6, 0, AT(cpu_percent)},
};

#define COLUMN_COUNT (sizeof columns / sizeof *columns)
#define NAME_WIDTH   16

void report_heading(void)
{
    printf("%-*s", NAME_WIDTH, "");
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        printf(" %*s", columns[i].width, columns[i].over);
    printf("\n%-*s", NAME_WIDTH, "attack");
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        printf(" %*s", columns[i].width, columns[i].name);
    printf("  verdict\n");
    fflush(stdout);
}

static double ms(const struct histogram *histogram, double share)
{
    return (double)histogram_at(histogram, share) / 1e6;
}

static double later(double a, double b)
{
    return a > b ? a : b;
}

static struct figures figures_of(const struct attempt *attempt)
{
    const struct group *attackers = &attempt->attackers;
    const struct honest_figures *talks = attempt->honest.talks;
    const struct histogram *here = &talks[HONEST_HERE].during,
                           *beside = &talks[HONEST_BESIDE].during;
    struct honest_sums sums = honest_sums(&attempt->honest);
    return (struct figures){
        .sent_mb = (double)(attackers->net.sent - attempt->sent_before) / 1e6,
        .stanzas = (double)(attackers->stanzas - attempt->stanzas_before),
        .got_mb = (double)(attackers->net.received - attempt->received_before) / 1e6,
        .came = (double)(group_received(attackers) - attempt->came_before),
        .errors = (double)(attackers->net.counts.errors - attempt->errors_before),
        .others_mb = (double)verdict_others(attempt) / 1e6,
        .said = (double)sums.sent,
        .copies = (double)sums.copies,
        .refused = (double)sums.refused,
        .lost = (double)sums.lost,
        .before_ms =
            later(ms(&talks[HONEST_HERE].before, 0.99), ms(&talks[HONEST_BESIDE].before, 0.99)),
        .here50_ms = ms(here, 0.5),
        .here99_ms = ms(here, 0.99),
        .here_ms = (double)here->max / 1e6,
        .beside50_ms = ms(beside, 0.5),
        .beside99_ms = ms(beside, 0.99),
        .beside_ms = (double)beside->max / 1e6,
        .page_ms = ms(&talks[HONEST_PAGE].during, 0.99),
        .server_ms = ms(&talks[HONEST_ECHO].during, 0.99),
        .grown_mib = attempt->measured.grown_mib,
        .cpu_percent = attempt->measured.cpu_percent,
    };
}

void report_line(const struct attempt *attempt)
{
    struct figures figures = figures_of(attempt);
    printf("%-*s", NAME_WIDTH, attempt->attack->name);
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        printf(" %*.*f", columns[i].width, columns[i].digits,
               *(const double *)(const void *)((const char *)&figures + columns[i].offset));
    printf("  %s%s", attempt->broken.len ? "BROKEN: " : "ok",
           attempt->broken.len ? attempt->broken.data : "");
    if (attempt->notes.len)
        printf(" (%s)", attempt->notes.data);
    putchar('\n');
    fflush(stdout);
}

void report_list(bool quick)
{
    const struct attack *attack;
    for (size_t i = 0; (attack = attack_at(i)); i++)
        if (attack->quick || !quick)
            printf("%-*s %s\n", NAME_WIDTH, attack->name, attack->does);
}
