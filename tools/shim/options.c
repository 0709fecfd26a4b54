#include "options.h"

#include <getopt.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "accounts.h"
#include "coven/jid.h"
#include "coven/mem.h"
#include "coven/prep.h"
#include "directory.h"

static const char usage[] =
    "usage: coven-shim [--domain NAME]... [--c2s HOST:PORT] [--component HOST:PORT]\n"
    "                  [--component-secret NAME=SECRET]... [--user NAME:PASSWORD]... [--any-user]\n"
    "                  [--multi] [--cert FILE --key FILE] [--version] [--help]\n"
    "\n"
    "A small XMPP server to try and test components with.\n"
    "\n"
    "  --domain NAME                   a domain to serve (localhost)\n"
    "  --c2s HOST:PORT                 address for clients (127.0.0.1:5222); port 0: a free port\n"
    "  --component HOST:PORT           address for components (127.0.0.1:5347)\n"
    "  --component-secret NAME=SECRET  the domain of a component, and its secret\n"
    "  --user NAME:PASSWORD            an account on every domain; NAME@DOMAIN: on that domain\n"
    "  --any-user                      accept every name with every password (loopback only)\n"
    "  --multi                         make the copies of stanzas that come with a list\n"
    "  --cert FILE, --key FILE         for TLS, in PEM (default: a new self-signed certificate)\n";

static void complain(const char *format, const char *what)
{
    fputs("coven-shim: ", stderr);
    fprintf(stderr, "%s: ", what);
    fputs(format, stderr);
    fputc('\n', stderr);
}

static void words_add(struct words *words, const char *word)
{
    words->at = mem_resize(words->at, ((size_t)words->count + 1) * sizeof *words->at);
    words->at[words->count++] = word;
}

static bool take_option(struct options *options, int which)
{
    switch (which) {
    case 'd':
        words_add(&options->domains, optarg);
        return true;
    case 's':
        words_add(&options->secrets, optarg);
        return true;
    case 'u':
        words_add(&options->users, optarg);
        return true;
    case 'c':
        options->c2s = optarg;
        return true;
    case 'p':
        options->component = optarg;
        return true;
    case 'a':
        options->any_user = true;
        return true;
    case 'm':
        options->multi = true;
        return true;
    case 'x':
        options->cert = optarg;
        return true;
    case 'k':
        options->key = optarg;
        return true;
    default:
        return false;
    }
}

static bool are_possible(const struct options *options)
{
    if (!options->cert == !options->key)
        return true;
    complain(options->cert ? "needs --key too" : "needs --cert too",
             options->cert ? "--cert" : "--key");
    return false;
}

enum options_result options_read(struct options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"domain", required_argument, NULL, 'd'},
        {"c2s", required_argument, NULL, 'c'},
        {"component", required_argument, NULL, 'p'},
        {"component-secret", required_argument, NULL, 's'},
        {"user", required_argument, NULL, 'u'},
        {"any-user", no_argument, NULL, 'a'},
        {"multi", no_argument, NULL, 'm'},
        {"cert", required_argument, NULL, 'x'},
        {"key", required_argument, NULL, 'k'},
        {"version", no_argument, NULL, 'V'},
        {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    *options = (struct options){.c2s = "127.0.0.1:5222", .component = "127.0.0.1:5347"};
    for (int which; (which = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (which == 'V' || which == 'h') {
            fputs(which == 'V' ? "coven-shim " COVEN_VERSION "\n" : usage, stdout);
            return OPTIONS_DONE;
        }
        if (!take_option(options, which))
            return OPTIONS_WRONG;
    }
    if (optind < argc) {
        complain("unexpected argument", argv[optind]);
        return OPTIONS_WRONG;
    }
    if (options->domains.count == 0)
        words_add(&options->domains, "localhost");
    return are_possible(options) ? OPTIONS_RUN : OPTIONS_WRONG;
}

void options_free(struct options *options)
{
    free(options->domains.at);
    free(options->secrets.at);
    free(options->users.at);
}

static bool apply_domain(const char *word, struct directory *directory)
{
    char domain[PREP_SIZE];
    size_t len = prep_domain(span_of(word), domain);
    if (len == 0)
        complain("not a domain", word);
    else if (!directory_add_host(directory, (struct span){domain, len}))
        complain("the domain is given twice", word);
    else
        return true;
    return false;
}

/* The complaint does not repeat the secret. */
static bool apply_secret(const char *word, struct directory *directory)
{
    char domain[PREP_SIZE];
    const char *sign = strchr(word, '=');
    size_t len = sign ? prep_domain((struct span){word, (size_t)(sign - word)}, domain) : 0;
    if (len == 0 || sign[1] == '\0')
        complain("expected NAME=SECRET, with a domain as NAME", "--component-secret");
    else if (!directory_add_slot(directory, (struct span){domain, len}, sign + 1))
        complain("the domain is given twice", domain);
    else
        return true;
    return false;
}

static bool apply_user(const char *word, struct accounts *accounts)
{
    struct jid jid = {0};
    char node[PREP_SIZE];
    const char *colon = strchr(word, ':');
    struct span name = {word, colon ? (size_t)(colon - word) : 0};
    bool has_domain = name.len && memchr(name.at, '@', name.len);
    size_t len = has_domain ? 0 : prep_node(name, node);
    bool ok = has_domain ? jid_parse(name, &jid) && !jid_has_resource(&jid) : len > 0;
    struct span prepared = has_domain ? jid_node(&jid) : (struct span){node, len};
    struct span domain = has_domain ? jid_domain(&jid) : (struct span){NULL, 0};
    if (!ok)
        complain("expected NAME:PASSWORD or NAME@DOMAIN:PASSWORD", "--user");
    else if (!accounts_add(accounts, prepared, domain, colon + 1))
        complain("the user is given twice", has_domain ? jid.text : node);
    else
        return true;
    return false;
}

bool options_apply(const struct options *options, struct directory *directory,
                   struct accounts *accounts)
{
    for (int i = 0; i < options->domains.count; i++)
        if (!apply_domain(options->domains.at[i], directory))
            return false;
    for (int i = 0; i < options->secrets.count; i++)
        if (!apply_secret(options->secrets.at[i], directory))
            return false;
    for (int i = 0; i < options->users.count; i++)
        if (!apply_user(options->users.at[i], accounts))
            return false;
    return true;
}

static bool resolve(const char *host, const char *port, struct sockaddr_storage *address_r)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV | AI_PASSIVE};
    struct addrinfo *found;
    if (getaddrinfo(host, port, &hints, &found) != 0)
        return false;
    *address_r = (struct sockaddr_storage){0};
    memcpy(address_r, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return true;
}

static bool is_port(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && len <= 5 && strspn(text, "0123456789") == len && atol(text) <= 65535;
}

bool options_address(const char *text, struct sockaddr_storage *address_r)
{
    const char *colon = strrchr(text, ':');
    size_t len = colon ? (size_t)(colon - text) : 0;
    bool bracketed = len > 2 && text[0] == '[' && text[len - 1] == ']';
    bool ok = false;
    if (len > 0 && is_port(colon + 1)) {
        char *host = bracketed ? mem_copy(text + 1, len - 2) : mem_copy(text, len);
        ok = resolve(host, colon + 1, address_r);
        free(host);
    }
    if (!ok)
        complain("expected HOST:PORT with a host that can be found", text);
    return ok;
}

bool options_is_loopback(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
    }
    struct sockaddr_in6 v6;
    memcpy(&v6, address, sizeof v6);
    return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
}
