"""Only the component of a domain may use the module there, with its key and within its limits. What
the module does not take, it leaves to the ordinary router, whole."""

import re

from stanza import MULTI, Stanza, canonical, local_name, message
from world import case, check, check_equal, check_same


def question(stanza_from, to, name="q1"):
    return f"<iq type='get' from='{stanza_from}' to='{to}' id='{name}'><multi xmlns='{MULTI}'/></iq>"


@case("without the module everything comes back", module=False)
async def refused_without(world):
    people = await world.people(2)
    recipients = [person.full for person in people]
    for stanza in (message(1), Stanza("", "presence", attributes={"id": "p1"})):
        for key in (None, "k", world.conference.key):
            await world.came_back(stanza.multi(recipients, key), people, f"key {key}")
    answer = await world.conference.ask("conference.localhost", f"<multi xmlns='{MULTI}'/>")
    check(answer.get("type") == "get" and len(answer) == 1, "the question has changed")


@case("the module answers its component")
async def refused_probe(world):
    component = world.conference
    check(re.fullmatch(r"[^\s<>&'\"]{22,100}", component.key), f"key {component.key}")
    check((component.recipients, component.bytes) == (250, 32768), "other limits than promised")
    key = component.key
    check(await component.probe() and component.key == key, "another key for the same connection")
    check(await world.other.probe() and world.other.key != key, "two components have the same key")
    await component.close()
    world.conference = component = await world.component()
    people = await world.people(1)
    check(await component.probe() and component.key != key, "the key outlives its connection")
    await world.came_back(message(1).multi([people[0].full], key), people, "the old key")


@case("the module answers nobody else")
async def refused_probe_others(world):
    person = await world.person()
    world.other.send(question("other.localhost", "conference.localhost", "q1"))
    world.other.send(question("x@other.localhost", "conference.localhost", "q2"))
    await world.other.fence()
    person.send_raw(question(person.full, "conference.localhost", "q3"))
    await world.seen([person])
    # Nobody has answered them yet; they would have come to the component.
    world.conference.send(question("conference.localhost", "other.localhost", "q4"))
    world.conference.send(question("room@conference.localhost", "conference.localhost", "q5"))
    world.conference.send(question("conference.localhost", "room@conference.localhost", "q6"))
    world.conference.send(question("conference.localhost", "conference.localhost", "q7")
                          .replace("get", "set"))
    await world.settle()
    await world.other.fence()
    check_equal([iq.get("id") for iq in world.conference.take()], ["q5", "q6", "q7"], "after")
    check_equal([iq.get("id") for iq in world.other.take()], ["q4"], "at the other")


@case("who asks from elsewhere reaches the component")
async def refused_probe_arrives(world):
    person = await world.person()
    world.other.send(question("other.localhost", "conference.localhost", "q1"))
    await world.other.fence()
    person.send_raw(question(person.full, "conference.localhost", "q2"))
    await world.settle([person])
    await world.settle()
    got = [iq for iq in world.conference.take() if local_name(iq) == "iq"]
    check_equal(sorted(iq.get("id") for iq in got), ["q1", "q2"], "questions")
    check(all(iq.get("type") == "get" and len(iq) == 1 for iq in got), "they have changed")


@case("what is not quite right comes back whole")
async def refused_whole(world):
    people = await world.people(2)
    recipients, key = [person.full for person in people], world.conference.key
    limit = world.conference.recipients
    for stanza in (message(1), Stanza("", "presence", attributes={"id": "p1"})):
        long = Stanza(f"<status>{'x' * world.conference.bytes}</status>", stanza.name,
                      attributes=stanza.attributes)
        for what, text in {
                "wrong key": stanza.multi(recipients, key[:-1] + "?"),
                "no key": stanza.multi(recipients, None),
                "empty key": stanza.multi(recipients, ""),
                "longer key": stanza.multi(recipients, key + key),
                "empty list": stanza.multi([], key),
                "tabs only": stanza.multi(["", "", ""], key),
                "too many": stanza.multi((recipients * limit)[:limit + 1], key),
                "too long": long.multi(recipients, key),
                "other namespace": stanza.multi(recipients, key).replace(MULTI, "urn:coven:multi:1"),
                "other name": re.sub("(</?)multi", r"\1many", stanza.multi(recipients, key)),
        }.items():
            await world.came_back(text, people, what)
    if world.kind == "ejabberd":
        return  # it reads the body apart from the other children, and knows no order between them
    second = Stanza(f"<body>first</body><multi xmlns='{MULTI}' key='{key}'>{recipients[0]}</multi>")
    await world.came_back(second.single("conference.localhost"), people, "multi is no first child")


