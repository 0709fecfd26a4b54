/*
 * A scansion script, parsed: its clients, and its steps in the order in which they are played.
 * Those of its setup come first. Nothing is connected, no variable is replaced and no XML is read
 * here.
 */
#ifndef SCENARIO_SCRIPT_H
#define SCENARIO_SCRIPT_H

#include "coven/buf.h"
#include "coven/span.h"

struct script_client {
    char *name;
    char *jid;      /* bare */
    char *resource; /* NULL: the server chooses */
    char *password;
    char *connect_host; /* NULL: where all clients connect */
    char *connect_port; /* NULL: likewise */
    bool is_remote;     /* lives at remote.localhost, on the second server */
    int line;
};

enum script_verb {
    SCRIPT_CONNECTS,
    SCRIPT_DISCONNECTS,
    SCRIPT_DIES,
    SCRIPT_SENDS,
    SCRIPT_RECEIVES,
    SCRIPT_RECEIVES_IN_ANY_ORDER,
    SCRIPT_RECEIVES_NOTHING,
};

struct script_step {
    int client; /* index into the clients */
    enum script_verb verb;
    const char *path; /* of the file that the step stands in; the script's */
    int line;
    char *text;    /* the data block; NULL where the verb has none */
    int text_line; /* the line of the file that the text's first line is */
};

/* "# not on: SERVICE because REASON" */
struct script_absence {
    char *service, *reason;
};

struct script {
    char **paths; /* of the script, and of its setups */
    int path_count;
    char *title; /* of the first line, else the path */
    struct script_client *clients;
    int client_count;
    struct script_step *steps;
    int step_count;
    struct script_absence *absences;
    int absence_count;
};

struct script_error {
    char path[256]; /* of the file, which may be a setup */
    int line;       /* 0: the file as a whole */
    char what[200];
};

/* Adds what the file at `path` holds. False, and errno: it cannot be read. */
typedef bool script_load(const char *path, struct buf *out);

/*
 * Parses the text of the file at `path`; `load` finds its setups. The caller frees the result.
 * Returns NULL and the error for a text that is no script.
 */
struct script *script_parse(const char *path, struct span text, script_load *load,
                            struct script_error *error_r);

/* The same, from the file at `path`. */
struct script *script_read(const char *path, struct script_error *error_r);

void script_free(struct script *script);

/* Every `localhost` in JIDs and data blocks becomes `domain`; a label that only holds the word
 * stays. */
void script_move(struct script *script, const char *domain);

/* Why the script is not to be played on that service; NULL: it is. */
const char *script_absence(const struct script *script, const char *service);

/* Does any client live on the second server? */
bool script_is_remote(const struct script *script);

/* The verbs as a script spells them, without the colon. */
const char *script_verb_name(enum script_verb verb);
bool script_verb_has_text(enum script_verb verb);
bool script_verb_named(struct span name, enum script_verb *verb_r);

#endif
