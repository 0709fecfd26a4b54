#include "shape.h"

#include "coven/ns.h"

/* ---- What is too long to be written down ---- */

static void repeat(struct buf *out, const char *text, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        buf_add_text(out, text);
}

static void add_deep(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)attrs;
    repeat(inside, "<a>", number);
    repeat(inside, "</a>", number);
}

static void add_deep_spaces(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)attrs;
    for (unsigned i = 0; i < number; i++)
        buf_printf(inside, "<a xmlns='urn:example:%u'>", i);
    repeat(inside, "</a>", number);
}

static void add_children(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)attrs;
    repeat(inside, "<a/>", number);
}

static void add_names(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)attrs;
    for (unsigned i = 0; i < number; i++)
        buf_printf(inside, "<n%u xmlns='urn:example:n%u'/>", i, i);
}

static void add_bodies(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)attrs;
    for (unsigned i = 0; i < number; i++)
        buf_printf(inside, "<body xml:lang='l%u'>x</body>", i);
}

static void add_attrs(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)inside;
    for (unsigned i = 0; i < number; i++)
        buf_printf(attrs, " a%u='x'", i);
}

static void add_child_attrs(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)attrs;
    buf_add_text(inside, "<a xmlns='urn:example:a'");
    for (unsigned i = 0; i < number; i++)
        buf_printf(inside, " a%u='x'", i);
    buf_add_text(inside, "/>");
}

static void add_child_spaces(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)attrs;
    buf_add_text(inside, "<a");
    for (unsigned i = 0; i < number; i++)
        buf_printf(inside, " xmlns:p%u='urn:example:%u' p%u:a='x'", i, i, i);
    buf_add_text(inside, "/>");
}

static void add_large_attr(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)inside;
    buf_add_text(attrs, " large='");
    repeat(attrs, "x", number);
    buf_add_char(attrs, '\'');
}

static void add_large_child_attr(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)attrs;
    buf_add_text(inside, "<a large='");
    repeat(inside, "x", number);
    buf_add_text(inside, "'/>");
}

static void add_long_name(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)attrs;
    buf_add_char(inside, '<');
    repeat(inside, "n", number);
    buf_add_text(inside, "/>");
}

static void add_long_attr_name(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)inside;
    buf_add_char(attrs, ' ');
    repeat(attrs, "n", number);
    buf_add_text(attrs, "='x'");
}

static void add_long_space(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)attrs;
    buf_add_text(inside, "<a xmlns='urn:");
    repeat(inside, "n", number);
    buf_add_text(inside, "'/>");
}

static void add_long_id(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)inside;
    buf_add_text(attrs, " id='");
    repeat(attrs, "i", number);
    buf_add_char(attrs, '\'');
}

static void add_references(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)attrs;
    buf_add_text(inside, "<body>");
    repeat(inside, "&amp;&#x41;", number);
    buf_add_text(inside, "</body>");
}

static void add_cdata(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)attrs;
    buf_add_text(inside, "<body>");
    repeat(inside, "<![CDATA[<&]]>", number);
    buf_add_text(inside, "</body>");
}

static void add_invites(struct buf *attrs, struct buf *inside, unsigned number)
{
    (void)attrs;
    buf_add_text(inside, "<x xmlns='" NS_MUC_USER "'>");
    repeat(inside, "<invite to='a@b@c/'/>", number);
    buf_add_text(inside, "</x>");
}

/* ---- The shapes ---- */

#define INSIDE(title, text)                                                                        \
    {                                                                                              \
        .name = title, .inside = text                                                              \
    }
#define TAG(title, text)                                                                           \
    {                                                                                              \
        .name = title, .attrs = text, .inside = "<body>x</body>"                                   \
    }
#define ADD(title, function, count)                                                                \
    {                                                                                              \
        .name = title, .add = function, .number = count                                            \
    }
#define TYPE(value)                                                                                \
    {                                                                                              \
        .name = "type " value, .type = value, .inside = "<body>x</body>"                           \
    }
#define TO(title, value)                                                                           \
    {                                                                                              \
        .name = title, .to = value, .inside = "<body>x</body>"                                     \
    }
#define DECLARED(title, more, text)                                                                \
    {                                                                                              \
        .name = title, .attrs = more, .inside = text, .declared = true                             \
    }
/* Repetitions. */
#define X8(text)   text text text text text text text text
#define X64(text)  X8(X8(text))
#define X512(text) X8(X64(text))

