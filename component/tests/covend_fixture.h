/* A covend that a test has started, and sockets to it. */
#ifndef TESTS_COVEND_FIXTURE_H
#define TESTS_COVEND_FIXTURE_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "coven/buf.h"
#include "unit.h"

static inline struct sockaddr_in socket_address(uint16_t port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

/* A port of the loopback that nobody uses. */
static inline uint16_t socket_free_port(void)
{
    struct sockaddr_in address = socket_address(0);
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

/* Connects to a port of the loopback, when somebody listens there. */
static inline int socket_dial(uint16_t port)
{
    struct sockaddr_in address = socket_address(port);
    for (int i = 0; i < 500; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
            return fd;
        close(fd);
        usleep(20000);
    }
    fail_msg("nobody listens at port %u", port);
    return -1;
}

/* Reads all until the end; the caller frees it. */
static inline char *socket_read_all(int fd)
{
    struct buf text = BUF_INIT;
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    buf_add_text(&text, "");
    for (;;) {
        char *end = buf_reserve(&text, 65536);
        if (poll(&ready, 1, 30000) <= 0)
            fail_msg("no answer, but: %s", text.data);
        ssize_t count = read(fd, end, 65536);
        if (count <= 0)
            break;
        text.len += (size_t)count;
        text.data[text.len] = '\0';
    }
    return buf_take(&text);
}

/* Kills covend, unless `pid` is 0, and deletes the folder of the test. Returns 0 on success. */
static inline int covend_end(pid_t pid, const char *folder)
{
    char command[64];
    if (pid > 0) {
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
    }
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

#endif
