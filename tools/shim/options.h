/* The options on the command line. */
#ifndef SHIM_OPTIONS_H
#define SHIM_OPTIONS_H

#include <netinet/in.h>
#include <stdbool.h>

struct accounts;
struct directory;

/* The values of a repeatable option; they point into argv. */
struct words {
    const char **at;
    int count;
};

struct options {
    struct words domains, secrets, users;
    const char *c2s, *component;
    const char *cert, *key;
    bool any_user, multi;
};

enum options_result { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_WRONG };

/* DONE: --help or --version was answered on stdout. WRONG: one line on stderr says why. */
enum options_result options_read(struct options *options, int argc, char **argv);
void options_free(struct options *options);

/* Fills the empty tables. False, and one line on stderr: a value is invalid. */
bool options_apply(const struct options *options, struct directory *directory,
                   struct accounts *accounts);

/* Resolves HOST:PORT or [HOST]:PORT. False, and one line on stderr: it is invalid. */
bool options_address(const char *text, struct sockaddr_storage *address_r);

bool options_is_loopback(const struct sockaddr_storage *address);

#endif
