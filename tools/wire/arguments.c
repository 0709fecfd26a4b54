#include "wire/arguments.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "coven/mem.h"

/* What getopt returns; not a character such as its '?'. */
enum { VERSION = 1000, HELP, LIST };

bool arguments_wrong(const struct arguments *arguments, const char *what, const char *value)
{
    fprintf(stderr, "%s: %s%s\n", arguments->program, what, value);
    return false;
}

bool arguments_number(const struct arguments *arguments, const struct argument *argument,
                      const char *value, uint32_t *number_r)
{
    char *end;
    double number = strtod(value, &end), scale = argument->scale > 0 ? argument->scale : 1;
    bool fits = end != value && !*end && number >= argument->min && number <= argument->max;
    if (!fits || (argument->scale == 0 && number != (double)(uint32_t)number)) {
        fprintf(stderr, "%s: --%s needs a number from %.15g to %.15g, not %s\n", arguments->program,
                argument->name, argument->min, argument->max, value);
        return false;
    }
    *number_r = (uint32_t)(number * scale + 0.5);
    return true;
}

bool arguments_address(const struct arguments *arguments, const char *value, char **host_r,
                       char **port_r)
{
    const char *colon = strrchr(value, ':');
    if (*host_r)
        return arguments_wrong(arguments, "more than one HOST:PORT: ", value);
    if (!colon || colon == value || colon[1] == '\0')
        return arguments_wrong(arguments, "expected HOST:PORT, not ", value);
    bool bracketed = value[0] == '[' && colon[-1] == ']';
    size_t len = (size_t)(colon - value);
    *host_r = bracketed ? mem_copy(value + 1, len - 2) : mem_copy(value, len);
    *port_r = mem_string(colon + 1);
    return true;
}

static bool take(const struct arguments *arguments, const struct argument *argument, void *options,
                 const char *value)
{
    void *at = (char *)options + argument->offset;
    switch (argument->kind) {
    case ARGUMENT_NUMBER:
        return arguments_number(arguments, argument, value, at);
    case ARGUMENT_TEXT:
        memcpy(at, &value, sizeof value);
        return *value || arguments_wrong(arguments, "no value for --", argument->name);
    case ARGUMENT_FLAG:
        return *(bool *)at = true;
    case ARGUMENT_CALL:
        return argument->call(options, value);
    }
    return false;
}

static struct option *make_options(const struct arguments *arguments)
{
    struct option *list = mem_new((arguments->count + 3) * sizeof *list), *next = list;
    for (size_t i = 0; i < arguments->count; i++) {
        const struct argument *argument = &arguments->list[i];
        int value = argument->kind == ARGUMENT_FLAG ? no_argument : required_argument;
        *next++ = (struct option){argument->name, value, NULL, LIST + (int)i};
    }
    *next++ = (struct option){"version", no_argument, NULL, VERSION};
    *next = (struct option){"help", no_argument, NULL, HELP};
    return list;
}

static enum arguments_result read_all(const struct arguments *arguments, const struct option *list,
                                      void *options, int argc, char **argv)
{
    optind = 0; /* so that it can be called again */
    for (int which; (which = getopt_long(argc, argv, "", list, NULL)) != -1;) {
        if (which == VERSION || which == HELP) {
            if (which == VERSION)
                printf("%s " COVEN_VERSION "\n", arguments->program);
            else
                fputs(arguments->usage, stdout);
            return ARGUMENTS_DONE;
        }
        /* getopt has printed an error about '?' */
        if (which == '?' || !take(arguments, &arguments->list[which - LIST], options, optarg))
            return ARGUMENTS_WRONG;
    }
    return ARGUMENTS_RUN;
}

enum arguments_result arguments_read(const struct arguments *arguments, void *options, int argc,
                                     char **argv, int *rest_r)
{
    struct option *list = make_options(arguments);
    enum arguments_result result = read_all(arguments, list, options, argc, argv);
    free(list);
    if (rest_r)
        *rest_r = optind;
    if (result != ARGUMENTS_RUN || rest_r || optind == argc)
        return result;
    arguments_wrong(arguments, "unexpected argument: ", argv[optind]);
    return ARGUMENTS_WRONG;
}
