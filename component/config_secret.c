/* The secret shared with the server. */

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config_private.h"
#include "coven/mem.h"

#define SECRET_BYTES_MAX 1024

/* systemd passes secrets in a folder of its own, and protects it. */
static bool is_credential(const char *path)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    size_t len = folder ? strlen(folder) : 0;
    return len > 0 && strncmp(path, folder, len) == 0 && path[len] == '/';
}

static bool is_open_to_others(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO));
}

static void take_first_line(struct config *config, const struct buf *text, int line)
{
    size_t len = strcspn(text->data, "\r\n");
    if (len == 0 || strlen(text->data) != text->len) {
        config_fault(config, line, "%s: the first line must be the secret, and contain no NUL",
                     config->secret_file);
        return;
    }
    config->link.secret = mem_copy(text->data, len);
    if (!is_credential(config->secret_file) && is_open_to_others(config->secret_file))
        log_warn("%s: other accounts may read the secret; use chmod 600", config->secret_file);
}

static void read_file(struct config *config)
{
    struct buf text = BUF_INIT, why = BUF_INIT;
    int line = config_line_of(config, "link", "secret_file");
    if (config_file_load(config->secret_file, SECRET_BYTES_MAX, &text, &why))
        take_first_line(config, &text, line);
    else
        config_fault(config, line, "%s", why.data);
    if (text.data)
        OPENSSL_cleanse(text.data, text.len);
    buf_free(&text);
    buf_free(&why);
}

void config_secret_read(struct config *config, bool is_option)
{
    const char *environment = getenv("COVEN_SECRET");
    if (environment && !is_option) {
        config->link.secret = mem_string(environment);
        if (!*environment)
            config_fault(config, 0, "COVEN_SECRET is empty");
    } else if (config->secret_file) {
        read_file(config);
    } else {
        config_fault(config, 0, "no secret: give --secret-file FILE, or set COVEN_SECRET");
    }
}
