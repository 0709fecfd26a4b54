#include "explain.h"

#include "coven/xml.h"
#include "element.h"
#include "outline.h"

static void add_attr_name(struct buf *out, const xmlAttr *attr)
{
    if (attr->ns && attr->ns->prefix)
        buf_printf(out, "%s:", (const char *)attr->ns->prefix);
    buf_add_text(out, (const char *)attr->name);
}

static void add_attr(struct buf *out, const xmlAttr *attr)
{
    add_attr_name(out, attr);
    buf_add_text(out, "='");
    xml_escape_attr(out, span_of(attr_value(attr)));
    buf_add_char(out, '\'');
}

static void add_quoted_text(struct buf *out, const xmlNode *element)
{
    struct buf text = BUF_INIT;
    element_text(element, &text);
    if (text.len)
        buf_printf(out, "the text \"%s\"", text.data);
    else
        buf_add_text(out, "no text");
    buf_free(&text);
}

static void say_name(struct buf *out, const struct difference *difference)
{
    buf_printf(out, "this is <%s>; expected <%s>", element_name(difference->actual),
               element_name(difference->expected));
}

static void say_namespace(struct buf *out, const struct difference *difference)
{
    buf_printf(out, "<%s> is in the namespace \"%s\"; expected \"%s\"",
               element_name(difference->actual), element_ns(difference->actual),
               element_ns(difference->expected));
}

static void say_attr_missing(struct buf *out, const struct difference *difference)
{
    buf_printf(out, "<%s> has no attribute ", element_name(difference->actual));
    add_attr_name(out, difference->expected_attr);
    buf_add_text(out, "; expected ");
    add_attr(out, difference->expected_attr);
}

static void say_attr_value(struct buf *out, const struct difference *difference)
{
    buf_printf(out, "<%s> has ", element_name(difference->actual));
    add_attr(out, difference->actual_attr);
    buf_add_text(out, "; expected ");
    add_attr(out, difference->expected_attr);
}

static void say_attr_extra(struct buf *out, const struct difference *difference)
{
    buf_printf(out, "<%s> has ", element_name(difference->actual));
    add_attr(out, difference->actual_attr);
    buf_add_text(out, ", which the pattern lacks; it is strict here");
}

static void say_text(struct buf *out, const struct difference *difference)
{
    buf_printf(out, "<%s> holds ", element_name(difference->actual));
    add_quoted_text(out, difference->actual);
    buf_add_text(out, "; expected ");
    add_quoted_text(out, difference->expected);
}

static void say_child_missing(struct buf *out, const struct difference *difference)
{
    bool alike = element_child(difference->actual, element_name(difference->expected),
                               element_ns(difference->expected));
    buf_printf(out, "<%s> lacks %s", element_name(difference->actual),
               alike ? "a child that matches " : "the child ");
    outline_tag(out, difference->expected, true);
}

static void say_child_place(struct buf *out, const struct difference *difference)
{
    buf_printf(out, "<%s> has ", element_name(difference->actual));
    outline_tag(out, difference->expected, true);
    buf_add_text(out, " in another position; the pattern is strict here");
}

static void say_child_extra(struct buf *out, const struct difference *difference)
{
    buf_printf(out, "<%s> has the extra child ", element_name(difference->expected));
    outline_tag(out, difference->actual, true);
    buf_add_text(out, "; the pattern is strict here");
}

void explain_difference(struct buf *out, const struct difference *difference)
{
    static void (*const say[])(struct buf *, const struct difference *) = {
        [DIFFERENCE_NAME] = say_name,
        [DIFFERENCE_NAMESPACE] = say_namespace,
        [DIFFERENCE_ATTR_MISSING] = say_attr_missing,
        [DIFFERENCE_ATTR_VALUE] = say_attr_value,
        [DIFFERENCE_ATTR_EXTRA] = say_attr_extra,
        [DIFFERENCE_TEXT] = say_text,
        [DIFFERENCE_CHILD_MISSING] = say_child_missing,
        [DIFFERENCE_CHILD_PLACE] = say_child_place,
        [DIFFERENCE_CHILD_EXTRA] = say_child_extra,
    };
    if (difference->kind == DIFFERENCE_NONE)
        buf_add_text(out, "no difference");
    else
        say[difference->kind](out, difference);
}

void explain_candidate(struct buf *out, const xmlNode *pattern, const xmlNode *element)
{
    struct difference difference = match_difference(pattern, element);
    outline_write(out, element, difference.actual);
    buf_add_text(out, "  difference: ");
    explain_difference(out, &difference);
    buf_add_char(out, '\n');
}
