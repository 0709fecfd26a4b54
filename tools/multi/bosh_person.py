"""A person over BOSH (XEP-0124, XEP-0206), by hand: no client library that Debian packages speaks it
without a browser. It has one request at a time, so what comes keeps its order, and it asks only when
it wants to know something: until then, the server keeps what there is."""

import asyncio
import base64
import random
import urllib.request
import xml.etree.ElementTree as ET

from stanza import canonical, local_name

BOSH = "http://jabber.org/protocol/httpbind"


class BoshPerson:
    def __init__(self, http, user, resource="bosh"):
        self.bare, self.full = f"{user}@localhost", f"{user}@localhost/{resource}"
        self._url = f"http://{http}/http-bind"
        self._user, self._resource = user, resource
        self._rid = random.randrange(1 << 30)
        self._sid = None
        self._wanted = None
        self._words = ""  # told, and sent with the next request
        self._fences = 0
        self.received = []

    def _post(self, body):
        request = urllib.request.Request(self._url, body.encode(), {"Content-Type": "text/xml"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return ET.fromstring(answer.read())

    async def _request(self, payload="", **attributes):
        self._rid += 1
        words = "".join(f" {key.replace('_', ':')}='{value}'" for key, value in attributes.items())
        if self._sid:
            words += f" sid='{self._sid}'"
        payload, self._words = self._words + payload, ""
        body = (f"<body xmlns='{BOSH}' xmlns:xmpp='urn:xmpp:xbosh' rid='{self._rid}'{words}>"
                f"{payload}</body>")
        answer = await asyncio.to_thread(self._post, body)
        for element in answer:
            self._got(element)
        return answer

    def _got(self, element):
        if local_name(element) == "iq" and element.get("id") == self._wanted:
            self._wanted = None
        elif ".localhost" in element.get("from", ""):
            self.received.append(element)

    async def _ask(self, name, payload):
        """Sends an iq, and takes what comes until its answer."""
        self._wanted = name
        await self._request(payload)
        while self._wanted:
            await self._request()

    async def enter(self, available=True):
        answer = await self._request(to="localhost", hold=1, wait=5, ver="1.6", xml_lang="en",
                                     xmpp_version="1.0")
        self._sid = answer.get("sid")
        plain = base64.b64encode(f"\0{self._user}\0password".encode()).decode()
        answer = await self._request(
            f"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>{plain}</auth>")
        assert "success" in [local_name(element) for element in answer], ET.tostring(answer)
        await self._request(to="localhost", xmpp_restart="true")
        await self._ask("bind", "<iq xmlns='jabber:client' type='set' id='bind'>"
                        "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
                        f"<resource>{self._resource}</resource></bind></iq>")
        if available:
            await self._request("<presence xmlns='jabber:client'/>")
        await self.fence()
        self.received.clear()
        return self

    async def leave(self):
        await self._request(type="terminate")

    async def fence(self):
        self._fences += 1
        name = f"fence{self._fences}"
        await self._ask(name, f"<iq xmlns='jabber:client' type='get' to='localhost' id='{name}'>"
                        "<ping xmlns='urn:xmpp:ping'/></iq>")

    def tell(self, text):
        self._words += text.replace(" ", " xmlns='jabber:client' ", 1)

    def take(self):
        taken, self.received = self.received, []
        return taken

    def take_canonical(self):
        return [canonical(element) for element in self.take()]
