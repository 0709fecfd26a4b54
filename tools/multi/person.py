"""A person with slixmpp, over TCP, who keeps whatever comes from the component's domains."""

import asyncio
import copy
import inspect
import ssl

import slixmpp

from stanza import canonical, local_name


class Person(slixmpp.ClientXMPP):
    def __init__(self, server, user, resource="phone", plugins=(), tls=False,
                 domain="localhost"):
        super().__init__(f"{user}@{domain}/{resource}", "password", sasl_mech="PLAIN",
                         plugin_config={"feature_mechanisms": {"unencrypted_plain": True}})
        host, port = server.rsplit(":", 1)
        self._address = host, int(port)
        self._tls = tls
        self.ssl_context.check_hostname = False
        self.ssl_context.verify_mode = ssl.CERT_NONE  # nobody vouches for the server of a test
        self.received = []
        self.raw = None  # becomes a list when only bytes matter
        self.register_plugin("xep_0199")
        for plugin in plugins:
            self.register_plugin(plugin)

    @property
    def full(self):
        return self.boundjid.full

    @property
    def bare(self):
        return self.boundjid.bare

    def dial(self):
        if "force_starttls" in inspect.signature(self.connect).parameters:  # before slixmpp 1.9
            self.connect(self._address, force_starttls=self._tls, disable_starttls=not self._tls)
            return
        self.enable_direct_tls = False
        self.enable_starttls, self.enable_plaintext = self._tls, not self._tls
        self.connect(*self._address)

    async def enter(self, available=True):
        """Logs in, and returns when the session is there with all that its plugins negotiate."""
        wanted = "sm_enabled" if "xep_0198" in self.plugin else "session_start"
        self.dial()
        await self.wait_until(wanted, 20)
        if available:
            self.send_presence()
        await self.fence()
        self.received.clear()
        return self

    async def resume(self):
        """Connects again after drop() and resumes the session."""
        self.dial()
        await self.wait_until("session_resumed", 20)

    async def drop(self):
        """Cuts the connection."""
        gone = asyncio.ensure_future(self.wait_until("disconnected", 20))
        await asyncio.sleep(0)
        self.abort()
        await gone

    async def leave(self):
        await asyncio.wait_for(self.disconnect(wait=0.2), 20)

    async def fence(self):
        """Returns when all that the server had sent before is here."""
        await self["xep_0199"].send_ping(self.boundjid.host, timeout=20)

    def tell(self, text):
        self.send_raw(text)

    def incoming_filter(self, xml):
        if local_name(xml) in ("message", "presence") and self._is_ours(xml):
            self.received.append(copy.deepcopy(xml))
        return xml

    def _is_ours(self, xml):
        """From the component, or a copy (carbon) of what was."""
        return any(".localhost" in element.get("from", "") for element in xml.iter())

    def data_received(self, data):
        if self.raw is None:
            super().data_received(data)
        else:
            self.raw.append(data)

    def take(self):
        taken, self.received = self.received, []
        return taken

    def take_canonical(self):
        return [canonical(element) for element in self.take()]
