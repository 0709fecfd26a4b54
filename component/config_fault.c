#include "config_fault.h"

#include <stdarg.h>
#include <stdio.h>

#include "config_keys.h"

#define FAULTS_TOLD 50

void config_fault(struct config *config, int line, const char *format, ...)
{
    char text[1024];
    va_list args;
    if (config->faults++ >= FAULTS_TOLD) {
        if (config->faults == FAULTS_TOLD + 1)
            log_fatal("there are more faults");
        return;
    }
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (line > 0)
        log_fatal("%s:%d: %s", config->file, line, text);
    else
        log_fatal("%s", text);
}

int config_line_of(const struct config *config, const char *section, const char *name)
{
    return config->lines[config_key_index(config_key_find(section, name))];
}
