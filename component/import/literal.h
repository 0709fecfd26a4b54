/* What the readers of literals have in common. */
#ifndef IMPORT_LITERAL_H
#define IMPORT_LITERAL_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "source_file.h"

enum read_result {
    READ_OK,
    READ_END, /* nothing follows */
    READ_BAD, /* one record is malformed or exceeds a limit: the reason is in `why`, without the
                 name of the file, with "line N: " before it; the next call goes on behind it */
};

/* What exceeds one is malformed. */
struct literal_limits {
    size_t bytes;   /* of one record, as it stands in the file */
    unsigned depth; /* of tables in each other, at most LITERAL_DEPTH_MAX */
    size_t values;  /* in one record: strings, numbers, tables, ... */
};

#define LITERAL_DEPTH_MAX 100

/*
 * The rest is for the readers themselves: a record that is being read. Functions that give a value
 * or a bool give NULL or false when the record is malformed; then the reason is written.
 */
struct literal {
    struct source_file *file;
    const struct literal_limits *limits;
    struct buf *why;
    struct buf *text; /* gets the bytes of the record; NULL: nobody wants them */
    int c;            /* the byte to look at, which is taken from the file; -1: none follows */
    int before;       /* the byte before it */
    size_t left;      /* how many bytes may still be taken */
    size_t values;
    unsigned depth;
    bool is_cut;     /* c == -1 because of the limit, not of the end */
    bool is_bad;     /* the reason is written */
    struct buf run;  /* the word, number or string that is being collected */
    struct buf keys; /* keys whose values are being read, one behind the other, each with a NUL */
};

/* Takes the first byte, without a limit until literal_begin(). */
void literal_open(struct literal *literal, struct source_file *file,
                  const struct literal_limits *limits, struct buf *why);

/* The byte to look at is the first of the record, and is counted from here on. */
void literal_begin(struct literal *literal, struct buf *text);

void literal_close(struct literal *literal);

void literal_cut(struct literal *literal);

/* Inline, like what it calls for a byte: the readers spend their time here. */
static inline void literal_step(struct literal *literal)
{
    if (literal->left == 0) {
        literal_cut(literal);
        return;
    }
    literal->left--;
    if (literal->text)
        buf_add_char(literal->text, (char)literal->c);
    literal->before = literal->c;
    literal->c = source_file_next(literal->file);
}

/* Steps over that byte, if it is the one to look at. */
bool literal_skip(struct literal *literal, char byte);

/* Gives false, for the caller to give. The first reason stays: the others follow from it. */
bool literal_fail(struct literal *literal, const char *reason);

/* Counts a value. */
bool literal_count(struct literal *literal);

/* Steps into a table or list over its first byte, and counts it, and out of it over its last. */
bool literal_enter(struct literal *literal);
void literal_leave(struct literal *literal);

/* What was collected as a string. */
json_t *literal_string(struct literal *literal);

/* What was collected as a decimal number, with a fraction or an exponent or without them, or
 * as digits of that base; NULL without a reason if it is none or exceeds 64 bits. */
json_t *literal_real(const struct literal *literal);
json_t *literal_integer(const struct literal *literal, int base);

/* Remembers the value as a key until literal_set() puts what belongs to it into `table`. A key is a
 * string, a number or a boolean. Both take the value over. */
bool literal_key(struct literal *literal, json_t *key, size_t *at_r);
void literal_set(struct literal *literal, json_t *table, size_t at, json_t *value);

/* The value of a hexadecimal or another digit; 36 for another byte. */
unsigned literal_digit(int c);

/* Appends the code point as UTF-8, surrogates as well: Lua and Erlang do so. */
void literal_add_code(struct buf *out, unsigned long code);

#endif
