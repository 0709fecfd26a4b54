#include "question.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

#include "bounce_verdict.h"
#include "coven/domain.h"
#include "coven/id.h"
#include "coven/mem.h"
#include "coven/ns.h"
#include "ghosts.h"
#include "muc/say/draft.h"
#include "muc/state/service_state.h"
#include "recovery.h"

#define LOCAL_OPEN_MAX  100   /* open at a time to a local domain */
#define REMOTE_OPEN_MAX 20    /* the same to a remote domain, once it has answered */
#define WAITING_MAX     100   /* questions of recovery in a domain's line */
#define SILENT_MS       2000  /* after this, an unanswered question does not hold up others */
#define EXPIRY_MS       60000 /* how long a question is kept: silence proves nothing */
#define DEAD_MAX        200   /* sessions found dead in one turn */

/* The questions to one domain. */
struct question_domain {
    struct table_link link;
    struct question *waiting; /* to be sent, in that order */
    unsigned waiting_count;
    unsigned open;  /* sent, unanswered, and not silent for long */
    unsigned count; /* all questions; with the last one the domain is freed */
    bool local, responded;
    bool unreachable;                    /* it is in the list of unreachable domains */
    int64_t first_sent_ms;               /* when the first question was sent; 0: none was */
    struct question_domain *prev, *next; /* in the list of unreachable domains */
    char *name;
};

struct question {
    struct table_link by_jid, by_id;
    struct question *prev, *next; /* in the domain's line, or among those sent */
    struct question_domain *domain;
    char *jid;
    char id[ID_TEXT_SIZE]; /* empty: not sent yet */
    int64_t sent_ms;
    bool for_recovery; /* asked by recovery; else a suspect */
    bool unreachable;  /* a suspect: the error was about the whole domain */
    bool open;         /* counted in its domain's `open` */
    bool counted;      /* counted in the service's `open` */
    bool answered;
    bool fresh; /* sent in this turn */
};

static bool is_sent(const struct question *question)
{
    return question->id[0] != '\0';
}

/* ---- Domains ---- */

static bool has_name(const struct table_link *link, struct span name)
{
    return span_is(name, TABLE_ITEM(link, const struct question_domain, link)->name);
}

static struct question_domain *find_domain(struct service *service, struct span name)
{
    unsigned hash = hash_span(&service->seed, name);
    struct table_link *link = table_find(&service->questions->domains, hash, has_name, name);
    if (link)
        return TABLE_ITEM(link, struct question_domain, link);
    struct question_domain *domain = mem_new(sizeof *domain);
    domain->name = mem_copy(name.at, name.len);
    domain->local = domain_lists(service->settings.local_domains, name);
    table_add(&service->questions->domains, &domain->link, hash);
    return domain;
}

static void domain_release(struct service *service, struct question_domain *domain)
{
    if (--domain->count > 0)
        return;
    if (domain->unreachable)
        DL_DELETE(service->questions->unreachable, domain);
    table_remove(&service->questions->domains, &domain->link);
    free(domain->name);
    free(domain);
}

static unsigned domain_open_max(const struct question_domain *domain)
{
    return domain->local ? LOCAL_OPEN_MAX : domain->responded ? REMOTE_OPEN_MAX : 1;
}

static bool domain_is_silent(const struct question_domain *domain, int64_t now_ms)
{
    bool asked = domain->first_sent_ms > 0 && !domain->responded && !domain->local;
    return asked && now_ms - domain->first_sent_ms > SILENT_MS;
}

/* The domain cannot be reached, so its suspects for that reason are gone. Other sessions there are
 * still asked: any user of the domain can forge such an error. */
static void domain_mark_unreachable(struct service *service, struct question_domain *domain)
{
    if (domain->unreachable)
        return;
    domain->unreachable = true;
    DL_APPEND(service->questions->unreachable, domain);
}

/* ---- Questions ---- */

static bool has_jid(const struct table_link *link, struct span jid)
{
    return span_is(jid, TABLE_ITEM(link, const struct question, by_jid)->jid);
}

static struct question *find(struct service *service, struct span jid)
{
    unsigned hash = hash_span(&service->seed, jid);
    struct table_link *link = table_find(&service->questions->by_jid, hash, has_jid, jid);
    return link ? TABLE_ITEM(link, struct question, by_jid) : NULL;
}

