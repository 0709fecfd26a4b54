#include "script.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "coven/mem.h"

static const struct verb {
    const char *name;
    enum script_verb verb;
    bool has_text;
} verbs[] = {
    {"connects", SCRIPT_CONNECTS, false},
    {"disconnects", SCRIPT_DISCONNECTS, false},
    {"dies", SCRIPT_DIES, false},
    {"sends", SCRIPT_SENDS, true},
    {"receives in any order", SCRIPT_RECEIVES_IN_ANY_ORDER, true},
    {"receives nothing", SCRIPT_RECEIVES_NOTHING, false},
    {"receives", SCRIPT_RECEIVES, true},
};

#define VERB_COUNT (sizeof verbs / sizeof *verbs)

static const struct verb *verb_of(enum script_verb verb)
{
    for (size_t i = 0; i < VERB_COUNT; i++)
        if (verbs[i].verb == verb)
            return &verbs[i];
    return NULL;
}

const char *script_verb_name(enum script_verb verb)
{
    return verb_of(verb)->name;
}

bool script_verb_has_text(enum script_verb verb)
{
    return verb_of(verb)->has_text;
}

bool script_verb_named(struct span name, enum script_verb *verb_r)
{
    for (size_t i = 0; i < VERB_COUNT; i++) {
        if (!span_is(name, verbs[i].name))
            continue;
        *verb_r = verbs[i].verb;
        return true;
    }
    return false;
}

static bool load_file(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    size_t len;
    do {
        len = fread(buf_reserve(out, 4096), 1, 4096, file);
        out->len += len;
    } while (len > 0);
    bool ok = !ferror(file);
    fclose(file);
    return ok;
}

struct script *script_read(const char *path, struct script_error *error_r)
{
    struct buf text = BUF_INIT;
    struct script *script = NULL;
    if (load_file(path, &text)) {
        script = script_parse(path, buf_span(&text), load_file, error_r);
    } else {
        snprintf(error_r->path, sizeof error_r->path, "%s", path);
        error_r->line = 0;
        snprintf(error_r->what, sizeof error_r->what, "cannot be read: %s", strerror(errno));
    }
    buf_free(&text);
    return script;
}

void script_free(struct script *script)
{
    if (!script)
        return;
    for (int i = 0; i < script->client_count; i++) {
        struct script_client *client = &script->clients[i];
        char *members[] = {client->name,     client->jid,          client->resource,
                           client->password, client->connect_host, client->connect_port};
        for (size_t k = 0; k < sizeof members / sizeof *members; k++)
            free(members[k]);
    }
    for (int i = 0; i < script->step_count; i++)
        free(script->steps[i].text);
    for (int i = 0; i < script->absence_count; i++) {
        free(script->absences[i].service);
        free(script->absences[i].reason);
    }
    free(script->absences);
    free(script->clients);
    free(script->steps);
    for (int i = 0; i < script->path_count; i++)
        free(script->paths[i]);
    free(script->paths);
    free(script->title);
    free(script);
}

const char *script_absence(const struct script *script, const char *service)
{
    for (int i = 0; service && i < script->absence_count; i++)
        if (strcmp(script->absences[i].service, service) == 0)
            return script->absences[i].reason;
    return NULL;
}

bool script_is_remote(const struct script *script)
{
    for (int i = 0; i < script->client_count; i++)
        if (script->clients[i].is_remote)
            return true;
    return false;
}

/* ---- The domain ---- */

static bool is_label_char(char c)
{
    return isalnum((unsigned char)c) || c == '-' || c == '_';
}

/* The first `localhost` at or after `from` that is a whole label, or NULL. */
static const char *find_localhost(const char *text, const char *from)
{
    static const char name[] = "localhost";
    for (const char *at = strstr(from, name); at; at = strstr(at + 1, name)) {
        bool begins = at == text || !is_label_char(at[-1]);
        if (begins && !is_label_char(at[strlen(name)]))
            return at;
    }
    return NULL;
}

static void move_text(char **text, const char *domain)
{
    if (!*text)
        return;
    struct buf out = BUF_INIT;
    const char *from = *text;
    for (const char *at; (at = find_localhost(*text, from)); from = at + strlen("localhost")) {
        buf_add(&out, from, (size_t)(at - from));
        buf_add_text(&out, domain);
    }
    buf_add_text(&out, from);
    free(*text);
    *text = buf_take(&out);
}

void script_move(struct script *script, const char *domain)
{
    for (int i = 0; i < script->client_count; i++)
        move_text(&script->clients[i].jid, domain);
    for (int i = 0; i < script->step_count; i++)
        move_text(&script->steps[i].text, domain);
}
