"""Other modules may get in the way, and mod_coven_multi may come and go, at any time."""

import asyncio

from stanza import PRESENCE, bodies, message
from world import case, check, check_equal

ACCOUNTS = ["dropped", "changed", "renamed", "replaced", "thrown", "filtered", "muted", "filterthrown",
            "thrownlate", "bytes"]


async def interfered(world, bystander):
    """Everybody else on a list with the accounts that something happens to gets his copies, each once
    and unchanged. What happens to these is what happens to ordinary stanzas."""
    others = await asyncio.gather(*(bystander() for _ in range(len(ACCOUNTS) + 1)))
    victims = [await world.person(user=user) for user in ACCOUNTS]
    people = [others[0], *(person for pair in zip(victims, others[1:]) for person in pair)]
    recipients = [person.full for person in people]
    await world.conference.control("interfere")
    try:
        for stanzas in ([message(1)], [PRESENCE], [message(2, kind="chat"), message(3), PRESENCE]):
            got, _ = await world.compare(stanzas, recipients, people)
            for person, copies in zip(people, got):
                check(person in victims or len(copies) == len(stanzas) and
                      not any("urn:coven:multi:test" in copy for copy in copies),
                      f"{person.full}: {copies}")
            check_equal([len(copies) for copies in got[1::2]][:5],
                        [0] + [len(stanzas)] * 3 + [got_by_thrown(world, stanzas)], "victims")
    finally:
        await world.conference.control("behave")
    got, back = await world.compare([message(4)], recipients, people)
    check(all(len(copies) == 1 for copies in got) and not back, f"afterwards: {got} {back}")


def got_by_thrown(world, stanzas):
    """ejabberd goes on without the handler that throws; Prosody gives the stanza up."""
    return len(stanzas) if world.kind == "ejabberd" else 0


@case("modules that drop, change and throw")
async def modules_interfere(world):
    await interfered(world, world.person)


@case("modules that drop, change and throw, beside stream management")
async def modules_interfere_smacks(world):
    await interfered(world, lambda: world.person(plugins=["xep_0198"]))


@case("a module that wraps the event", servers=["prosody"])
async def modules_wrap(world):
    people = [await world.person(), await world.person(user="wrapped"), await world.person()]
    recipients = [person.full for person in people]
    await world.conference.control("wrap")
    try:
        got, _ = await world.compare([message(1), PRESENCE], recipients, people)
        check_equal([len(copies) for copies in got], [2, 1, 2], "copies")
    finally:
        await world.conference.control("unwrap")
    got, _ = await world.compare([message(1), PRESENCE], recipients, people)
    check_equal([len(copies) for copies in got], [2, 2, 2], "copies without it")


async def load(world, people, change):
    """Sends multis all the time while something changes, and each that comes back to its recipients
    one by one, as a service would. Returns how many have come back."""
    recipients = [person.full for person in people]
    finished = asyncio.Event()
    component = world.conference
    number = returned = 0

    def take_back():
        nonlocal returned
        for element in component.take():
            check(element.find("{urn:coven:multi:0}multi") is not None, "something else came back")
            returned += 1
            name = element.get("id")
            world.send_singly([message(int(name[1:]), name)], recipients)

    async def send():
        nonlocal number
        while not finished.is_set():
            world.send_multi([message(number, f"m{number}")], recipients)
            number += 1
            take_back()
            await asyncio.sleep(0.001)
    sending = asyncio.create_task(send())
    try:
        await change()
    finally:
        finished.set()
        await sending
    await component.fence()
    take_back()
    await world.settle(people)
    check(not component.take(), "something came back that was sent singly")
    check(number > 100, f"only {number} were sent")
    for person in people:
        got = [int(body[1:]) for body in bodies(person.take())]
        check_equal(sorted(got), list(range(number)), f"{person.full} got, of {number}")
        if not returned:
            check_equal(got, sorted(got), f"{person.full}, the order")
    return returned


async def load_people(world):
    return [await world.person(), await world.person(plugins=["xep_0198"]), await world.websocket(),
            await world.person("Dell Laptop")]


@case("reloaded three times under load")
async def modules_reload(world):
    async def change():
        for _ in range(3):
            await asyncio.sleep(0.3)
            await world.conference.control("reload")
        await asyncio.sleep(0.3)
    returned = await load(world, await load_people(world), change)
    check(world.kind == "ejabberd" or not returned, f"{returned} came back")


@case("unloaded and loaded under load")
async def modules_unload(world):
    async def change():
        for _ in range(3):
            await asyncio.sleep(0.2)
            await world.conference.control("unload")
            await asyncio.sleep(0.2)
            await world.conference.control("load")
            check(await world.conference.probe(), "no answer after it was loaded again")
        await asyncio.sleep(0.2)
    people = await load_people(world)
    returned = await load(world, people, change)
    check(returned > 30, f"only {returned} came back")
    await world.compare([message(1)], [person.full for person in people], people)


@case("the component connects again under load")
async def modules_reconnect(world):
    people = await load_people(world)
    recipients = [person.full for person in people]
    for turn in range(5):
        world.send_multi([message(number, f"{turn}-{number}") for number in range(20)], recipients)
        await world.conference.fence()
        await world.conference.close()
        world.conference = await world.component()
        check(await world.conference.probe(), "no answer on the new connection")
    await world.settle(people)
    for person in people:
        check_equal(bodies(person.take()), [f"{t}-{n}" for t in range(5) for n in range(20)],
                    person.full)
