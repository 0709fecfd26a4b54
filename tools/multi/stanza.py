"""Stanzas as the component writes them, and as they are compared."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

MULTI = "urn:coven:multi:0"
# What servers set anew each time, so no two copies agree on it.
VARIABLE = {"{urn:xmpp:delay}delay": "stamp", "{urn:xmpp:sid:0}stanza-id": "id",
            "{urn:xmpp:mam:tmp}archived": "id"}
ERROR_TEXT = "{urn:ietf:params:xml:ns:xmpp-stanzas}text"


@dataclass
class Stanza:
    """A stanza that may be sent to one recipient or to many."""

    payload: str = "<body>seen</body>"
    name: str = "message"
    sender: str = "room@conference.localhost/nick"
    attributes: dict = field(default_factory=lambda: {"type": "groupchat", "id": "m1"})

    def _write(self, to, first=""):
        attributes = {"from": self.sender, "to": to, **self.attributes}
        words = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
        return f"<{self.name}{words}>{first}{self.payload}</{self.name}>"

    def single(self, to):
        return self._write(to)

    def multi(self, recipients, key, to="conference.localhost"):
        addresses = "\t".join(escape(address) for address in recipients)
        words = "" if key is None else f" key={quoteattr(key)}"
        return self._write(to, f"<multi xmlns='{MULTI}'{words}>{addresses}</multi>")


def message(number, body="seen", kind="groupchat"):
    """A short message with an id of its own."""
    return Stanza(f"<body>{body}</body>", attributes={"type": kind, "id": f"m{number}"})


PRESENCE = Stanza("<show>away</show>", "presence", attributes={"id": "p1"})
INVITATION = Stanza("<x xmlns='http://jabber.org/protocol/muc#user'>"
                    "<invite from='evil@other.localhost/r'/></x>",
                    sender="room@conference.localhost", attributes={"id": "i1"})


def element_of(text):
    """Parses a stanza that was written here, with the namespace of its stream."""
    return ET.fromstring(text.replace(" ", " xmlns='jabber:client' ", 1))


def canonical(element):
    """C14N of an element, so that only a difference of meaning is a difference. The namespace of
    the stream is not meaning: the server translates it."""
    copy = ET.fromstring(ET.tostring(element).replace(b"jabber:component:accept", b"jabber:client"))
    for child in copy.iter():
        if child.tag in VARIABLE:
            child.set(VARIABLE[child.tag], "")
        if local_name(child) == "error":
            for text in child.findall(ERROR_TEXT):
                child.remove(text)  # words for people, which no program reads
    if copy.get("type") == "error":
        copy[:] = sorted(copy, key=lambda child: child.tag)  # what is quoted, in whatever order
    return ET.canonicalize(ET.tostring(copy, encoding="unicode"), rewrite_prefixes=True)


def local_name(element):
    return element.tag.rpartition("}")[2]


def bodies(elements):
    """The bodies of messages, in their order."""
    found = (element.find("{*}body") for element in elements)
    return [body.text for body in found if body is not None]