@case("a multi for another address than the own domain")
async def refused_elsewhere(world):
    people = await world.people(2)
    recipients, key = [person.full for person in people], world.conference.key
    for to in ("room@conference.localhost", "conference.localhost/x"):
        await world.came_back(message(1).multi(recipients, key, to), people, to)
    text = message(1).multi(recipients, key, "other.localhost")
    world.conference.send(text)
    got, back = await world.seen(people)
    await world.other.fence()
    check(not any(got) and not back, f"{got} {back}")
    check_same([canonical(element) for element in world.other.take()], [text],
               "at the other component")
    text = message(1).multi([people[0].full], key, people[1].full)
    world.conference.send(text)
    got, _ = await world.seen(people)
    check_same(got[0] + got[1], [text], "a multi to a person")


@case("the limits themselves are allowed")
async def refused_limits(world):
    people = await world.people(2)
    recipients = [person.full for person in people] * 125
    world.conference.send(message(1).multi(recipients, world.conference.key))
    got, back = await world.seen(people)
    check([len(copies) for copies in got] == [125, 125] and not back, f"250 recipients: {back}")
    rest = world.conference.bytes - len(message(1, "").multi(recipients[:2], world.conference.key))
    for body in ("x" * rest, "&amp;" * (rest // 5), "é" * (rest // 2), "\n" * rest):
        world.conference.send(message(1, body).multi(recipients[:2], world.conference.key))
        got, back = await world.seen(people)
        check([len(copies) for copies in got] == [1, 1] and not back,
              f"{len(body)} times {body[:5]}: {[len(copies) for copies in got]}, {len(back)} back")


@case("a client's multi is not fanned out")
async def refused_client(world):
    client, *people = await world.people(3)
    for key in (None, "k", world.conference.key):
        for name in ("message", "presence"):
            for to in ("conference.localhost", "room@conference.localhost", people[0].full):
                stanza = Stanza(name=name, sender=client.full, attributes={"id": "c1"})
                text = stanza.multi([person.full for person in people], key, to)
                client.send_raw(text)
                await client.fence()
                got, back = await world.seen(people)
                check(not any(got), f"{name} to {to} with key {key}: {got}")
                check_same(back, [] if "@localhost" in to else [text], f"to {to}")


@case("another component cannot use the key")
async def refused_component(world):
    people = await world.people(2)
    await world.other.probe()
    sender = "room@other.localhost/nick"
    for key in (world.conference.key, world.other.key):
        text = Stanza(sender=sender).multi([person.full for person in people], key)
        world.other.send(text)
        await world.other.fence()
        got, back = await world.seen(people)
        check(not any(got), f"fanned out: {got}")
        check_same(back, [text], "arrived")
    text = Stanza(sender=sender).multi([people[0].full], world.conference.key, "other.localhost")
    world.other.send(text)
    await world.other.fence()
    got, back = await world.seen(people)
    check(not any(got) and not back, f"{got} {back}")
    check_same([canonical(element) for element in world.other.take()], [text],
               "at the other component")


@case("a sender of another domain ends the stream")
async def refused_sender(world):
    people = await world.people(1)
    for sender in ("room@other.localhost/nick", "someone@localhost/r", people[0].full):
        component = world.conference
        check(await component.probe(), "no answer")
        component.send(Stanza(sender=sender).multi([people[0].full], component.key))
        await component.closed.wait()
        check(component.error == "invalid-from", f"{sender}: {component.error}")
        await people[0].fence()
        check(not people[0].take(), f"{sender}: fanned out")
        world.conference = await world.component()


@case("a sender of another domain where the server does not look", servers=["prosody"])
async def refused_sender_trusted(world):
    people = await world.people(2)
    recipients = [person.full for person in people]
    await world.conference.control("trust")
    for sender in ("room@other.localhost/nick", people[0].full, "localhost", "a@remote.example/b"):
        await world.came_back(Stanza(sender=sender).multi(recipients, world.conference.key), people,
                              sender)
    await world.conference.control("distrust")
    await world.compare([message(1)], recipients, people)
