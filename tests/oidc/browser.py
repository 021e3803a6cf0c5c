"""A browser without a screen: Django's client at the portal, `requests` at the provider, each with its own cookies."""

import re
from urllib.parse import urlsplit

import requests
from django.test import Client

from tests.oidc.servers import HOST

_ONWARD = re.compile(r'http-equiv="refresh" content="0; url=([^"]+)"')


class Visitor:
    def __init__(self) -> None:
        self.client = Client()
        self.there = requests.Session()

    def out(self, **fields):
        """The address at the provider that the portal sends to."""
        return onward_in(self.client.post("/konto/idporten/", fields))

    def at_provider(self, address: str) -> str:
        """Go there and through; gives the address back at the portal."""
        while urlsplit(address).hostname == HOST:
            answer = self.there.get(address, allow_redirects=False, timeout=20)
            assert answer.is_redirect, answer.text
            address = requests.compat.urljoin(address, answer.headers["Location"])
        return address

    def back(self, address: str):
        parts = urlsplit(address)
        return self.client.get(f"{parts.path}?{parts.query}")

    def sign_in(self, **fields):
        """The whole round; gives the portal's answer to who comes back."""
        return self.back(self.at_provider(self.out(**fields)))

    def sign_out_there(self, address: str) -> str:
        """Press «Logg ut» at the provider; gives the address it sends to."""
        page = self.there.get(address, timeout=20).text
        action, xsrf = re.search(r'action="([^"]+)"', page)[1], re.search(r'name="xsrf" value="([^"]+)"', page)[1]
        answer = self.there.post(action, {"xsrf": xsrf, "logout": "yes"}, allow_redirects=False, timeout=20)
        return answer.headers.get("Location", "")


def onward_in(response) -> str:
    """Where a page of the portal goes on to at once."""
    from html import unescape

    found = _ONWARD.search(response.content.decode())
    assert found, (response.status_code, response.content.decode()[:500])
    return unescape(found[1])
