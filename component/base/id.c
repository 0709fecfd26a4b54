#include "coven/id.h"

#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>

void id_random_bytes(void *out, size_t len)
{
    if (RAND_bytes(out, (int)len) != 1) {
        fputs("coven: cannot get random bytes from the system\n", stderr);
        exit(1);
    }
}

void id_hex(const void *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *in = bytes;
    for (size_t i = 0; i < len; i++) {
        *out++ = digits[in[i] >> 4];
        *out++ = digits[in[i] & 15];
    }
    *out = '\0';
}

void id_random_text(char out[ID_TEXT_SIZE])
{
    unsigned char bytes[(ID_TEXT_SIZE - 1) / 2];
    id_random_bytes(bytes, sizeof bytes);
    id_hex(bytes, sizeof bytes, out);
}