static const struct shape shapes[] = {
    /* Prefixes that the stanza declares, rightly or wrongly. */
    INSIDE("prefixed child", "<p:x xmlns:p='urn:example:p'/>"),
    INSIDE("prefixed attribute", "<x xmlns:p='urn:example:p' p:a='1'/>"),
    INSIDE("prefix of the client", "<c:body xmlns:c='jabber:client'>x</c:body>"),
    INSIDE("prefix declared again",
           "<p:x xmlns:p='urn:example:p'><p:x xmlns:p='urn:example:q'/></p:x>"),
    INSIDE("prefix of the stream", "<stream:error/>"),
    INSIDE("stream features inside", "<stream:features/>"),
    INSIDE("prefix stream bound anew", "<stream:x xmlns:stream='urn:example:s'/>"),
    INSIDE("unbound prefix", "<p:x/>"),
    INSIDE("unbound prefix of an attribute", "<x p:a='1'/>"),
    INSIDE("prefix without a name", "<p: xmlns:p='urn:example:p'/>"),
    INSIDE("two colons", "<p:q:x xmlns:p='urn:example:p'/>"),
    INSIDE("empty prefix", "<:x/>"),
    INSIDE("prefix undeclared", "<p:x xmlns:p='urn:example:p'><y xmlns:p=''/></p:x>"),
    INSIDE("prefix xml bound anew", "<x xmlns:xml='urn:example:x'/>"),
    INSIDE("prefix xml bound well", "<x xmlns:xml='http://www.w3.org/XML/1998/namespace'/>"),
    INSIDE("prefix xmlns bound", "<x xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>"),
    INSIDE("another prefix for xml", "<x xmlns:p='http://www.w3.org/XML/1998/namespace'/>"),
    INSIDE("another prefix for xmlns", "<x xmlns:p='http://www.w3.org/2000/xmlns/'/>"),
    INSIDE("no namespace", "<x xmlns=''/>"),
    INSIDE("no namespace and back", "<x xmlns=''><body xmlns='jabber:client'>x</body></x>"),
    INSIDE("namespace of a component", "<body xmlns='jabber:component:accept'>x</body>"),
    INSIDE("namespace of servers", "<body xmlns='jabber:server'>x</body>"),
    INSIDE("namespace with references", "<x xmlns='urn:&lt;&quot;&apos;&amp;'/>"),
    INSIDE("namespace with a space", "<x xmlns='  '/>"),
    INSIDE("attribute twice by prefixes", "<x xmlns:p='urn:e' xmlns:q='urn:e' p:a='1' q:a='2'/>"),
    INSIDE("attribute twice", "<x a='1' a='2'/>"),
    TAG("stanza's prefix for from", "xmlns:x='urn:example:x' x:from='user0@localhost/attack'"),
    TAG("stanza's prefix for to", "xmlns:x='urn:example:x' x:to='user0@localhost'"),
    TAG("stanza's prefix for type", "xmlns:x='urn:example:x' x:type='error'"),
    TAG("stanza's prefix for id", "xmlns:x='urn:example:x' x:id='other'"),
    TAG("attribute of the stream's prefix", "stream:a='1'"),
    TAG("an attribute nobody knows", "unknown='1'"),
    DECLARED("header's prefix on a child", NULL, "<foo:x/>"),
    DECLARED("header's prefix on an attribute", NULL, "<x xmlns='urn:example:x' foo:a='1'/>"),
    DECLARED("header's prefix on the stanza", "foo:a='1'", "<body>x</body>"),
    DECLARED("header's prefix for from", "foo:from='user0@localhost/attack'", "<body>x</body>"),
    DECLARED("header's prefix for to", "foo:to='user0@localhost'", "<body>x</body>"),
    DECLARED("header's prefix for the body", NULL, "<c:body>x</c:body>"),
    DECLARED("header's prefix, deep", NULL, "<x xmlns='urn:example:x'><y><foo:z/></y></x>"),
    DECLARED("header's prefix, declared again", NULL, "<foo:x xmlns:foo='urn:example:other'/>"),
    /* Languages. */
    TAG("language", "xml:lang='de'"),
    TAG("empty language", "xml:lang=''"),
    TAG("language of quotes", "xml:lang='&apos;&quot;&lt;&gt;'"),
    TAG("language of a control character", "xml:lang='&#10;&#9;'"),
    TAG("long language", "xml:lang='" X512("l") "'"),
    TAG("space preserved", "xml:space='preserve'"),
    TAG("another attribute of xml", "xml:unknown='x'"),
    TAG("base of xml", "xml:base='urn:example:b'"),
    /* Characters. */
    INSIDE("control character 1", "<body>&#1;</body>"),
    INSIDE("control character 0", "<body>&#0;</body>"),
    INSIDE("control character 31", "<body>&#x1F;</body>"),
    INSIDE("delete and next line", "<body>&#x7F;&#x85;</body>"),
    INSIDE("no character FFFE", "<body>&#xFFFE;</body>"),
    INSIDE("no character FFFF", "<body>&#xFFFF;</body>"),
    INSIDE("no character 1FFFF", "<body>&#x1FFFF;</body>"),
    INSIDE("half a surrogate", "<body>&#xD800;</body>"),
    INSIDE("beyond Unicode", "<body>&#x110000;</body>"),
    INSIDE("raw control character", "<body>\x01</body>"),
    INSIDE("raw FFFE", "<body>\xEF\xBF\xBE</body>"),
    INSIDE("raw half a surrogate", "<body>\xED\xA0\x80</body>"),
    INSIDE("overlong slash", "<body>\xC0\xAF</body>"),
    INSIDE("lone continuation", "<body>\x80</body>"),
    INSIDE("five bytes", "<body>\xF8\x88\x80\x80\x80</body>"),
    INSIDE("byte order mark", "<body>\xEF\xBB\xBF</body>"),
    INSIDE("right to left", "<body>\xE2\x80\xAEtxet\xE2\x80\xAC</body>"),
    INSIDE("many marks", "<body>a" X512("&#x301;") "</body>"),
    INSIDE("carriage returns", "<body>&#13;&#10;&#13;</body>"),
    INSIDE("unknown entity", "<body>&nbsp;</body>"),
    INSIDE("entity without an end", "<body>&amp</body>"),
    INSIDE("a lone ampersand", "<body>&</body>"),
    INSIDE("end of CDATA in text", "<body>]]></body>"),
    INSIDE("end of CDATA escaped", "<body>]]&gt;</body>"),
    INSIDE("tag in an attribute", "<a b='<c/>'/>"),
    INSIDE("tag escaped in an attribute", "<a b='&lt;/message>&lt;c/>'/>"),
    INSIDE("CDATA", "<body><![CDATA[</body></message><x/>]]></body>"),
    INSIDE("CDATA outside of a body", "<![CDATA[x]]>"),
    INSIDE("text outside of a body", "text"),
    INSIDE("space of all kinds", "<body> \t\n\r </body>"),
    ADD("references", add_references, 5000),
    ADD("CDATA, often", add_cdata, 3000),
    /* Markup that a stream must not contain. */
    INSIDE("a comment", "<body>a<!-- b -->c</body>"),
    INSIDE("a processing instruction", "<body>a<?b c?>d</body>"),
    INSIDE("an XML declaration", "<?xml version='1.0'?>"),
    INSIDE("a DOCTYPE", "<!DOCTYPE a [<!ENTITY b 'c'>]>"),
    INSIDE("an entity declaration", "<!ENTITY b 'c'>"),
    INSIDE("an end that has no beginning", "</x>"),
    INSIDE("ends in the wrong order", "<a><b></a></b>"),
    INSIDE("end of the stream inside", "</stream:stream>"),
    INSIDE("a stream inside", "<stream:stream xmlns:stream='" NS_STREAM "'>x</stream:stream>"),
    /* Sizes. */
    ADD("30 levels", add_deep, 30),
    ADD("33 levels", add_deep, 33),
    ADD("64 levels", add_deep, 64),
    ADD("100 levels", add_deep, 100),
    ADD("200 levels", add_deep, 200),
    ADD("1,000 levels", add_deep, 1000),
    ADD("30 levels of namespaces", add_deep_spaces, 30),
    ADD("200 levels of namespaces", add_deep_spaces, 200),
    ADD("900 elements", add_children, 900),
    ADD("1,000 elements", add_children, 1000),
    ADD("1,001 elements", add_children, 1001),
    ADD("20,000 elements", add_children, 20000),
    ADD("900 names", add_names, 900),
    ADD("2,000 names", add_names, 2000),
    ADD("500 bodies", add_bodies, 500),
    ADD("50 attributes", add_attrs, 50),
    ADD("61 attributes", add_attrs, 61),
    ADD("70 attributes", add_attrs, 70),
    ADD("1,000 attributes", add_attrs, 1000),
    ADD("64 attributes of a child", add_child_attrs, 64),
    ADD("65 attributes of a child", add_child_attrs, 65),
    ADD("1,000 attributes of a child", add_child_attrs, 1000),
    ADD("30 prefixes of a child", add_child_spaces, 30),
    ADD("100 prefixes of a child", add_child_spaces, 100),
    ADD("large attribute", add_large_attr, 50000),
    ADD("larger attribute", add_large_attr, 200000),
    ADD("large attribute of a child", add_large_child_attr, 100000),
    ADD("long name", add_long_name, 1000),
    ADD("longer name", add_long_name, 50000),
    ADD("long name of an attribute", add_long_attr_name, 20000),
    ADD("long namespace", add_long_space, 20000),
    {.name = "id of 1,024", .id = "", .add = add_long_id, .number = 1024},
    {.name = "id of 1,025", .id = "", .add = add_long_id, .number = 1025},
    {.name = "id of 20,000", .id = "", .add = add_long_id, .number = 20000},
    ADD("200 invitations to nobody", add_invites, 200),
    /* Types and ids. */
    TYPE("get"),
    TYPE("set"),
    TYPE("result"),
    TYPE("error"),
    TYPE("normal"),
    TYPE("headline"),
    TYPE("groupchat"),
    TYPE("subscribe"),
    TYPE("subscribed"),
    TYPE("unsubscribe"),
    TYPE("unsubscribed"),
    TYPE("probe"),
    TYPE("invisible"),
    TYPE("GROUPCHAT"),
    TYPE(""),
    TYPE("&apos;&gt;&lt;x/&gt;"),
    {.name = "no id", .id = "", .inside = "<body>x</body>"},
    {.name = "id of markup", .id = " id='&apos;&quot;&lt;a/&gt;'", .inside = "<body>x</body>"},
    {.name = "empty id", .id = " id=''", .inside = "<body>x</body>"},
    {.name = "id of lines", .id = " id='&#10;&#13;&#9;'", .inside = "<body>x</body>"},
    {.name = "id of another script",
     .id = " id='\xF0\x9F\x98\x80\xE2\x80\xAE'",
     .inside = "<body>x</body>"},
    TAG("from somebody else", "from='user0@localhost/attack'"),
    TAG("from nobody", "from=''"),
    TAG("from one's own server", "from='localhost'"),
    TAG("from the service", "from='conference.localhost'"),
    /* Addresses: what follows the room's address. */
    TO("empty resource", "/"),
    TO("resource of a space", "/ "),
    TO("resource of spaces", "/a  b "),
    TO("resource of slashes", "/a/b//c@d"),
    TO("resource of markup", "/&lt;&apos;&quot;&amp;&gt;"),
    TO("resource of a control character", "/&#x7;"),
    TO("resource with a tab", "/a&#9;b"),
    TO("resource of 1,023 bytes",
       "/" X512("n") X64("n") X64("n") X64("n") X64("n") X64("n") X64("n") X64("n") X8("n") X8("n")
           X8("n") X8("n") X8("n") X8("n") X8("n") "nnnnnnn"),
    TO("resource of 1,024 bytes", "/" X512("n") X512("n")),
    TO("resource of 3,000 bytes", "/" X512("\xE2\x82\xAC") X512("\xE2\x82\xAC")),
    TO("resource right to left", "/\xD7\x90"
                                 "a\xD7\x91"),
    TO("resource of invisible letters", "/a\xE2\x80\x8B\xE2\x80\x8C"
                                        "b\xC2\xAD"),
    TO("resource of letters that are one", "/\xEF\xAC\x81\xE2\x84\xAB\xC3\x85"),
    TO("resource of a private character", "/\xEE\x80\x80"),
    TO("resource of an unassigned character", "/\xF0\x9F\xAB\xA8"),
    TO("resource of tags", "/\xF3\xA0\x81\x81"),
    TO("resource of many marks", "/a" X64("\xCC\x81") X64("\xCC\x82")),
    TO("domain with a dot behind", "."),
    TO("domain with two dots", ".."),
    TO("domain with a port", ":5222"),
    TO("domain with an at", "@conference.localhost"),
    TO("domain of the service's child", ".conference.localhost"),
    /* Elements that rooms read. */
    INSIDE("a join of nothing", "<x xmlns='" NS_MUC "'><history seconds='-1' maxchars='x'/></x>"),
    INSIDE("history of a time that is none",
           "<x xmlns='" NS_MUC "'><history since='99999-99-99T99:99:99Z' maxstanzas='-1'/></x>"),
    INSIDE("history without an end",
           "<x xmlns='" NS_MUC "'><history maxstanzas='99999999999999999999999'/></x>"),
    INSIDE("two joins", "<x xmlns='" NS_MUC "'/><x xmlns='" NS_MUC "'><password/></x>"),
    INSIDE("password of elements", "<x xmlns='" NS_MUC "'><password><a/></password></x>"),
    INSIDE("empty subject", "<subject/>"),
    INSIDE("subject and body", "<subject/><body/>"),
    INSIDE("subject of elements", "<subject><a/></subject>"),
    INSIDE("forged status", "<x xmlns='" NS_MUC_USER "'><status code='110'/><status code='307'/>"
                            "<item affiliation='owner'/></x>"),
    INSIDE("forged delay",
           "<body>x</body><delay xmlns='" NS_DELAY "' stamp='x' from='conference.localhost'/>"),
    INSIDE("forged id of an archive",
           "<body>x</body><stanza-id xmlns='" NS_SID "' id='x' by='conference.localhost'/>"),
    INSIDE("forged id of an occupant", "<occupant-id xmlns='" NS_OCCUPANT_ID "' id='x'/>"),
    INSIDE("an error of nothing", "<error/>"),
    INSIDE("an error of strangers", "<error type='x'><a xmlns='" NS_STANZA_ERRORS "'/></error>"),
    INSIDE("an invitation to nobody", "<x xmlns='" NS_MUC_USER "'><invite/></x>"),
    INSIDE("an invitation to the room",
           "<x xmlns='" NS_MUC_USER "'><invite to='here@conference.localhost'/></x>"),
    INSIDE("an invitation and its decline",
           "<x xmlns='" NS_MUC_USER "'><invite to='a@localhost'/><decline to='a@localhost'/></x>"),
    INSIDE("a form of nothing", "<x xmlns='" NS_DATA "' type='submit'/>"),
    INSIDE("a form of odd fields", "<x xmlns='" NS_DATA "' type='submit'><field/><field var=''/>"
                                   "<field var='FORM_TYPE'/><item/><reported/></x>"),
    INSIDE("a request for voice",
           "<x xmlns='" NS_DATA "' type='submit'><field var='FORM_TYPE'><value>" NS_MUC_REQUEST
           "</value></field></x>"),
    INSIDE("an admin's query of nothing", "<query xmlns='" NS_MUC_ADMIN "'/>"),
    INSIDE("an admin's query of odd items",
           "<query xmlns='" NS_MUC_ADMIN "'><item/><item affiliation='x' role='y' jid='@' nick=''/>"
           "</query>"),
    INSIDE("an owner's query of nothing",
           "<query xmlns='" NS_MUC_OWNER "'><destroy jid='@@'/></query>"),
    INSIDE("an archive's query of odd fields",
           "<query xmlns='" NS_MAM "' queryid='&apos;'><x xmlns='" NS_DATA
           "' type='submit'><field var='start'><value>x</value></field><field var='with'/></x>"
           "<set xmlns='" NS_RSM
           "'><max>-1</max><before/><after>x</after><index>x</index></set></query>"),
    INSIDE("two payloads", "<query xmlns='" NS_DISCO_INFO "'/><query xmlns='" NS_DISCO_ITEMS "'/>"),
    INSIDE("disco of a node", "<query xmlns='" NS_DISCO_INFO "' node='&lt;x'/>"),
    INSIDE("a card of nothing", "<vCard xmlns='" NS_VCARD "'/>"),
    INSIDE("a card of odd pictures",
           "<vCard xmlns='" NS_VCARD "'><PHOTO><BINVAL>&#10;%%%</BINVAL><TYPE/></PHOTO></vCard>"),
    INSIDE("a registration of nothing", "<query xmlns='" NS_REGISTER "'><remove/></query>"),
    INSIDE("a retraction of nothing", "<retract xmlns='" NS_RETRACT "' id=''/>"),
    INSIDE("a moderation of nothing", "<moderate xmlns='" NS_MODERATE "'/>"),
    INSIDE("a stanza inside",
           "<message to='user0@localhost' from='user1@localhost'><body/></message>"),
    INSIDE("a forward of a forward",
           "<forwarded xmlns='" NS_FORWARD
           "'><message xmlns='jabber:client'><forwarded xmlns='" NS_FORWARD
           "'/></message></forwarded>"),
    INSIDE("carbons disabled", "<private xmlns='urn:xmpp:carbons:2'/><body>x</body>"),
    INSIDE("never stored", "<no-store xmlns='" NS_HINTS "'/><store xmlns='" NS_HINTS "'/>"),
};

const struct shape *shape_at(size_t index)
{
    return index < sizeof shapes / sizeof *shapes ? &shapes[index] : NULL;
}
