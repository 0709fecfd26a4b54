"""A component (XEP-0114) of the server, which sends exactly what it is told and keeps all it gets."""

import asyncio
import hashlib
import xml.etree.ElementTree as ET
from xml.sax.saxutils import quoteattr

from stanza import MULTI, local_name

CONTROL = "urn:coven:multi:test"


class Component:
    def __init__(self, domain):
        self.domain = domain
        self.received = []
        self.closed = asyncio.Event()
        self.error = None  # of the stream
        self.key = None
        self.recipients = self.bytes = 0
        self._waiting = {}
        self._last_id = 0

    async def connect(self, address, secret):
        host, port = address.rsplit(":", 1)
        self._reader, self._writer = await asyncio.open_connection(host, int(port))
        self._parser = ET.XMLPullParser(("start", "end"))
        self._depth = 0
        self._opened = asyncio.get_running_loop().create_future()
        self._ready = asyncio.get_running_loop().create_future()
        self.send("<stream:stream xmlns='jabber:component:accept' xmlns:stream="
                  f"'http://etherx.jabber.org/streams' to={quoteattr(self.domain)}>")
        self._task = asyncio.create_task(self._read())
        stream_id = await asyncio.wait_for(self._opened, 10)
        digest = hashlib.sha1((stream_id + secret).encode()).hexdigest()
        self.send(f"<handshake>{digest}</handshake>")
        await asyncio.wait_for(self._ready, 10)
        return self

    async def close(self):
        self._writer.close()
        await asyncio.wait_for(self.closed.wait(), 10)

    def send(self, text):
        self._writer.write(text.encode())

    async def _read(self):
        try:
            while data := await self._reader.read(65536):
                self._parser.feed(data)
                for event, element in self._parser.read_events():
                    self._event(event, element)
        except ConnectionError:
            pass
        finally:
            self.closed.set()
            for waiting in self._waiting.values():
                if not waiting.done():
                    waiting.set_exception(ConnectionError(f"the stream has ended: {self.error}"))

    def _event(self, event, element):
        if event == "start":
            if self._depth == 0:
                self._root = element
                self._opened.set_result(element.get("id"))
            self._depth += 1
            return
        self._depth -= 1
        if self._depth == 1:
            self._got(element)
            self._root.clear()

    def _got(self, element):
        name = local_name(element)
        if name == "handshake":
            self._ready.set_result(True)
        elif name == "error":
            self.error = local_name(element[0])
            if not self._ready.done():
                self._ready.set_exception(ConnectionError(self.error))
        elif name == "iq" and element.get("id") in self._waiting:
            self._waiting.pop(element.get("id")).set_result(element)
        else:
            self.received.append(element)

    def take(self):
        """What has come since the last time."""
        taken, self.received = self.received, []
        return taken

    async def ask(self, to, payload, kind="get", sender=None):
        """Sends an iq. Returns its answer, or the iq itself if it comes back."""
        self._last_id += 1
        name = f"ask{self._last_id}"
        self._waiting[name] = answer = asyncio.get_running_loop().create_future()
        self.send(f"<iq type='{kind}' from='{sender or self.domain}' to='{to}' id='{name}'>"
                  f"{payload}</iq>")
        return await asyncio.wait_for(answer, 20)

    async def fence(self):
        """Returns when the server has handled all that was sent before."""
        await self.ask("localhost", "<ping xmlns='urn:xmpp:ping'/>")

    async def probe(self):
        """Asks for the module. True if it is there: then key, recipients and bytes are its own."""
        answer = await self.ask(self.domain, f"<multi xmlns='{MULTI}'/>")
        if answer.get("type") != "result":
            return False
        multi = answer.find(f"{{{MULTI}}}multi")
        self.key = multi.get("key")
        self.recipients, self.bytes = int(multi.get("recipients")), int(multi.get("bytes"))
        return True

    async def control(self, what, host=None, user=""):
        """Asks the module mod_multi_control of the server."""
        answer = await self.ask(
            "localhost", f"<do xmlns='{CONTROL}' what='{what}' host='{host or self.domain}' "
            f"user='{user}'/>", "set")
        if answer.get("type") != "result":
            raise RuntimeError(f"{what}: {ET.tostring(answer, encoding='unicode')}")
