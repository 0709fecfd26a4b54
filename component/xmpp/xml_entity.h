/* The characters that the writer escapes, and what it writes for them; frequent ones first. */
#ifndef XMPP_XML_ENTITY_H
#define XMPP_XML_ENTITY_H

static const struct {
    char character;
    char text[7];
} xml_entities[] = {{'<', "&lt;"},   {'>', "&gt;"},   {'&', "&amp;"}, {'\'', "&apos;"},
                    {'"', "&quot;"}, {'\n', "&#10;"}, {'\t', "&#9;"}, {'\r', "&#13;"}};

#endif
