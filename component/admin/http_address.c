#include "http_address.h"

#include <arpa/inet.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static bool port_read(const char *text, uint16_t *port_r)
{
    char *end;
    unsigned long port = strtoul(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || port == 0 || port > UINT16_MAX)
        return false;
    *port_r = htons((uint16_t)port);
    return true;
}

bool http_address_read(const char *text, struct sockaddr_storage *address)
{
    struct sockaddr_in *four = (struct sockaddr_in *)address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
    const char *colon = strrchr(text, ':');
    char host[INET6_ADDRSTRLEN + 2];
    size_t len = colon ? (size_t)(colon - text) : 0;
    if (len < 2 || len >= sizeof host)
        return false;
    memcpy(host, text, len);
    host[len] = '\0';
    memset(address, 0, sizeof *address);
    if (*host != '[') {
        four->sin_family = AF_INET;
        return inet_pton(AF_INET, host, &four->sin_addr) == 1 &&
               port_read(colon + 1, &four->sin_port);
    }
    six->sin6_family = AF_INET6;
    if (host[len - 1] != ']')
        return false;
    host[len - 1] = '\0';
    return inet_pton(AF_INET6, host + 1, &six->sin6_addr) == 1 &&
           port_read(colon + 1, &six->sin6_port);
}

bool http_address_is_loopback(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)address)->sin6_addr);
    return ntohl(((const struct sockaddr_in *)address)->sin_addr.s_addr) >> 24 == 127;
}
