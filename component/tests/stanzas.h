/*
 * Stanzas to the room, as text. Every part is a string literal, or several of them side by side.
 * Requests without a sender are those of Romeo, who owns the room.
 */
#ifndef TESTS_STANZAS_H
#define TESTS_STANZAS_H

#include "coven/ns.h"

#define ROOM     "room@conference.localhost"
#define ROMEO    "romeo@verona.lit/orchard"
#define JULIET   "juliet@capulet.lit/balcony"
#define PHONE    "juliet@capulet.lit/phone" /* Juliet's second session */
#define MERCUTIO "mercutio@verona.lit/street"
#define TYBALT   "tybalt@capulet.lit/street" /* comes last, if at all */
#define NURSE    "nurse@capulet.lit/house"

/* ---- Presence and messages ---- */

#define JOIN(from, nick)                                                                           \
    "<presence from='" from "' to='" ROOM "/" nick "'><x xmlns='" NS_MUC "'/></presence>"
#define LEAVE(from) "<presence type='unavailable' from='" from "' to='" ROOM "'/>"
#define SHOW(from, nick, show)                                                                     \
    "<presence from='" from "' to='" ROOM "/" nick "'><show>" show "</show></presence>"
#define SAY(from, words)                                                                           \
    "<message xmlns='jabber:client' type='groupchat' from='" from "' to='" ROOM "'><body>" words   \
    "</body></message>"

/* ---- Forms ---- */

#define FIELD(var, value)         "<field var='" var "'><value>" value "</value></field>"
#define CONFIG_FIELD(name, value) FIELD("muc#roomconfig_" name, value)
#define FORM(form_type, fields)                                                                    \
    "<x xmlns='jabber:x:data' type='submit'>" FIELD("FORM_TYPE", form_type) fields "</x>"

/* ---- Requests ---- */

#define IQ(type, from, id, payload)                                                                \
    "<iq type='" type "' id='" id "' from='" from "' to='" ROOM "'>" payload "</iq>"
#define OWNER(children)                                                                            \
    IQ("set", ROMEO, "owner", "<query xmlns='" NS_MUC_OWNER "'>" children "</query>")
#define CONFIGURE(fields)            OWNER(FORM(NS_MUC_ROOMCONFIG, fields))
#define ADMIN(items)                 IQ("set", ROMEO, "admin", "<query xmlns='" NS_MUC_ADMIN "'>" items "</query>")
#define AFFILIATE(bare, affiliation) ADMIN("<item jid='" bare "' affiliation='" affiliation "'/>")

#endif
