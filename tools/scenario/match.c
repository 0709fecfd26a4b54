#include "match.h"

#include <stdlib.h>

#include "coven/mem.h"
#include "coven/ns.h"
#include "element.h"
#include "pairing.h"
#include "pattern.h"

static const char any[] = "{scansion:any}";
static const char capture[] = "{scansion:capture:";

static bool is_capture(struct span value)
{
    size_t len = strlen(capture);
    return value.len > len && memcmp(value.at, capture, len) == 0 && value.at[value.len - 1] == '}';
}

static bool value_fits(struct span expected, struct span actual)
{
    return span_is(expected, any) || is_capture(expected) || span_equal(expected, actual);
}

static bool is_directive(const xmlAttr *attr)
{
    return strcmp(attr_ns(attr), NS_SCANSION) == 0;
}

static bool is_strict(const xmlNode *pattern)
{
    for (const xmlAttr *attr = pattern->properties; attr; attr = attr->next)
        if (is_directive(attr) && strcmp((const char *)attr->name, "strict") == 0)
            return strcmp(attr_value(attr), "true") == 0 || strcmp(attr_value(attr), "1") == 0;
    return strcmp(element_ns(pattern), NS_CLIENT) != 0;
}

const xmlAttr *match_attr(const xmlNode *element, const xmlAttr *like)
{
    for (const xmlAttr *attr = element->properties; attr; attr = attr->next)
        if (xmlStrEqual(attr->name, like->name) && strcmp(attr_ns(attr), attr_ns(like)) == 0)
            return attr;
    return NULL;
}

/* ---- One element ---- */

static struct difference name_difference(const xmlNode *pattern, const xmlNode *element)
{
    struct difference difference = {.expected = pattern, .actual = element};
    if (!xmlStrEqual(pattern->name, element->name))
        difference.kind = DIFFERENCE_NAME;
    else if (strcmp(element_ns(pattern), element_ns(element)) != 0)
        difference.kind = DIFFERENCE_NAMESPACE;
    return difference;
}

static struct difference attr_difference(const xmlNode *pattern, const xmlNode *element)
{
    struct difference difference = {.expected = pattern, .actual = element};
    for (const xmlAttr *attr = pattern->properties; attr; attr = attr->next) {
        if (is_directive(attr))
            continue;
        const xmlAttr *actual = match_attr(element, attr);
        if (actual && value_fits(span_of(attr_value(attr)), span_of(attr_value(actual))))
            continue;
        difference.kind = actual ? DIFFERENCE_ATTR_VALUE : DIFFERENCE_ATTR_MISSING;
        difference.expected_attr = attr;
        difference.actual_attr = actual;
        break;
    }
    return difference;
}

static struct difference extra_attr(const xmlNode *pattern, const xmlNode *element)
{
    struct difference difference = {.expected = pattern, .actual = element};
    for (const xmlAttr *attr = element->properties; attr; attr = attr->next) {
        if (match_attr(pattern, attr))
            continue;
        difference.kind = DIFFERENCE_ATTR_EXTRA;
        difference.actual_attr = attr;
        break;
    }
    return difference;
}

static struct difference text_difference(const xmlNode *pattern, const xmlNode *element)
{
    struct difference difference = {.expected = pattern, .actual = element};
    struct buf expected = BUF_INIT, actual = BUF_INIT;
    element_text(pattern, &expected);
    element_text(element, &actual);
    if (expected.len && !value_fits(buf_span(&expected), buf_span(&actual)))
        difference.kind = DIFFERENCE_TEXT;
    buf_free(&expected);
    buf_free(&actual);
    return difference;
}

/* ---- Its children ---- */

static const xmlNode *child_at(const xmlNode *parent, int index)
{
    const xmlNode *child = element_first(parent);
    while (child && index-- > 0)
        child = element_next(child);
    return child;
}

struct families {
    const xmlNode *pattern, *element;
};

static bool children_fit(const void *user, int left, int right)
{
    const struct families *families = user;
    return match(child_at(families->pattern, left), child_at(families->element, right));
}

/* The partner of each child of the pattern (-1: none) in an array that the caller frees. */
static int *pair_children(const xmlNode *pattern, const xmlNode *element, bool *all_r)
{
    struct families families = {pattern, element};
    struct pairing pairing = {element_count(pattern), element_count(element), children_fit,
                              &families};
    int *partner = mem_new(((size_t)pairing.left + 1) * sizeof *partner);
    *all_r = pairing_find(&pairing, partner);
    return partner;
}

