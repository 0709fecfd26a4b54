#include "trial.h"

#include <errno.h>
#include <fnmatch.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>

#include "coven/mem.h"

static void judge_before(struct trial *trial, const struct options *options)
{
    struct script_error error;
    trial->script = script_read(trial->path, &error);
    if (!trial->script) {
        trial->verdict = VERDICT_FAILED;
        buf_printf(&trial->text, "%s:%d: %s\n", error.path, error.line, error.what);
        return;
    }
    trial->skip_reason = script_absence(trial->script, options->service);
    if (script_is_remote(trial->script) && !options->remote.host)
        trial->skip_reason = "no remote server given";
    if (trial->skip_reason)
        trial->verdict = VERDICT_SKIPPED;
}

static void add_file(struct trials *trials, const char *path, const struct options *options)
{
    size_t count = (size_t)trials->count++;
    trials->all = mem_resize(trials->all, (count + 1) * sizeof *trials->all);
    trials->all[count] = (struct trial){.path = mem_string(path)};
    judge_before(&trials->all[count], options);
}

static int by_name(const FTSENT **left, const FTSENT **right)
{
    return strcmp((*left)->fts_name, (*right)->fts_name);
}

static bool is_script(const FTSENT *entry)
{
    bool named = entry->fts_level == FTS_ROOTLEVEL;
    return entry->fts_info == FTS_F && (named || fnmatch("*.scs", entry->fts_name, 0) == 0);
}

static bool read_entry(struct trials *trials, const FTSENT *entry, const struct options *options)
{
    switch (entry->fts_info) {
    case FTS_DNR:
    case FTS_ERR:
    case FTS_NS:
        fprintf(stderr, "coven-scenario: %s: %s\n", entry->fts_path, strerror(entry->fts_errno));
        return false;
    default:
        if (is_script(entry))
            add_file(trials, entry->fts_path, options);
        return true;
    }
}

static bool read_path(struct trials *trials, char *path, const struct options *options)
{
    char *paths[] = {path, NULL};
    FTS *tree = fts_open(paths, FTS_COMFOLLOW | FTS_NOCHDIR | FTS_PHYSICAL, by_name);
    if (!tree)
        mem_exhausted();
    bool ok = true;
    for (const FTSENT *entry; ok && (entry = fts_read(tree));)
        ok = read_entry(trials, entry, options);
    fts_close(tree);
    return ok;
}

bool trials_read(struct trials *trials, const struct options *options)
{
    for (int i = 0; i < options->path_count; i++)
        if (!read_path(trials, options->paths[i], options))
            return false;
    return true;
}

void trials_free(struct trials *trials)
{
    for (int i = 0; i < trials->count; i++) {
        free(trials->all[i].path);
        script_free(trials->all[i].script);
        buf_free(&trials->all[i].text);
    }
    free(trials->all);
}

const char *trial_title(const struct trial *trial)
{
    return trial->script ? trial->script->title : trial->path;
}
