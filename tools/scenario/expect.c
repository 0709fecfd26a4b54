#include "expect.h"

#include <stdlib.h>

#include "coven/clock.h"
#include "coven/mem.h"
#include "element.h"
#include "explain.h"
#include "match.h"
#include "outline.h"
#include "pairing.h"
#include "pattern.h"

#define CANDIDATES_SHOWN 20

/* One step's patterns, and the elements taken from the queue in search of them. */
struct expectation {
    struct play *play;
    const struct script_step *step;
    struct client *client;
    xmlDoc *doc;
    xmlNode **patterns;
    int pattern_count;
    struct received **taken;
    int taken_count;
    int *partner; /* for each pattern: the index of the element that it matched, or -1 */
};

static void add_pattern(struct expectation *expectation, xmlNode *element)
{
    size_t count = (size_t)expectation->pattern_count++;
    expectation->patterns =
        mem_resize(expectation->patterns, (count + 1) * sizeof *expectation->patterns);
    expectation->patterns[count] = element;
}

static bool read_patterns(struct expectation *expectation, bool all)
{
    struct buf text = BUF_INIT;
    struct pattern_error error;
    bool ok = play_text(expectation->play, expectation->step, &text);
    if (ok) {
        expectation->doc = pattern_parse(buf_span(&text), expectation->step->text_line, &error);
        if (!expectation->doc)
            play_fail(expectation->play, expectation->step, error.line, "%s", error.what);
    }
    buf_free(&text);
    if (!expectation->doc)
        return false;
    xmlNode *element = pattern_first(expectation->doc);
    for (; element && (all || expectation->pattern_count == 0); element = element_next(element))
        add_pattern(expectation, element);
    expectation->partner = mem_new((size_t)expectation->pattern_count * sizeof(int));
    return true;
}

static void expectation_free(struct expectation *expectation)
{
    xmlFreeDoc(expectation->doc);
    free(expectation->patterns);
    free(expectation->taken);
    free(expectation->partner);
}

/* ---- Searching ---- */

static bool fits(const void *user, int pattern, int taken)
{
    const struct expectation *expectation = user;
    return match(expectation->patterns[pattern], expectation->taken[taken]->element);
}

static bool newest_fits(const struct expectation *expectation)
{
    for (int i = 0; i < expectation->pattern_count; i++)
        if (fits(expectation, i, expectation->taken_count - 1))
            return true;
    return false;
}

static bool find_partners(struct expectation *expectation)
{
    struct pairing pairing = {expectation->pattern_count, expectation->taken_count, fits,
                              expectation};
    return pairing_find(&pairing, expectation->partner);
}

static bool take_next(struct expectation *expectation, int64_t deadline)
{
    struct received *received =
        stage_next(expectation->play->stage, expectation->client, expectation->step, deadline);
    if (!received)
        return false;
    size_t count = (size_t)expectation->taken_count++;
    expectation->taken = mem_resize(expectation->taken, (count + 1) * sizeof *expectation->taken);
    expectation->taken[count] = received;
    return true;
}

static void take_matches(struct expectation *expectation)
{
    for (int i = 0; i < expectation->pattern_count; i++) {
        struct received *received = expectation->taken[expectation->partner[i]];
        received->matched = true;
        match_capture(expectation->patterns[i], received->element, expectation->play->variables);
    }
}

/* ---- Reporting a failure ---- */

static void say_headline(struct expectation *expectation)
{
    struct play *play = expectation->play;
    const struct client *client = expectation->client;
    if (client_is_open(client))
        play_fail(play, expectation->step, expectation->step->line, "%s within %g s",
                  expectation->taken_count ? "nothing that matches came" : "nothing came",
                  play_timeout(play));
    else
        play_fail(play, expectation->step, expectation->step->line, "%s, and %s",
                  expectation->taken_count ? "nothing that matches came" : "nothing came",
                  client->end_reason.len ? client->end_reason.data : "the client is not connected");
}

static bool is_partner(const struct expectation *expectation, int taken)
{
    for (int i = 0; i < expectation->pattern_count; i++)
        if (expectation->partner[i] == taken)
            return true;
    return false;
}

static void say_skipped(struct expectation *expectation, const xmlNode *pattern)
{
    struct buf *out = &expectation->play->failure;
    int shown = 0, left = 0;
    for (int i = 0; i < expectation->taken_count; i++) {
        if (is_partner(expectation, i))
            continue;
        if (shown == CANDIDATES_SHOWN) {
            left++;
            continue;
        }
        buf_printf(out, "skipped (%d):\n", ++shown);
        explain_candidate(out, pattern, expectation->taken[i]->element);
    }
    if (left)
        buf_printf(out, "and %d more\n", left);
}

/* A match that came before the step shows that the script's order differs from the service's. */
static void say_earlier(struct expectation *expectation, const xmlNode *pattern)
{
    const struct received *received = expectation->client->first;
    for (; received; received = received->next)
        if (received->taker && received->taker != expectation->step &&
            match(pattern, received->element))
            buf_printf(&expectation->play->failure, "a match came earlier: %s:%d %s it\n",
                       received->taker->path, received->taker->line,
                       received->matched ? "expected and took" : "skipped");
}

static void say_unmet(struct expectation *expectation)
{
    struct buf *out = &expectation->play->failure;
    for (int i = 0; i < expectation->pattern_count; i++) {
        if (expectation->partner[i] >= 0)
            continue;
        buf_add_text(out, "expected:\n");
        outline_write(out, expectation->patterns[i], NULL);
        say_skipped(expectation, expectation->patterns[i]);
        say_earlier(expectation, expectation->patterns[i]);
    }
}

/* ---- The steps ---- */

static bool look(struct expectation *expectation)
{
    int64_t deadline = stage_deadline(expectation->play->stage);
    bool met = false;
    while (!met && take_next(expectation, deadline))
        met = newest_fits(expectation) && find_partners(expectation);
    if (met) {
        take_matches(expectation);
        return true;
    }
    find_partners(expectation); /* to know which patterns have no partner */
    say_headline(expectation);
    say_unmet(expectation);
    return false;
}

static bool expect(struct play *play, const struct script_step *step, bool all)
{
    struct expectation expectation = {
        .play = play, .step = step, .client = play_client(play, step)};
    bool ok = read_patterns(&expectation, all) && look(&expectation);
    expectation_free(&expectation);
    return ok;
}

bool expect_one(struct play *play, const struct script_step *step)
{
    return expect(play, step, false);
}

bool expect_in_any_order(struct play *play, const struct script_step *step)
{
    return expect(play, step, true);
}

bool expect_nothing(struct play *play, const struct script_step *step)
{
    struct client *client = play_client(play, step);
    int64_t deadline = clock_mono_ms() + play->stage->options->quiet_ms;
    struct received *received = stage_next(play->stage, client, step, deadline);
    if (!received)
        return true;
    play_fail(play, step, step->line, "this came:");
    outline_write(&play->failure, received->element, NULL);
    return false;
}
