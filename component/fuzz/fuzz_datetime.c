/* A time that can be read stays the same when it is printed and read again. */
#include "coven/bug.h"
#include "coven/datetime.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
    int64_t ms, again;
    char text[DATETIME_SIZE];
    if (!datetime_parse((struct span){(const char *)bytes, len}, &ms))
        return 0;
    datetime_print(ms, text);
    coven_assert(datetime_parse(span_of(text), &again) && again == ms);
    return 0;
}
