"""Stream management: what is copied is counted, kept while the connection is lost, and sent again."""

import asyncio
from dataclasses import replace

from stanza import PRESENCE, bodies, canonical, message
from world import case, check, check_equal


@case("stream management counts")
async def smacks_counts(world):
    people = [await world.person(plugins=["xep_0198"]), await world.person(),
              await world.person(plugins=["xep_0198"])]
    recipients = [person.full for person in people]
    for number in range(10):
        got, back = await world.compare([message(number), PRESENCE], recipients, people)
        check([len(copies) for copies in got] == [2, 2, 2] and not back, f"{got} {back}")
        people[0]["xep_0198"].send_ack()
        await people[0].fence()
        check(not people[0].take(), "something has come again")
    check(people[0].is_connected(), "the server does not accept what was acknowledged")


async def smacks_lose(world, send, numbers):
    """A session loses its connection while stanzas come, and resumes. Returns what it has got."""
    person, witness = await world.person(plugins=["xep_0198"]), await world.person()
    recipients = [witness.full, person.full, "absent@localhost/gone"]
    live, unseen, asleep, awake = numbers
    number = 0

    async def say(count):
        nonlocal number
        for number in range(number + 1, number + 1 + count):
            send([message(number, f"n{number}")], recipients)
        await world.settle([witness])
    await say(live)
    await person.fence()
    person.raw = []  # what comes now is lost on the way
    await say(unseen)
    await person.drop()
    person.raw = None
    await say(asleep)
    await person.resume()
    await say(awake)
    await person.fence()
    got = person.take()
    check_equal(bodies(got), [f"n{n + 1}" for n in range(number)], "bodies after the resume")
    check(len(witness.take()) == number, "the witness has not got everything")
    back = world.conference.take()
    check_equal([error.get("from") for error in back], ["absent@localhost/gone"] * number, "bounces")
    copies = [canonical(element).replace(person.full, "me") for element in got]
    return [copy.replace(person.bare, "me") for copy in copies]


@case("stream management resumes")
async def smacks_resumes(world):
    turns = [world.send_singly, world.send_multi]

    def in_turn(stanzas, recipients):
        turns.reverse()
        turns[0](stanzas, recipients)
    numbers = (5, 3, 4, 2)
    wanted = await smacks_lose(world, world.send_singly, numbers)
    check_equal(await smacks_lose(world, world.send_multi, numbers), wanted, "multi")
    check_equal(await smacks_lose(world, in_turn, numbers), wanted, "in turn")


@case("stream management keeps many")
async def smacks_many(world):
    for numbers in ((0, 200, 0, 1), (0, 0, 200, 1), (1, 100, 100, 100)):
        await smacks_lose(world, world.send_multi, numbers)


async def smacks_flood(world, send):
    """More than is kept comes for a session that confirms nothing, and is replaced by another at last.
    Returns what has come back, and what the other has got."""
    user, witness = world.account(), await world.person()
    person = await world.person(user=user, plugins=["xep_0198"])
    world.forget(person)
    person.raw = []
    for number in range(600):
        send([message(number)], [person.full, witness.full])
    await world.settle([witness])
    check(len(witness.take()) == 600, "the witness has not got everything")
    await person.drop()
    again = await world.person(user=user)
    await world.settle([again])
    back = [canonical(error).replace(person.bare, "me") for error in world.conference.take()]
    return sorted(back), [copy.replace(person.bare, "me") for copy in again.take_canonical()]


@case("stream management keeps no more than it may")
async def smacks_floods(world):
    wanted = await smacks_flood(world, world.send_singly)
    seen = await smacks_flood(world, world.send_multi)
    check_equal(seen[0], wanted[0], "stanzas at the component")
    check_equal(seen[1], wanted[1], "stanzas at the next session")


@case("stream management resumes over websocket")
async def smacks_websocket(world):
    person, witness = await world.websocket(stream_management=True), await world.person()
    recipients = [person.full, witness.full]
    world.send_multi([message(1, "n1")], recipients)
    await world.settle([person, witness])
    await person.drop()
    world.send_multi([message(2, "n2"), message(3, "n3")], recipients)
    await world.settle([witness])
    await person.resume()
    world.send_multi([message(4, "n4")], recipients)
    await world.settle([person, witness])
    check_equal(bodies(person.take()), ["n1", "n2", "n3", "n4"], "bodies")


async def smacks_expire(world, component, send):
    """A session loses its connection and never comes back. Returns what the component has got."""
    person = await world.person(plugins=["xep_0198"])
    person.raw = []
    stanzas = [replace(stanza, sender="room@sleep.localhost/nick") for stanza in
               (message(1), message(2, kind="chat"), message(3, kind="headline"), PRESENCE,
                message(4, kind="normal"))]
    send(stanzas[:3], [person.full])
    await component.fence()
    await person.drop()
    send(stanzas, [person.full])
    await component.fence()
    return person


@case("a session that never comes back", early=True)
async def smacks_expires(world):
    component = await world.component("sleep.localhost")
    check(await component.probe(), "there is no module")

    def send_singly(stanzas, recipients):
        component.send("".join(stanza.single(recipients[0]) for stanza in stanzas))

    def send_multi(stanzas, recipients):
        component.send("".join(stanza.multi(recipients, component.key, "sleep.localhost")
                               for stanza in stanzas))
    ordinary = await smacks_expire(world, component, send_singly)
    multi = await smacks_expire(world, component, send_multi)
    check(not component.take(), "something has come back at once")
    got = {ordinary.full: [], multi.full: []}
    for _ in range(40):
        await asyncio.sleep(1)  # also after the last of them has come, for what should not
        if all(got.values()):
            break
        for element in component.take():
            got[element.get("from")].append(canonical(element).replace(element.get("from"), "me"))
    check(got[ordinary.full] and not component.take(), "not one after the other")
    check_equal(got[multi.full], got[ordinary.full], "errors")
    stored = []
    for gone in (ordinary, multi):
        again = await world.person("again", gone.boundjid.user, available=False)
        again.send_presence()
        await again.fence()
        await asyncio.sleep(0.2)
        await again.fence()
        copies = [copy.replace("sleep.localhost", "") for copy in again.take_canonical()]
        stored.append([copy.replace(again.bare, "me") for copy in copies])
    check_equal(stored[1], stored[0], "stored for later")