/* The first difference in the children of that name; the missing child where there are none. */
static struct difference closest_child(const xmlNode *child, const xmlNode *element)
{
    const xmlNode *near = element_child(element, element_name(child), element_ns(child));
    bool only = near && match_difference(child, near).kind != DIFFERENCE_NONE;
    for (const xmlNode *other = near ? element_next(near) : NULL; other && only;
         other = element_next(other))
        only = !element_is(other, element_name(child), element_ns(child));
    if (only)
        return match_difference(child, near);
    return (struct difference){
        .kind = DIFFERENCE_CHILD_MISSING, .expected = child, .actual = element};
}

static struct difference loose_difference(const xmlNode *pattern, const xmlNode *element)
{
    bool all;
    int *partner = pair_children(pattern, element, &all);
    int lonely = 0;
    while (!all && partner[lonely] >= 0)
        lonely++;
    free(partner);
    if (all)
        return (struct difference){.kind = DIFFERENCE_NONE};
    return closest_child(child_at(pattern, lonely), element);
}

/* The first of the siblings, from `element` on, that matches; or NULL. */
static const xmlNode *find_match(const xmlNode *pattern, const xmlNode *element)
{
    while (element && !match(pattern, element))
        element = element_next(element);
    return element;
}

/* Two children in the same position differ: one is missing or extra, or the order is wrong. */
static struct difference strict_step(const xmlNode *expected, const xmlNode *actual)
{
    const xmlNode *next = element_next(expected);
    bool comes_later = find_match(expected, element_next(actual)) != NULL;
    bool too_many = element_count(expected->parent) < element_count(actual->parent);
    struct difference difference = {.expected = expected, .actual = actual->parent};
    if (comes_later && too_many)
        return (struct difference){
            .kind = DIFFERENCE_CHILD_EXTRA, .expected = expected->parent, .actual = actual};
    if (comes_later)
        difference.kind = DIFFERENCE_CHILD_PLACE;
    else if (next && match(next, actual))
        difference.kind = DIFFERENCE_CHILD_MISSING;
    else
        difference = match_difference(expected, actual);
    return difference;
}

static struct difference strict_difference(const xmlNode *pattern, const xmlNode *element)
{
    const xmlNode *expected = element_first(pattern), *actual = element_first(element);
    for (; expected && actual; expected = element_next(expected), actual = element_next(actual))
        if (!match(expected, actual))
            return strict_step(expected, actual);
    if (expected)
        return (struct difference){
            .kind = DIFFERENCE_CHILD_MISSING, .expected = expected, .actual = element};
    if (actual)
        return (struct difference){
            .kind = DIFFERENCE_CHILD_EXTRA, .expected = pattern, .actual = actual};
    return (struct difference){.kind = DIFFERENCE_NONE};
}

/* ---- The whole ---- */

typedef struct difference compare_function(const xmlNode *pattern, const xmlNode *element);

struct difference match_difference(const xmlNode *pattern, const xmlNode *element)
{
    static compare_function *const loose[] = {name_difference, attr_difference, text_difference,
                                              loose_difference, NULL};
    static compare_function *const strict[] = {name_difference, attr_difference,   extra_attr,
                                               text_difference, strict_difference, NULL};
    compare_function *const *compare = is_strict(pattern) ? strict : loose;
    struct difference difference = {.kind = DIFFERENCE_NONE};
    while (difference.kind == DIFFERENCE_NONE && *compare)
        difference = (*compare++)(pattern, element);
    return difference;
}

bool match(const xmlNode *pattern, const xmlNode *element)
{
    return match_difference(pattern, element).kind == DIFFERENCE_NONE;
}

/* ---- Captures ---- */

static void take(struct span expected, const char *value, struct variables *variables)
{
    if (!is_capture(expected))
        return;
    char *name = mem_copy(expected.at + strlen(capture), expected.len - strlen(capture) - 1);
    variables_set(variables, name, value);
    free(name);
}

static void capture_own(const xmlNode *pattern, const xmlNode *element, struct variables *variables)
{
    for (const xmlAttr *attr = pattern->properties; attr; attr = attr->next)
        if (!is_directive(attr))
            take(span_of(attr_value(attr)), attr_value(match_attr(element, attr)), variables);
    struct buf expected = BUF_INIT, actual = BUF_INIT;
    element_text(pattern, &expected);
    element_text(element, &actual);
    take(buf_span(&expected), actual.data ? actual.data : "", variables);
    buf_free(&expected);
    buf_free(&actual);
}

/* In a strict element the n-th child of the pattern is paired with the n-th received. */
void match_capture(const xmlNode *pattern, const xmlNode *element, struct variables *variables)
{
    capture_own(pattern, element, variables);
    bool all, strict = is_strict(pattern);
    int *partner = pair_children(pattern, element, &all);
    for (int i = 0; i < element_count(pattern); i++)
        match_capture(child_at(pattern, i), child_at(element, strict ? i : partner[i]), variables);
    free(partner);
}
