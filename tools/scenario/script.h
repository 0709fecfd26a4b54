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
    char *connect_host; /* NULL: that of the options */
    char *connect_port; /* NULL: likewise */
    bool is_remote;     /* the JID is at remote.localhost, on the second server */
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
    const char *path; /* of the file with the step; the script owns it */
    int line;
    char *text;    /* the data block; NULL where the verb has none */
    int text_line; /* of the text's first line in the file */
};

/* "# not on: SERVICE because REASON" */
struct script_absence {
    char *service, *reason;
};

struct script {
    char **paths; /* of the script, and of its setups */
    int path_count;
    char *title; /* the first line, else the path */
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

/* Adds the content of the file at `path`. False, and errno: it cannot be read. */
typedef bool script_load(const char *path, struct buf *out);

/*
 * Parses the text of the file at `path`; `load` reads its setups. The caller frees the result with
 * script_free(). Returns NULL and the error for a text that is no script.
 */
struct script *script_parse(const char *path, struct span text, script_load *load,
                            struct script_error *error_r);

/* The same, from the file at `path`. */
struct script *script_read(const char *path, struct script_error *error_r);

void script_free(struct script *script);

/* Replaces `localhost` in JIDs and data blocks by `domain`, but not within a longer label. */
void script_move(struct script *script, const char *domain);

/* The reason to skip the script on that service; NULL: it is played. */
const char *script_absence(const struct script *script, const char *service);

/* True if any client lives on the second server. */
bool script_is_remote(const struct script *script);

/* The verbs as a script spells them, without the colon. */
const char *script_verb_name(enum script_verb verb);
bool script_verb_has_text(enum script_verb verb);
bool script_verb_named(struct span name, enum script_verb *verb_r);

#endif