static struct question *question_new(struct service *service, struct question_domain *domain,
                                     struct span jid)
{
    struct question *question = mem_new(sizeof *question);
    question->jid = mem_copy(jid.at, jid.len);
    question->domain = domain;
    domain->count++;
    domain->waiting_count++;
    table_add(&service->questions->by_jid, &question->by_jid, hash_span(&service->seed, jid));
    return question;
}

/* The question does not hold up others any more. */
static void uncount(struct service *service, struct question *question)
{
    question->domain->open -= question->open;
    service->questions->open -= question->counted;
    question->open = question->counted = false;
}

static void take_out_of_line(struct question *question)
{
    DL_DELETE(question->domain->waiting, question);
    question->domain->waiting_count--;
}

static void question_close(struct service *service, struct question *question)
{
    struct questions *questions = service->questions;
    uncount(service, question);
    if (is_sent(question)) {
        table_remove(&questions->by_id, &question->by_id);
        DL_DELETE(questions->sent, question);
    } else {
        take_out_of_line(question);
    }
    questions->recovering -= question->for_recovery;
    table_remove(&questions->by_jid, &question->by_jid);
    domain_release(service, question->domain);
    free(question->jid);
    free(question);
}

/* Notes that the session is alive. A suspect's question is kept, so that the session is not asked
 * again at once. */
static void question_note_answer(struct service *service, struct question *question)
{
    uncount(service, question);
    question->answered = true;
    if (question->for_recovery)
        question_close(service, question);
}

/* ---- Asking ---- */

static void write_question(struct service *service, const struct question *question,
                           const char *name, const char *type)
{
    bool message = strcmp(name, "message") == 0;
    struct draft draft =
        draft_open(service, name, span_of(service->settings.domain), type, question->id);
    draft_to(&draft, span_of(question->jid));
    xml_element(&draft.xml, message ? "no-store" : "ping", message ? NS_HINTS : NS_PING,
                span_of(""));
    outbox_send(service->outbox, service->lane, draft_close(&draft));
}

static void send_question(struct service *service, const struct question *question)
{
    write_question(service, question, "message", "groupchat");
    write_question(service, question, "iq", "get");
}

static void ask(struct service *service, struct question *question)
{
    struct questions *questions = service->questions;
    struct question_domain *domain = question->domain;
    take_out_of_line(question);
    id_random_text(question->id);
    question->sent_ms = service->mono_ms;
    question->open = question->fresh = true;
    question->counted = domain->local || domain->responded;
    domain->open++;
    questions->open += question->counted;
    domain->first_sent_ms = domain->first_sent_ms ? domain->first_sent_ms : service->mono_ms;
    if (question->for_recovery)
        questions->last_sent_ms = service->mono_ms;
    table_add(&questions->by_id, &question->by_id,
              hash_span(&service->seed, span_of(question->id)));
    DL_APPEND(questions->sent, question);
    send_question(service, question);
}

static void ask_some(struct service *service, struct question_domain *domain)
{
    while (domain->waiting && !domain->unreachable && domain->open < domain_open_max(domain))
        ask(service, domain->waiting);
}

static bool has_room(const struct service *service)
{
    return service->questions->by_jid.count < service->settings.limits.questions;
}

void question_suspect(struct service *service, const struct jid *jid, bool unreachable)
{
    if (!has_room(service) || find(service, jid_full(jid)))
        return;
    struct question_domain *domain = find_domain(service, jid_domain(jid));
    struct question *question = question_new(service, domain, jid_full(jid));
    question->unreachable = unreachable;
    DL_PREPEND(domain->waiting, question);
    ask_some(service, domain);
}

bool question_ask(struct service *service, const struct jid *jid)
{
    if (find(service, jid_full(jid)))
        return true;
    if (!has_room(service))
        return false;
    struct question_domain *domain = find_domain(service, jid_domain(jid));
    if (domain->waiting_count >= WAITING_MAX)
        return domain_is_silent(domain, service->mono_ms);
    struct question *question = question_new(service, domain, jid_full(jid));
    question->for_recovery = true;
    service->questions->recovering++;
    DL_APPEND(domain->waiting, question);
    ask_some(service, domain);
    return true;
}

/* ---- Answers ---- */

static bool has_id(const struct table_link *link, struct span id)
{
    return span_is(id, TABLE_ITEM(link, const struct question, by_id)->id);
}

