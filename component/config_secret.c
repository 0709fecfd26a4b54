/* The secret shared with the server, and the token of HTTP. */

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

/* systemd gives it to the service alone, not to a check beside it. */
static bool is_withheld(const struct config *config, const char *path)
{
    static const char folder[] = "/run/credentials/";
    return config->action == CONFIG_CHECK && strncmp(path, folder, sizeof folder - 1) == 0;
}

static bool is_open_to_others(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && (status.st_mode & (S_IRWXG | S_IRWXO));
}

static char *take_first_line(struct config *config, const char *path, const struct buf *text,
                             int line)
{
    size_t len = strcspn(text->data, "\r\n");
    if (len == 0 || strlen(text->data) != text->len) {
        config_fault(config, line, "%s: the first line must be the secret, and contain no NUL",
                     path);
        return NULL;
    }
    if (!is_credential(path) && is_open_to_others(path))
        log_warn("%s: other accounts may read the secret; use chmod 600", path);
    return mem_copy(text->data, len);
}

static char *read_file(struct config *config, const char *path, int line)
{
    struct buf text = BUF_INIT, why = BUF_INIT;
    char *secret = NULL;
    if (config_file_load(path, SECRET_BYTES_MAX, &text, &why))
        secret = take_first_line(config, path, &text, line);
    else
        config_fault(config, line, "%s", why.data);
    if (text.data)
        OPENSSL_cleanse(text.data, text.len);
    buf_free(&text);
    buf_free(&why);
    return secret;
}

void config_secret_read(struct config *config, bool is_option)
{
    const char *environment = getenv("COVEN_SECRET");
    if (environment && !is_option) {
        config->link.secret = mem_string(environment);
        if (!*environment)
            config_fault(config, 0, "COVEN_SECRET is empty");
    } else if (config->secret_file) {
        config->link.secret =
            read_file(config, config->secret_file, config_line_of(config, "link", "secret_file"));
    } else {
        config_fault(config, 0, "no secret: give --secret-file FILE, or set COVEN_SECRET");
    }
    if (config->http_token_file && !is_withheld(config, config->http_token_file))
        config->http_token = read_file(config, config->http_token_file,
                                       config_line_of(config, "http", "token_file"));
}
