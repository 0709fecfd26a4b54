/* The command line. */
#ifndef SHIM_OPTIONS_H
#define SHIM_OPTIONS_H

#include <netinet/in.h>
#include <stdbool.h>

struct accounts;
struct directory;

/* A repeatable option: pointers into argv. */
struct words {
    const char **at;
    int count;
};

struct options {
    struct words domains, secrets, users;
    const char *c2s, *component;
    const char *cert, *key;
    bool any_user;
};

enum options_result { OPTIONS_RUN, OPTIONS_DONE, OPTIONS_WRONG };

/* OPTIONS_WRONG has said so on stderr, OPTIONS_DONE has said what was asked for on stdout. */
enum options_result options_read(struct options *options, int argc, char **argv);
void options_free(struct options *options);

/* Fills the empty tables; false when something named cannot be, with one line on stderr. */
bool options_apply(const struct options *options, struct directory *directory,
                   struct accounts *accounts);

/* HOST:PORT or [HOST]:PORT; false with one line on stderr. */
bool options_address(const char *text, struct sockaddr_storage *address_r);

bool options_is_loopback(const struct sockaddr_storage *address);

#endif
