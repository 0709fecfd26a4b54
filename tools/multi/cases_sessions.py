"""What else a session may be in the middle of: client state, carbons, archives, its end."""

import asyncio
import xml.etree.ElementTree as ET

from stanza import INVITATION, PRESENCE, Stanza, canonical, message
from world import case, check, check_equal

CHAT_STATE = Stanza("<composing xmlns='http://jabber.org/protocol/chatstates'/>",
                    attributes={"type": "groupchat", "id": "s1"})


# --- client state, carbons, archives -----------------------------------------------------------

@case("an inactive client")
async def inactive(world):
    for plugins in (["xep_0352"], ["xep_0352", "xep_0198"]):
        witness, person = await world.person(), await world.person(plugins=plugins)
        recipients = [witness.full, person.full]
        seen = []
        for send in (world.send_singly, world.send_multi):
            person["xep_0352"].send_inactive()
            await person.fence()  # which flushes what was held back
            person["xep_0352"].send_inactive()
            await asyncio.sleep(0.1)
            send([CHAT_STATE], recipients)
            await world.settle([witness])
            await asyncio.sleep(0.1)
            held = len(person.received)
            send([message(1), message(2)], recipients)
            await world.settle([witness])
            await asyncio.sleep(0.1)
            person["xep_0352"].send_active()
            await person.fence()
            seen.append((held, person.take_canonical()))
            check(len(witness.take()) == 3, "the witness has not got everything")
        check_equal(seen[1][1], seen[0][1], f"copies with {plugins}")
        check(len(seen[1][1]) == 3 and "composing" in seen[1][1][0], str(seen[1]))
        check(seen[0][0] == seen[1][0] == 0, f"{seen[1][0]} instead of {seen[0][0]} came at once")


@case("carbons")
async def carbons(world):
    user = world.account()
    people = [await world.person(resource, user, ["xep_0280"]) for resource in ("one", "two")]
    for person in people:
        await person["xep_0280"].enable()
    people += await world.people(1)
    recipients = [people[0].full, people[2].full]
    jingle = Stanza("<propose xmlns='urn:xmpp:jingle-message:0' id='1'/>")
    private = Stanza("<body>b</body><private xmlns='urn:xmpp:carbons:2'/>")
    for stanza in (message(1), jingle, private, PRESENCE, message(2, kind="chat"),
                   message(3, kind="headline"), message(4, kind="normal"), INVITATION):
        got, _ = await world.compare([stanza], recipients, people)
        check(len(got[0]) == 1, str(got[0]))
        if stanza.attributes.get("type") == "groupchat" and stanza is not jingle:
            check(not got[1], f"a carbon of a groupchat message: {got[1]}")
        if stanza.attributes.get("type") == "chat":
            check(len(got[1]) == 1, "no carbon of a chat message")


async def archive(person):
    """What is in the archive of a person."""
    query = ET.Element("{urn:xmpp:mam:2}query")
    await person.make_iq_set(query).send()
    return [canonical(element.find(".//{jabber:client}message")) for element in person.take()]


@case("archives of the recipients")
async def archives(world):
    people = await world.people(2)
    recipients = [person.full for person in people]
    own = "<stanza-id xmlns='urn:xmpp:sid:0' id='1' by='{}'/>"
    stanzas = [message(1), message(2, kind="chat"), message(3, kind="normal"), message(4, kind="headline"),
               Stanza("<body>a</body>" + own.format("room@conference.localhost")),
               Stanza("<body>b</body>" + own.format(people[0].bare)),
               Stanza("<body>c</body><store xmlns='urn:xmpp:hints'/>"), Stanza("<subject>d</subject>"),
               INVITATION]
    check(not await archive(people[0]), "the archive is not empty")
    world.send_singly(stanzas, recipients)
    await world.settle(people)
    for person in people:
        person.take()
    ordinary = [await archive(person) for person in people]
    check(ordinary[0], "nothing is archived, so nothing is compared")
    world.send_multi(stanzas, recipients)
    await world.settle(people)
    for person, rows in zip(people, ordinary):
        person.take()
        check_equal(await archive(person), rows + rows, "archive")


# --- the beginning and the end -----------------------------------------------------------------

@case("a session without presence")
async def unavailable(world):
    people = [await world.person(available=False), await world.person()]
    got, _ = await world.compare([message(1), PRESENCE, message(2, kind="chat")],
                                 [person.full for person in people], people)
    check(all(len(copies) == 3 for copies in got), str(got))


async def ended(world, end):
    witness = await world.person()
    seen = []
    for plugins in ([], ["xep_0198"]):
        for send in (world.send_singly, world.send_multi):
            person = await world.person(plugins=plugins)
            world.forget(person)
            person.raw = []
            await end(person)
            while b"</stream:stream>" not in b"".join(person.raw):
                await asyncio.sleep(0.01)
            send([message(1), message(2, kind="headline")], [witness.full, person.full])
            await world.settle([witness])
            await asyncio.sleep(0.2)
            after = b"".join(person.raw).rpartition(b"</stream:stream>")[2]
            back = [canonical(error).replace(person.full, "me") for error in world.conference.take()]
            seen.append((after, sorted(back)))
            person.abort()
            check(len(witness.take()) == 2, "the witness has not got everything")
        check(seen[-1][0] == b"", f"{seen[-1][0]} was written behind the end")
        check_equal(seen[-1][1], seen[-2][1], "stanzas at the component")


@case("nothing is written behind the end of a stream")
async def ended_by_client(world):
    async def end(person):
        person.send_raw("</stream:stream>")
    await ended(world, end)


@case("nothing is written behind the end that the server makes")
async def ended_by_server(world):
    async def end(person):
        await world.conference.control("close", user=person.boundjid.user)
    await ended(world, end)


@case("a session that was replaced by another")
async def replaced(world):
    user = world.account()
    witness, old = await world.person(), await world.person("same", user)
    got, _ = await world.compare([message(1)], [witness.full, old.full], [witness, old])
    world.forget(old)
    new = await world.person("same", user)
    got, _ = await world.compare([message(2)], [witness.full, new.full], [witness, new])
    check([len(copies) for copies in got] == [1, 1] and not old.take(), str(got))


@case("a session that ends between two stanzas of one write")
async def ends_between(world):
    witness, person = await world.people(2)
    world.forget(person)
    recipients = [witness.full, person.full]
    world.send_multi([message(number) for number in range(50)], recipients)
    person.abort()
    world.send_multi([message(number) for number in range(50, 100)], recipients)
    await world.settle([witness])
    await asyncio.sleep(0.3)
    await world.settle([witness])
    check([copy.get("id") for copy in witness.take()] == [f"m{n}" for n in range(100)],
          "the witness has not got everything in order")
