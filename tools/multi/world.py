"""What the cases share: the server, the component on it, people, and the list of cases."""

import asyncio
import itertools
import os
from collections import namedtuple

from bosh_person import BoshPerson
from component import Component
from person import Person
from stanza import canonical, element_of
from websocket_person import WebsocketPerson

CASES = []


def case(name, servers=("prosody", "ejabberd"), module=True, early=False):
    """Registers a function of the world as a case. module: it needs mod_coven_multi. early: it takes
    long, begins before all others, and has a world of its own."""
    def register(function):
        CASES.append(Case(name, function, servers, module, early))
        return function
    return register


Case = namedtuple("Case", "name function servers module early")


class Failed(Exception):
    """A case has seen something else than it should."""


def check(truth, words):
    if not truth:
        raise Failed(words() if callable(words) else words)


def check_equal(seen, wanted, what):
    """The first difference of two lists, with some words around it."""
    if seen == wanted:
        return
    pair = next(((s, w) for s, w in itertools.zip_longest(seen, wanted) if s != w), (seen, wanted))
    raise Failed(f"{what}: {len(seen)} instead of {len(wanted)}\n#   seen   {pair[0]}\n"
                 f"#   wanted {pair[1]}")


def check_same(seen, texts, what):
    """Are these canonical stanzas what was written? Servers may say which language they speak."""
    check_equal([stanza.replace(' xml:lang="en"', "") for stanza in seen],
                [canonical(element_of(text)) for text in texts], what)


class World:
    def __init__(self, kind, addresses, options, first_account=0):
        self.kind = kind
        self.options = options
        self._addresses = addresses
        self._secret = os.environ["COVEN_SECRET"]
        self._numbers = itertools.count(first_account)
        self._people = []
        self._components = []

    def address(self, what):
        return self._addresses[what]

    async def component(self, domain="conference.localhost"):
        component = Component(domain)
        await component.connect(self._addresses[f"component {domain}"], self._secret)
        self._components.append(component)
        return component

    async def start(self):
        self.conference = await self.component()
        self.other = await self.component("other.localhost")

    async def module_set(self, loaded):
        """The module is there or not, whatever a case before has done; the component knows."""
        if self.conference.closed.is_set():
            self.conference = await self.component()
        if await self.conference.probe() != loaded:
            await self.conference.control("load" if loaded else "unload")
            check(await self.conference.probe() == loaded, "the module cannot be (un)loaded")

    def account(self):
        """The name of an account that nobody has used yet."""
        return f"u{next(self._numbers)}"

    async def person(self, resource="phone", user=None, plugins=(), available=True, **options):
        person = Person(self._addresses["c2s"], user or self.account(), resource, plugins, **options)
        self._people.append(person)
        return await person.enter(available)

    async def people(self, count):
        return await asyncio.gather(*(self.person() for _ in range(count)))

    async def websocket(self, **options):
        person = WebsocketPerson(self._addresses["http"], self.account(), **options)
        self._people.append(person)
        return await person.enter()

    async def bosh(self):
        person = BoshPerson(self._addresses["http"], self.account())
        self._people.append(person)
        return await person.enter()

    def forget(self, person):
        """The person does not leave at the end of the case."""
        self._people.remove(person)

    async def case_end(self):
        people, self._people = self._people, []
        await asyncio.gather(*(person.leave() for person in people), return_exceptions=True)
        self._components = [one for one in self._components if not one.closed.is_set()]
        for component in self._components:
            await component.fence()
            component.take()

    async def settle(self, people=()):
        """Returns when what the component has sent is with these people, or has come back."""
        await self.conference.fence()
        for _ in range(2):  # one session may have passed something on to another
            await asyncio.gather(*(person.fence() for person in people))

    def send_singly(self, stanzas, recipients):
        for stanza in stanzas:
            for to in recipients:
                self.conference.send(stanza.single(to))

    def send_multi(self, stanzas, recipients):
        for stanza in stanzas:
            self.conference.send(stanza.multi(recipients, self.conference.key))

    async def seen(self, people):
        """What each of them has got since the last time, and what the component has, in any order:
        the errors of different recipients are independent of each other."""
        await self.settle(people)
        got = [person.take_canonical() for person in people]
        return got, sorted(canonical(element) for element in self.conference.take())

    async def compare(self, stanzas, recipients, people):
        """Sends the stanzas both ways: everybody must get the same, and the component too. Returns
        what each person got, and what the component got."""
        self.send_singly(stanzas, recipients)
        wanted = await self.seen(people)
        self.send_multi(stanzas, recipients)
        seen = await self.seen(people)
        for person, copies, ordinary in zip(people, seen[0], wanted[0]):
            check_equal(copies, ordinary, f"copies at {person.full}")
        check_equal(seen[1], wanted[1], "stanzas at the component")
        return seen

    async def came_back(self, text, people, what):
        """Sends a stanza of which nobody may get a copy and which must come back as it is."""
        self.conference.send(text)
        got, back = await self.seen(people)
        check_same(back, [text], f"{what}: at the component")
        check(not any(got), lambda: f"{what}: somebody got {got}")
