/* The address that HTTP listens at: IPv4:PORT, or [IPv6]:PORT. */
#ifndef ADMIN_HTTP_ADDRESS_H
#define ADMIN_HTTP_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

bool http_address_read(const char *text, struct sockaddr_storage *address);
bool http_address_is_loopback(const struct sockaddr_storage *address);

#endif
