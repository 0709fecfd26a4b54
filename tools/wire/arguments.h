/* The command line of a tool, read by a table of its options. */
#ifndef WIRE_ARGUMENTS_H
#define WIRE_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum argument_kind {
    ARGUMENT_NUMBER, /* a uint32_t */
    ARGUMENT_TEXT,   /* a const char *, not empty */
    ARGUMENT_FLAG,   /* a bool; the option has no value */
    ARGUMENT_CALL,   /* the value goes to a function */
};

struct argument {
    const char *name;
    enum argument_kind kind;
    size_t offset;          /* in the tool's struct options, but for calls */
    double min, max, scale; /* of a number; scale 0: a whole number, else a multiple of the unit */
    bool (*call)(void *options, const char *value); /* false: it has printed an error */
};

struct arguments {
    const char *program;
    const char *usage; /* printed by --help */
    const struct argument *list;
    size_t count;
};

/* DONE: --help or --version was answered. WRONG: an error message is on stderr. */
enum arguments_result { ARGUMENTS_RUN, ARGUMENTS_DONE, ARGUMENTS_WRONG };

/* Reads all options into the tool's struct options. `rest_r` is the index of the first argument
 * after them; NULL: there must be none. */
enum arguments_result arguments_read(const struct arguments *arguments, void *options, int argc,
                                     char **argv, int *rest_r);

/* Prints "PROGRAM: WHATVALUE" to stderr. Returns false. */
bool arguments_wrong(const struct arguments *arguments, const char *what, const char *value);

/* Reads the value of a number. False: an error message is on stderr. */
bool arguments_number(const struct arguments *arguments, const struct argument *argument,
                      const char *value, uint32_t *number_r);

/* Splits HOST:PORT, also [HOST]:PORT. The caller frees both. False: an error message is on stderr,
 * also when `*host_r` is set already. */
bool arguments_address(const struct arguments *arguments, const char *value, char **host_r,
                       char **port_r);

#endif
