/* What is a scenario has steps that can be played, and what is none has a line that says why. */
#include <stdint.h>

#include "coven/bug.h"
#include "scenario/script.h"

static void check_clients(const struct script *script)
{
    coven_assert(script->client_count > 0);
    for (int i = 0; i < script->client_count; i++) {
        const struct script_client *client = &script->clients[i];
        coven_assert(*client->name && *client->jid && !strchr(client->jid, '/'));
    }
}

static void check_steps(const struct script *script)
{
    for (int i = 0; i < script->step_count; i++) {
        const struct script_step *step = &script->steps[i];
        coven_assert(step->client >= 0 && step->client < script->client_count);
        coven_assert(script_verb_has_text(step->verb) == (step->text != NULL));
        coven_assert(step->line > 0 && (i == 0 || step->line > step[-1].line));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct script_error error = {.line = -1};
    struct script *script = script_parse("path", (struct span){(const char *)bytes, len}, &error);
    if (!script) {
        coven_assert(error.line >= 0 && *error.what);
        return 0;
    }
    check_clients(script);
    check_steps(script);
    script_move(script, "h1.example");
    check_clients(script);
    script_absence(script, "prosody");
    script_free(script);
    return 0;
}
