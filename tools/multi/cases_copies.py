"""A copy is the stanza that the ordinary router would have delivered, and comes in the same order."""

from stanza import PRESENCE, Stanza, bodies, message
from world import case, check, check_equal

NICK = "room@conference.localhost/"
RESOURCES = ["phone", "Dell Laptop", "a'b\"c&d<e>", "é ☃ ok", "x" * 200]

STANZA_ID = "<stanza-id xmlns='urn:xmpp:sid:0' id='1' by='room@conference.localhost'/>"
GROUPCHAT = {"type": "groupchat", "id": "m1"}
STANZAS = {
    "a message": Stanza("<body>seen</body>" + STANZA_ID),
    "prefixes": Stanza("<p:x xmlns:p='urn:p' p:a='1'><p:y/><z xmlns='urn:z' xmlns:q='urn:q' q:b='2'/></p:x>"),
    "emoji and what is escaped": Stanza("<body>😀 é &amp; &lt;b&gt; ' \" ]]&gt; &#9; &#10;</body>",
                                        sender=NICK + "a'b\"c&d<e> ☃"),
    "languages": Stanza("<body xml:lang='de'>ja</body><body xml:lang='fr'>oui</body>",
                        attributes={**GROUPCHAT, "xml:lang": "de"}),
    "a subject": Stanza("<subject>words</subject>"),
    "an empty subject": Stanza("<subject/>"),
    "no payload": Stanza(""),
    "a multi of the room's own": Stanza("<body>b</body><multi xmlns='urn:coven:multi:0' key='x'>y</multi>"),
    "unknown attributes": Stanza(attributes={**GROUPCHAT, "unknown": "1 < 2 & '\""}),
    "no id": Stanza(attributes={"type": "groupchat"}),
    "nested deeply": Stanza("<a xmlns='urn:a'>" + "<b>" * 50 + "</b>" * 50 + "</a>"),
    "8 kB": Stanza(f"<body>{'é&amp;' * 1000}</body>"),
    "a private message": Stanza(attributes={"type": "chat", "id": "m1"}),
    "a headline": Stanza(attributes={"type": "headline", "id": "m1"}),
    "a normal message": Stanza(attributes={"id": "m1"}),
    "an error": Stanza("<error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>",
                       attributes={"type": "error", "id": "m1"}),
    "a chat state": Stanza("<composing xmlns='http://jabber.org/protocol/chatstates'/>"),
    "a presence": Stanza("<show>away</show><x xmlns='http://jabber.org/protocol/muc#user'>"
                         "<item affiliation='owner' role='moderator' jid=\"a@localhost/é 'b'\"/>"
                         "<status code='110'/></x>", "presence", attributes={"id": "p1"}),
    "a presence of leaving": Stanza("<x xmlns='http://jabber.org/protocol/muc#user'>"
                                    "<item affiliation='none' role='none'/></x>", "presence",
                                    attributes={"type": "unavailable"}),
    "an error of presence": Stanza("", "presence", attributes={"type": "error", "id": "p1"}),
}


@case("copies are equal to ordinary stanzas")
async def copies_equal(world):
    people = [await world.person(resource) for resource in RESOURCES]
    for what, stanza in STANZAS.items():
        (got, back) = await world.compare([stanza], [person.full for person in people], people)
        check(all(len(copies) == 1 for copies in got), f"{what}: not one each: {got}")
        check(not back, f"{what}: came back: {back}")


@case("2, 3 and 250 recipients")
async def copies_numbers(world):
    people = await world.people(50)
    full = [person.full for person in people]
    gone = [f"absent@localhost/gone{number}" for number in range(200)]
    mixed = [address for number in range(50) for address in (*gone[number * 4:number * 4 + 4],
                                                             full[number])]
    for recipients, here in ((full[:1], 1), (full[:2], 2), (full[:3], 3), (full, 50), (mixed, 50)):
        got, back = await world.compare([message(1), message(2)], recipients, people)
        check([len(copies) for copies in got] == [2] * here + [0] * (50 - here) and
              len(back) == 2 * (len(recipients) - here),
              f"{len(recipients)}: {[len(copies) for copies in got]}, {len(back)} back")


