#include <ctype.h>
#include <stdlib.h>

#include "coven/mem.h"
#include "script_line.h"
#include "script_reader.h"

static void add_absence(struct script *script, struct span service, struct span reason)
{
    size_t count = (size_t)script->absence_count++;
    script->absences = mem_resize(script->absences, (count + 1) * sizeof *script->absences);
    script->absences[count] = (struct script_absence){line_copy(service), line_copy(reason)};
}

static bool read_absence(struct script_reader *reader, struct span comment)
{
    static const char because[] = " because ";
    const char *found = memmem(comment.at, comment.len, because, strlen(because));
    if (!found)
        return script_fail(reader, reader->line, "expected: # not on: SERVICE because REASON");
    size_t len = (size_t)(found - comment.at);
    add_absence(reader->script, line_trim((struct span){comment.at, len}),
                line_trim(line_without(comment, len + strlen(because))));
    return true;
}

static bool read_setup(struct script_reader *reader, struct span name)
{
    if (name.len == 0)
        return script_fail(reader, reader->line, "expected: # setup: NAME");
    if (reader->script->client_count > 0)
        return script_fail(reader, reader->line,
                           "a script has one setup, above its first [Client]");
    return script_setup_read(reader, name);
}

static bool read_comment(struct script_reader *reader, struct span line)
{
    static const struct {
        const char *word;
        bool (*read)(struct script_reader *reader, struct span rest);
    } orders[] = {{"not on:", read_absence}, {"setup:", read_setup}};
    struct span comment = line_trim(line_without(line, line.at[0] == '#' ? 1 : 2));
    if (reader->line == 1 && reader->depth == 0 && comment.len) {
        free(reader->script->title);
        reader->script->title = line_copy(comment);
    }
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++)
        if (line_begins(comment, orders[i].word))
            return orders[i].read(reader, line_trim(line_without(comment, strlen(orders[i].word))));
    return true;
}

static bool add_client(struct script_reader *reader, struct span name)
{
    struct script *script = reader->script;
    if (name.len == 0)
        return script_fail(reader, reader->line, "a client needs a name");
    for (int i = 0; i < script->client_count; i++)
        if (span_is(name, script->clients[i].name))
            return script_fail(reader, reader->line, "%s is declared twice",
                               script->clients[i].name);
    size_t count = (size_t)script->client_count++;
    script->clients = mem_resize(script->clients, (count + 1) * sizeof *script->clients);
    script->clients[count] = (struct script_client){.name = line_copy(name), .line = reader->line};
    return true;
}

/* The member for a key; NULL: the key is unknown. */
static char **key_place(struct script_client *client, struct span key)
{
    const struct {
        const char *key;
        char **place;
    } places[] = {
        {"jid", &client->jid},
        {"password", &client->password},
        {"resource", &client->resource},
        {"connect_host", &client->connect_host},
        {"connect_port", &client->connect_port},
    };
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (span_is(key, places[i].key))
            return places[i].place;
    return NULL;
}

static bool read_key(struct script_reader *reader, struct span line)
{
    struct script *script = reader->script;
    const char *colon = memchr(line.at, ':', line.len);
    if (!colon)
        return script_fail(reader, reader->line, "expected: key: value");
    if (script->client_count == reader->first_client)
        return script_fail(reader, reader->line, "no [Client] above this key");
    struct span key = line_trim((struct span){line.at, (size_t)(colon - line.at)});
    char **place = key_place(&script->clients[script->client_count - 1], key);
    if (!place)
        return script_fail(
            reader, reader->line,
            "unknown key \"%.*s\"; a client has jid, password, resource, connect_host "
            "and connect_port",
            (int)key.len, key.at);
    free(*place);
    *place = line_copy(line_trim(line_without(line, (size_t)(colon - line.at) + 1)));
    return true;
}

/* The resource is that of the key, else that of the jid. */
static bool finish_client(struct script_reader *reader, struct script_client *client)
{
    if (!client->jid || !client->jid[0] || client->jid[0] == '/')
        return script_fail(reader, client->line, "%s has no jid", client->name);
    char *slash = strchr(client->jid, '/');
    if (slash) {
        *slash = '\0';
        if (!client->resource)
            client->resource = mem_string(slash + 1);
    }
    const char *at = strchr(client->jid, '@');
    client->is_remote = at && strcmp(at, "@remote.localhost") == 0;
    return true;
}

static bool finish_head(struct script_reader *reader)
{
    struct script *script = reader->script;
    if (script->client_count == 0)
        return script_fail(reader, reader->line, "the head declares no [Client]");
    for (int i = reader->first_client; i < script->client_count; i++)
        if (!finish_client(reader, &script->clients[i]))
            return false;
    reader->in_body = true;
    return true;
}

bool script_head_line(struct script_reader *reader, struct span line)
{
    static const char client[] = "[Client] ";
    struct span text = line_trim(line);
    if (text.len == 0)
        return true;
    if (line_is_separator(line))
        return finish_head(reader);
    if (line_is_comment(text))
        return read_comment(reader, text);
    if (line_begins(line, client))
        return add_client(reader, line_trim(line_without(line, strlen(client))));
    if (isspace((unsigned char)line.at[0]))
        return read_key(reader, line);
    return script_fail(reader, reader->line, "expected a [Client], a comment, or a line of dashes");
}
