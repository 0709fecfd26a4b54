"""Rooms of covend, where it lets the server make the copies."""

import asyncio
import os
import signal

from stanza import bodies, local_name
from world import case, check, check_equal

DOMAIN = "rooms.localhost"
ROOM = f"room@{DOMAIN}"
MULTIPLIES, STOPS = "the server makes the copies", "no longer makes the copies"


class Covend:
    """A covend on the server, with a room in which people are."""

    def __init__(self, world):
        self._world = world
        self._log = os.path.join(world.options.logs, "covend.log")

    async def __aenter__(self):
        options = self._world.options
        with open(self._log, "w") as log:
            self._process = await asyncio.create_subprocess_exec(
                "setpriv", "--pdeathsig", "KILL", "--",  # it ends with us, however we end
                options.covend, "--server", self._world.address(f"component {DOMAIN}"), "--domain",
                DOMAIN, stdout=log, stderr=log)
        try:
            await self.wait_for("connected to", 1)
        except BaseException:
            self._process.kill()
            raise
        return self

    async def __aexit__(self, *_error):
        if self._process.returncode is None:
            self._process.terminate()
        status = await asyncio.wait_for(self._process.wait(), 20)
        check(status == 0, lambda: f"covend ended with {status}: {self.log()[-2000:]}")

    def log(self):
        with open(self._log) as log:
            return log.read()

    async def wait_for(self, words, times):
        for _ in range(400):
            if self.log().count(words) >= times:
                return
            check(self._process.returncode is None, lambda: f"covend has ended: {self.log()[-2000:]}")
            await asyncio.sleep(0.05)
        check(False, f"covend does not log '{words}' {times} times: {self.log()[-2000:]}")

    def ask(self):
        """Makes it look for the module now, and not within a minute."""
        self._process.send_signal(signal.SIGHUP)

    async def join(self, people):
        """They enter one after the other; the first makes the room, and nothing limits his rate."""
        for number, person in enumerate(people):
            person.tell(f"<presence to='{ROOM}/nick{number}'>"
                        "<x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>")
            if number == 0:
                await until(person, "presence")
                person.tell(f"<iq type='set' id='make' to='{ROOM}'><query xmlns='http://jabber.org/"
                            "protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'/></query></iq>")
            await until(person, "subject")
        await self.wait_for(MULTIPLIES, 1)  # after the server has confirmed the joins
        for person in people:
            await person.fence()
            person.take()


async def until(person, name):
    """Waits until a stanza has come that is or has an element of this name."""
    for _ in range(200):
        await person.fence()
        if any(local_name(child) == name for element in person.received
               for child in element.iter()):
            return
        await asyncio.sleep(0.05)
    check(False, f"{person.full} sees no {name}")


def say(person, body):
    person.tell(f"<message type='groupchat' to='{ROOM}'><body>{body}</body></message>")


async def hear(people, wanted):
    """Everybody hears exactly this, in this order."""
    for person in people:
        for _ in range(400):
            await person.fence()
            if wanted[-1] in bodies(person.received):
                break
            await asyncio.sleep(0.05)
        check_equal(bodies(person.take()), wanted, person.full)


async def crowd(world):
    """The first speaks; each of the others is something else."""
    return [await world.person(tls=True), await world.person(plugins=["xep_0198"]), await world.websocket(),
            await world.bosh(), await world.websocket(resource="sm", stream_management=True),
            await world.person("Dell Laptop", plugins=["xep_0191"])]


@case("covend: all kinds of clients in a room")
async def covend_room(world):
    async with Covend(world) as covend:
        people = await crowd(world)
        await covend.join(people)
        for number in range(30):
            say(people[0], f"n{number}")
        await hear(people, [f"n{number}" for number in range(30)])
        await people[5]["xep_0191"].block([ROOM])
        for number in range(30):
            say(people[0], f"b{number}")
        await hear(people[:5], [f"b{number}" for number in range(30)])
        await people[5].fence()
        check(not bodies(people[5].take()), "the one who has blocked the room has got something")
        check(STOPS not in covend.log(), "covend no longer uses the module")


@case("covend: a session is lost and resumed")
async def covend_resume(world):
    async with Covend(world) as covend:
        people = await crowd(world)
        await covend.join(people)
        lost = people[1]
        numbers = iter(range(100))
        said = []

        def speak(count):
            for _ in range(count):
                said.append(f"n{next(numbers)}")
                say(people[0], said[-1])
        speak(5)
        await hear([people[0]], said)
        await lost.fence()
        lost.raw = []
        speak(5)
        await hear([people[0]], said[5:])
        await lost.drop()
        lost.raw = None
        speak(5)
        await hear([people[0]], said[10:])
        await lost.resume()
        speak(5)
        await hear([people[0]], said[15:])
        await hear(people[1:], said)


@case("covend: the module goes and comes under load")
async def covend_unload(world):
    async with Covend(world) as covend:
        people = await crowd(world)
        await covend.join(people)
        finished = asyncio.Event()
        said = []

        async def speak():
            while not finished.is_set():
                said.append(f"n{len(said)}")
                say(people[0], said[-1])
                await asyncio.sleep(0.002)
        speaking = asyncio.create_task(speak())
        try:
            for turn in range(3):
                await asyncio.sleep(0.3)
                await world.conference.control("unload", DOMAIN)
                await covend.wait_for(STOPS, turn + 1)
                await world.conference.control("load", DOMAIN)
                await asyncio.sleep(0.2)
                covend.ask()
                await covend.wait_for(MULTIPLIES, turn + 2)
                await world.conference.control("reload", DOMAIN)
            await asyncio.sleep(0.2)
        finally:
            finished.set()
            await speaking
        check(len(said) > 100, f"only {len(said)} were said")
        await hear(people, said)
