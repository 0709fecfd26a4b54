"""Who has blocked a room or its service gets nothing from it, whenever he did it."""

import xml.etree.ElementTree as ET

from stanza import INVITATION, PRESENCE, message
from world import case, check, check_equal

BLOCKED = ["room@conference.localhost", "conference.localhost", "room@conference.localhost/nick"]


async def blocked_compare(world, people, blocker, blocked):
    """The person in the middle gets everything or nothing, the others everything."""
    recipients = [person.full for person in people]
    stanzas = [message(1), PRESENCE, message(2, kind="chat")]
    (got, _) = await world.compare(stanzas, recipients, people)
    wanted = [3 if person is not blocker or not blocked else 0 for person in people]
    check_equal([len(copies) for copies in got], wanted, "copies")


@case("a blocked room, while the session is there")
async def blocked_online(world):
    first, last = await world.people(2)
    for jid in BLOCKED:
        blocker = await world.person(plugins=["xep_0191"])
        people = [first, blocker, last]
        await blocked_compare(world, people, blocker, False)
        await blocker["xep_0191"].block([jid])
        await blocked_compare(world, people, blocker, True)
        await blocker["xep_0191"].unblock([jid])
        await blocked_compare(world, people, blocker, False)
        await blocker["xep_0191"].block([jid, "someone@localhost"])
        await blocked_compare(world, people, blocker, True)
        await blocker.make_iq_set(ET.Element("{urn:xmpp:blocking}unblock")).send()
        await blocked_compare(world, people, blocker, False)


@case("a blocked room, from before the session")
async def blocked_before(world):
    first, last = await world.people(2)
    for jid in BLOCKED:
        user = world.account()
        before = await world.person(user=user, plugins=["xep_0191"])
        await before["xep_0191"].block([jid])
        await before.leave()
        world.forget(before)
        blocker = await world.person(user=user, plugins=["xep_0191"])
        await blocked_compare(world, [first, blocker, last], blocker, True)
        await blocker["xep_0191"].unblock([jid])
        await blocked_compare(world, [first, blocker, last], blocker, False)


@case("a room that another session of the account has blocked")
async def blocked_elsewhere(world):
    user = world.account()
    first, last = await world.people(2)
    blocker = await world.person("one", user)
    people = [first, blocker, last]
    await blocked_compare(world, people, blocker, False)
    other = await world.person("two", user, plugins=["xep_0191"])
    await other["xep_0191"].block([BLOCKED[0]])
    await blocked_compare(world, people, blocker, True)
    await other["xep_0191"].unblock([BLOCKED[0]])
    await blocked_compare(world, people, blocker, False)


@case("a blocked room, when the session is resumed and the module reloaded")
async def blocked_resumed(world):
    first, last = await world.people(2)
    blocker = await world.person(plugins=["xep_0191", "xep_0198"])
    people = [first, blocker, last]
    await blocked_compare(world, people, blocker, False)
    await blocker["xep_0191"].block([BLOCKED[0]])
    await blocker.drop()
    world.send_multi([message(7)], [person.full for person in people])
    await world.settle([first, last])
    check(not blocker.take(), "blocked, but kept for later")
    await blocker.resume()
    for person in people:
        person.take()
    world.conference.take()
    await blocked_compare(world, people, blocker, True)
    await world.conference.control("reload")
    await world.module_set(True)
    await blocked_compare(world, people, blocker, True)
    await blocker["xep_0191"].unblock([BLOCKED[0]])
    await blocked_compare(world, people, blocker, False)


@case("other blocked addresses")
async def blocked_others(world):
    people = [await world.person(), await world.person(plugins=["xep_0191"])]
    recipients = [person.full for person in people]
    for jid in ("other.localhost", "evil@other.localhost", "room2@conference.localhost",
                "room@conference.localhost/someone"):
        await people[1]["xep_0191"].block([jid])
        await world.compare([message(1), PRESENCE, INVITATION, message(2, kind="chat")], recipients,
                            people)
        await people[1]["xep_0191"].unblock([jid])