/* Returns the unanswered question that the stanza is about; NULL: none. */
static struct question *question_of(const struct request *request)
{
    struct service *service = request->service;
    if (!request->id)
        return NULL;
    struct span id = span_of(request->id);
    struct table_link *link =
        table_find(&service->questions->by_id, hash_span(&service->seed, id), has_id, id);
    struct question *question = link ? TABLE_ITEM(link, struct question, by_id) : NULL;
    bool open = question && !question->answered && span_is(jid_full(&request->from), question->jid);
    return open ? question : NULL;
}

static void found_dead(struct service *service, struct question *question)
{
    ghosts_add_everywhere(service, span_of(question->jid), span_of("Connection lost"));
    if (service->store_failed)
        return; /* the turn is dropped, and this stanza is handled again */
    service->questions->gone += question->for_recovery;
    question_close(service, question);
}

/* The domain has answered, so the next questions may be sent. */
static void ask_next(struct service *service, struct question_domain *domain)
{
    ask_some(service, domain);
    domain_release(service, domain);
    recovery_ask(service);
}

static struct question_domain *note_response(struct question *question)
{
    struct question_domain *domain = question->domain;
    domain->responded = true;
    domain->count++; /* kept until ask_next() */
    return domain;
}

const struct stanza_error *question_bounce(struct request *request)
{
    struct service *service = request->service;
    struct question *question = question_of(request);
    if (!question || bounce_verdict_of(request) == BOUNCE_HARMLESS)
        return NULL;
    struct question_domain *domain = note_response(question);
    if (bounce_verdict_is_of_domain(request))
        domain_mark_unreachable(service, domain);
    found_dead(service, question);
    ask_next(service, domain);
    return NULL;
}

const struct stanza_error *question_answer(struct request *request)
{
    struct service *service = request->service;
    struct question *question = question_of(request);
    if (!question)
        return NULL;
    struct question_domain *domain = note_response(question);
    question_note_answer(service, question);
    ask_next(service, domain);
    return NULL;
}

void question_note_alive(struct service *service, struct span jid)
{
    struct question *question = find(service, jid);
    if (!question)
        return;
    struct question_domain *domain = note_response(question);
    question_close(service, question);
    ask_next(service, domain);
}

/* ---- Time and turns ---- */

bool question_has_work(const struct service *service)
{
    return service->questions->unreachable != NULL;
}

static struct question *first_unreachable(const struct question_domain *domain)
{
    struct question *question = domain->waiting;
    while (question && !question->unreachable)
        question = question->next;
    return question;
}

void question_step(struct service *service)
{
    struct questions *questions = service->questions;
    for (unsigned left = DEAD_MAX; left > 0 && questions->unreachable && !service->store_failed;
         left--) {
        struct question_domain *domain = questions->unreachable;
        struct question *question = first_unreachable(domain);
        if (question) {
            found_dead(service, question);
            continue;
        }
        DL_DELETE(questions->unreachable, domain);
        domain->unreachable = false;
        ask_some(service, domain);
    }
}

/* Drops a question, and all that wait if the server never answered any. */
static void give_up(struct service *service, struct question *question)
{
    struct question_domain *domain = question->domain;
    bool silent = !question->answered && !domain->responded;
    domain->count++;
    while (silent && domain->waiting)
        question_close(service, domain->waiting);
    question_close(service, question);
    ask_some(service, domain);
    domain_release(service, domain);
}

void question_tick(struct service *service)
{
    struct questions *questions = service->questions;
    int64_t now_ms = service->mono_ms;
    while (questions->sent && now_ms - questions->sent->sent_ms >= EXPIRY_MS)
        give_up(service, questions->sent);
    struct question *question = questions->sent;
    for (; question && now_ms - question->sent_ms > SILENT_MS; question = question->next) {
        if (!question->open || !(question->domain->local || question->domain->responded))
            continue;
        uncount(service, question);
        ask_some(service, question->domain);
    }
}

void question_settle(struct service *service, bool committed)
{
    struct question *first = service->questions->sent;
    struct question *question = first ? first->prev : NULL;
    for (; question && question->fresh; question = question == first ? NULL : question->prev) {
        question->fresh = false;
        if (committed)
            continue;
        send_question(service, question);
    }
}

void question_forget_all(struct service *service)
{
    struct table_link *link;
    while ((link = table_any(&service->questions->by_jid)))
        question_close(service, TABLE_ITEM(link, struct question, by_jid));
    *service->questions = (struct questions){.open = 0};
}

void question_free(struct service *service)
{
    question_forget_all(service);
    free(service->questions);
}
