#include "play.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void play_free(struct play *play)
{
    stage_free(play->stage);
    variables_free(play->variables);
    sweep_free(&play->sweep);
    buf_free(&play->notes);
    buf_free(&play->failure);
}

struct client *play_client(const struct play *play, const struct script_step *step)
{
    return &play->stage->clients[step->client];
}

double play_timeout(const struct play *play)
{
    return play->stage->options->timeout_ms / 1000.0;
}

void play_set(struct play *play, const struct client *client, const char *suffix, const char *value)
{
    struct buf name = BUF_INIT;
    buf_printf(&name, "%s%s", client->who->name, suffix);
    variables_set(play->variables, name.data, value);
    buf_free(&name);
}

bool play_fail(struct play *play, const struct script_step *step, int line, const char *format, ...)
{
    char words[1000];
    va_list args;
    va_start(args, format);
    vsnprintf(words, sizeof words, format, args);
    va_end(args);
    buf_printf(&play->failure, "%s:%d: %s %s: %s\n", step->path, line,
               play_client(play, step)->who->name, script_verb_name(step->verb), words);
    return false;
}

static int line_of(const struct script_step *step, const char *at)
{
    int line = step->text_line;
    for (const char *text = step->text; text < at; text++)
        line += *text == '\n';
    return line;
}

bool play_text(struct play *play, const struct script_step *step, struct buf *out)
{
    struct span unknown;
    if (variables_expand(play->variables, span_of(step->text), out, &unknown))
        return true;
    return play_fail(play, step, line_of(step, unknown.at), "the variable ${%.*s} is unknown%s",
                     (int)unknown.len, unknown.at,
                     memmem(unknown.at, unknown.len, "full JID", 8)
                         ? " (a full JID is known after its client has connected)"
                         : "");
}
