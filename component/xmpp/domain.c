#include "coven/domain.h"

#include <string.h>

bool domain_is(struct span bare)
{
    return !memchr(bare.at, '@', bare.len);
}

struct span domain_of(struct span bare)
{
    const char *at = memchr(bare.at, '@', bare.len);
    size_t node = at ? (size_t)(at + 1 - bare.at) : 0;
    return (struct span){bare.at + node, bare.len - node};
}

/* An IP address: IPv4 ends with a label of digits, as no name does; IPv6 ends with a bracket. */
static bool is_numeric(struct span domain)
{
    size_t digits = 0;
    while (digits < domain.len && domain.at[domain.len - 1 - digits] >= '0' &&
           domain.at[domain.len - 1 - digits] <= '9')
        digits++;
    bool whole = digits == domain.len || domain.at[domain.len - 1 - digits] == '.';
    return (digits > 0 && whole) || (domain.len > 0 && domain.at[domain.len - 1] == ']');
}

bool domain_rise(struct span *domain)
{
    const char *dot = memchr(domain->at, '.', domain->len);
    if (!dot || is_numeric(*domain))
        return false;
    size_t label = (size_t)(dot + 1 - domain->at);
    if (label == domain->len)
        return false;
    *domain = (struct span){dot + 1, domain->len - label};
    return true;
}

bool domain_covers(struct span domain, struct span other)
{
    do {
        if (span_equal(domain, other))
            return true;
    } while (other.len > domain.len && domain_rise(&other));
    return false;
}

bool domain_lists(const char *const *list, struct span bare)
{
    struct span domain = domain_of(bare);
    for (; list && *list; list++) {
        if (span_is(bare, *list) || span_is(domain, *list))
            return true;
    }
    return false;
}