@case("a tab at the end of the list")
async def copies_trailing_tab(world):
    people = await world.people(2)
    world.conference.send(message(1).multi([*(person.full for person in people), ""],
                                           world.conference.key))
    got, back = await world.seen(people)
    check([len(copies) for copies in got] == [1, 1] and not back, f"{got} {back}")


@case("recipients who are not there")
async def copies_nowhere(world):
    first, last, gone = await world.people(3)
    await gone.leave()
    world.forget(gone)
    absent = [gone.full, "absent@localhost/never", "absent@localhost", "nobody@localhost/here",
              "nobody@localhost", first.bare, "localhost", "localhost/x", "a@remote.example/b", "remote.example",
              "bad@@jid//", "@localhost/x", "x@/y", "a b@localhost/r", "x" * 2000 + "@localhost/r",
              "someone@other.localhost/r", "room@conference.localhost/someone"]
    for kind in ("groupchat", "chat", "headline"):
        for to in [[to] for to in absent] + [absent]:
            recipients = [first.full, *to, last.full]
            got, _ = await world.compare([message(1, kind=kind)], recipients, [first, last])
            check(len(got[1]) == 1, f"{to}: the last has {got[1]}")
            check(not world.other.take() or "someone@other.localhost/r" in to, "other got something")
    for presence in (STANZAS["a presence"], STANZAS["a presence of leaving"]):
        await world.compare([presence], [first.full, *absent, last.full], [first, last])


@case("addresses that are not normal")
async def copies_unprepared(world):
    first, last = await world.people(2)
    user = first.boundjid.user
    for to in (f"{user.upper()}@localhost/phone", f"{user}@LOCALHOST/phone", f"{user}@localhost./phone",
               f"{user}@localhost/PHONE", f" {first.full}", f"{first.full} "):
        await world.compare([message(1)], [last.full, to], [first, last])


@case("one session twice in a list")
async def copies_twice(world):
    first, last = await world.people(2)
    got, _ = await world.compare([message(1)], [first.full, last.full, first.full], [first, last])
    check([len(copies) for copies in got] == [2, 1], str(got))


@case("one and multi in turn keep their order")
async def copies_order(world):
    people = [*await world.people(3), await world.person(plugins=["xep_0198"]),
              await world.websocket()]
    recipients = [person.full for person in people]
    for number in range(60):
        if number % 2:
            world.send_multi([message(number, f"n{number}")], recipients)
        else:
            world.send_singly([message(number, f"n{number}")], recipients)
    await world.settle(people)
    for person in people:
        check_equal(bodies(person.take()), [f"n{number}" for number in range(60)], person.full)


@case("messages and presences in turn keep their order")
async def copies_order_kinds(world):
    people = await world.people(3)
    stanzas = [message(number) if number % 3 else
               Stanza("", "presence", attributes={"id": f"p{number}"}) for number in range(30)]
    got, _ = await world.compare(stanzas, [person.full for person in people], people)
    check([len(copies) for copies in got] == [30] * 3, str(got))


@case("two domains of the server in one list")
async def copies_domains(world):
    people = [await world.person(domain=domain) for domain in
              ("localhost", "second.localhost", "localhost", "second.localhost")]
    recipients = [person.full for person in people] + ["absent@second.localhost/gone"]
    for stanza in (message(1), PRESENCE, message(2, kind="chat")):
        got, _ = await world.compare([stanza], recipients, people)
        check([len(copies) for copies in got] == [1] * 4, str(got))


@case("TCP, TLS, websocket and BOSH in one list")
async def copies_transports(world):
    people = [await world.person(), await world.websocket(), await world.bosh(),
              await world.websocket(resource="sm", stream_management=True),
              await world.person(tls=True)]
    for recipients in (people, people[::-1], people[1:4]):
        for what, stanza in STANZAS.items():
            got, back = await world.compare([stanza], [person.full for person in recipients], people)
            check([len(copies) for copies in got] == [person in recipients for person in people]
                  and not back, f"{what}: {got} {back}")
