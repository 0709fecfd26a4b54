/* The namespaces, each named once. */
#ifndef COVEN_NS_H
#define COVEN_NS_H

#define NS_CLIENT         "jabber:client"
#define NS_COMPONENT      "jabber:component:accept"
#define NS_STREAM         "http://etherx.jabber.org/streams"
#define NS_STREAM_ERRORS  "urn:ietf:params:xml:ns:xmpp-streams"
#define NS_STANZA_ERRORS  "urn:ietf:params:xml:ns:xmpp-stanzas"
#define NS_TLS            "urn:ietf:params:xml:ns:xmpp-tls"
#define NS_SASL           "urn:ietf:params:xml:ns:xmpp-sasl"
#define NS_BIND           "urn:ietf:params:xml:ns:xmpp-bind"
#define NS_SESSION        "urn:ietf:params:xml:ns:xmpp-session"
#define NS_ROSTER         "jabber:iq:roster"
#define NS_VERSION        "jabber:iq:version"
#define NS_PING           "urn:xmpp:ping"
#define NS_DISCO_INFO     "http://jabber.org/protocol/disco#info"
#define NS_DISCO_ITEMS    "http://jabber.org/protocol/disco#items"
#define NS_DATA           "jabber:x:data"
#define NS_MUC            "http://jabber.org/protocol/muc"
#define NS_MUC_USER       "http://jabber.org/protocol/muc#user"
#define NS_MUC_ADMIN      "http://jabber.org/protocol/muc#admin"
#define NS_MUC_OWNER      "http://jabber.org/protocol/muc#owner"
#define NS_MUC_ROOMCONFIG "http://jabber.org/protocol/muc#roomconfig"
#define NS_MUC_ROOMINFO   "http://jabber.org/protocol/muc#roominfo"
#define NS_MUC_STABLE_ID  "http://jabber.org/protocol/muc#stable_id"
#define NS_MUC_SELF_PING  "http://jabber.org/protocol/muc#self-ping-optimization"
#define NS_DELAY          "urn:xmpp:delay"
#define NS_HINTS          "urn:xmpp:hints"
#define NS_SID            "urn:xmpp:sid:0"
#define NS_OCCUPANT_ID    "urn:xmpp:occupant-id:0"
#define NS_RSM            "http://jabber.org/protocol/rsm"

#endif
