/* How often the service manager's watchdog is fed. */

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "manager.h"
#include "unit.h"

#define NAME "@coven-test-manager-%ld"

/* The socket that a service manager listens on; its name goes into the environment. */
static int manager_socket(void)
{
    char name[64];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int len = snprintf(name, sizeof name, NAME, (long)getpid());
    memcpy(address.sun_path + 1, name + 1, (size_t)len - 1);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)len);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, size), 0);
    setenv("NOTIFY_SOCKET", name, 1);
    return fd;
}

/* Milliseconds between two signs of life; 0: there are none. */
static uint64_t interval(const char *usec, const char *pid)
{
    struct manager manager;
    uv_loop_t loop;
    assert_int_equal(uv_loop_init(&loop), 0);
    usec ? setenv("WATCHDOG_USEC", usec, 1) : unsetenv("WATCHDOG_USEC");
    pid ? setenv("WATCHDOG_PID", pid, 1) : unsetenv("WATCHDOG_PID");
    manager_open(&manager, &loop);
    uint64_t ms =
        uv_is_active((uv_handle_t *)&manager.watchdog) ? uv_timer_get_repeat(&manager.watchdog) : 0;
    manager_close(&manager);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(uv_loop_close(&loop), 0);
    return ms;
}

static void the_watchdog_is_fed_twice_as_often_as_it_must(void **state)
{
    (void)state;
    char own[32], other[32];
    snprintf(own, sizeof own, "%ld", (long)getpid());
    snprintf(other, sizeof other, "%ld", (long)getppid());
    int fd = manager_socket();
    assert_int_equal(interval("200000", NULL), 100);
    assert_int_equal(interval("200000", own), 100);
    assert_int_equal(interval("200000", other), 0);
    assert_int_equal(interval(NULL, NULL), 0);
    unsetenv("NOTIFY_SOCKET");
    assert_int_equal(interval("200000", NULL), 0);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_watchdog_is_fed_twice_as_often_as_it_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
