"""A person with nbxmpp, over websocket. nbxmpp lives in a GLib loop, which has a thread of its own."""

import asyncio
import logging
import threading
import xml.etree.ElementTree as ET

import gi

gi.require_version("Soup", "3.0")
from gi.repository import GLib  # noqa: E402
from nbxmpp.client import Client  # noqa: E402
from nbxmpp.const import ConnectionProtocol, ConnectionType  # noqa: E402
from nbxmpp.protocol import Iq, JID, Presence  # noqa: E402

from stanza import canonical, local_name  # noqa: E402

logging.getLogger("nbxmpp").setLevel(logging.CRITICAL)
_thread = None


def _loop_start():
    global _thread
    if _thread is None:
        _thread = threading.Thread(target=GLib.MainLoop().run, daemon=True)
        _thread.start()


class WebsocketPerson:
    def __init__(self, http, user, resource="web", stream_management=False):
        _loop_start()
        self.bare, self.full = f"{user}@localhost", f"{user}@localhost/{resource}"
        self.received = []
        self._loop = asyncio.get_running_loop()
        self._events = {}
        self._client = client = Client(log_context=self.full)
        client.set_domain("localhost")
        client.set_username(user)
        client.set_resource(resource)
        client.set_password("password")
        client.set_custom_host(f"ws://{http}/xmpp-websocket", ConnectionProtocol.WEBSOCKET,
                               ConnectionType.PLAIN)
        client.set_mechs(["PLAIN"])
        client.set_sm_disabled(not stream_management)
        for signal in ("connected", "disconnected", "resume-successful"):
            client.subscribe(signal, self._on_signal)
        client.subscribe("stanza-received", self._on_stanza)

    # These two run in the thread of GLib.
    def _on_signal(self, _client, signal, *_words):
        self._loop.call_soon_threadsafe(self._happened, signal)

    def _on_stanza(self, _client, _signal, stanza):
        self._loop.call_soon_threadsafe(self._got, str(stanza))

    def _happened(self, event):
        if event in self._events:
            self._events.pop(event).set_result(True)

    def _got(self, text):
        element = ET.fromstring(text)
        if local_name(element) == "iq":
            self._happened(element.get("id"))
        elif ".localhost" in element.get("from", ""):
            self.received.append(element)

    async def _after(self, event, action, *words):
        """Does something in the thread of GLib, and waits for what it leads to."""
        self._events[event] = happened = self._loop.create_future()
        GLib.idle_add(lambda: action(*words) and False)
        await asyncio.wait_for(happened, 20)

    async def enter(self, available=True):
        await self._after("connected", self._client.connect)
        if available:
            GLib.idle_add(lambda: self._client.send_stanza(Presence()) and False)
        await self.fence()
        self.received.clear()
        return self

    async def drop(self):
        """Cuts the connection."""
        await self._after("disconnected", lambda: self._client.disconnect(immediate=True))

    async def resume(self):
        await self._after("resume-successful", self._client.connect)

    async def leave(self):
        await self._after("disconnected", self._client.disconnect)

    async def fence(self):
        ping = Iq(typ="get", to=JID.from_string("localhost"))
        ping.setID(f"fence{id(ping)}")
        ping.setTag("ping", namespace="urn:xmpp:ping")
        await self._after(ping.getID(), self._client.send_stanza, ping)

    def tell(self, text):
        text = text.replace(" ", " xmlns='jabber:client' ", 1)
        GLib.idle_add(lambda: self._client.send_nonza(text) and False)

    def take(self):
        taken, self.received = self.received, []
        return taken

    def take_canonical(self):
        return [canonical(element) for element in self.take()]
