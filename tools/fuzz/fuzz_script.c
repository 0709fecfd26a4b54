/* The steps of a valid script can be played; the error of any other has its file and line. */
#include <errno.h>
#include <stdint.h>

#include "coven/bug.h"
#include "scenario/script.h"

/* One setup is valid, one includes itself, one is malformed, and all others are missing. */
static bool load_setup(const char *path, struct buf *out)
{
    static const char *const setups[][2] = {
        {"good.setup",
         "# G\n[Client] G\n\tjid: g@localhost/x\n---\nG connects\nG sends:\n\t<a/>\n"},
        {"loop.setup", "# setup: loop\n---\n"},
        {"bad.setup", "---\n"},
    };
    for (size_t i = 0; i < sizeof setups / sizeof *setups; i++) {
        if (strcmp(path, setups[i][0]) != 0)
            continue;
        buf_add_text(out, setups[i][1]);
        return true;
    }
    errno = ENOENT;
    return false;
}

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
        bool same_file = i > 0 && step->path == step[-1].path;
        coven_assert(step->line > (same_file ? step[-1].line : 0));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    struct script_error error = {.line = -1};
    struct script *script =
        script_parse("path", (struct span){(const char *)bytes, len}, load_setup, &error);
    if (!script) {
        coven_assert(error.line >= 0 && *error.path && *error.what);
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
