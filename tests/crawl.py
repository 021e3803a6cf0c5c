"""Walks the portal as each persona: every address of the resolver, and every link on what comes back."""

import html
import re
from dataclasses import dataclass, field
from functools import cached_property
from io import BytesIO
from itertools import product
from urllib.parse import urldefrag, urlsplit

from django.db import connection
from django.test import Client
from django.test.signals import template_rendered
from django.urls import NoReverseMatch, Resolver404, get_resolver, resolve, reverse
from django.urls.resolvers import URLPattern, URLResolver
from pypdf import PdfReader

from apps.audit.enums import ReadAction
from apps.audit.models import ReadEvent

BACKEND = "apps.accounts.adapters.PortalBackend"
# Pages about no child: one address of each, and only for those who stand for their kind.
APART = ("guides:", "municipality:", "accounts:", "core:", "set_language", "account_", "demo_")
EVERYWHERE = {"anonymous", "coordinator"}
DOCUMENTS = {"guides:tool"}  # made in a process of their own, the same for everyone
LINK = re.compile(r'(?:href|hx-get)="([^"]+)"')


@dataclass
class Answer:
    """One answer, what the read audit wrote for it, and what was written before the first template was rendered."""

    persona: str
    route: str
    method: str
    url: str
    response: object
    rows: list = field(default_factory=list)
    rendered_at: list = field(default_factory=list)

    def __str__(self):
        return f"{self.persona} {self.method} {self.route} {self.url} {self.response.status_code}"

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def is_document(self) -> bool:
        return self.status == 200 and self.response.headers.get("Content-Type", "").startswith("application/pdf")

    def shows(self, marker: str) -> bool:
        return marker in self.text

    @cached_property
    def text(self) -> str:
        """The page, or the words of the document."""
        if not self.is_document:
            return self.response.content.decode("utf-8", "replace")
        return "\n".join(page.extract_text() for page in PdfReader(BytesIO(self.response.content)).pages)

    def logs_read(self) -> set:
        return {row.log_id for row in self.rows if row.action != ReadAction.REFUSED}

    def was_read_before_rendering(self, log_id) -> bool:
        """Whether the row about this log was committed when the first template was rendered."""
        first = self.rendered_at[0] if self.rendered_at else (False, self.rows[-1].pk if self.rows else 0)
        in_transaction, newest = first
        return not in_transaction and any(row.log_id == log_id and row.pk <= newest for row in self.rows)


class Visitor:
    """One persona with a browser of her own."""

    def __init__(self, persona: str, user) -> None:
        self.persona, self.user = persona, user
        self.client = Client(raise_request_exception=False)
        if user is not None:
            self.client.force_login(user, backend=BACKEND)

    def ask(self, url: str, method: str = "GET", *, body: bytes = b"", content_type: str = "", **headers) -> Answer:
        before, outside = _newest(), _depth()
        seen: list = []

        def note(**_kwargs):
            if not seen:
                seen.append((_depth() > outside, _newest()))

        template_rendered.connect(note, weak=False)
        try:
            response = self.client.generic(
                method, url, body, content_type or "application/octet-stream", headers=headers
            )
        finally:
            template_rendered.disconnect(note)
        rows = list(ReadEvent.objects.filter(pk__gt=before).order_by("pk"))
        return Answer(self.persona, route_of(url), method, url, response, rows, seen)


def _depth() -> int:
    """How many transactions and savepoints are open: the test's own are there before the request."""
    return connection.in_atomic_block + len(connection.savepoint_ids)


def _newest() -> int:
    return ReadEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def routes(patterns=None, namespace=""):
    """Every (name, pattern) that the resolver knows, with namespaces."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from routes(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", entry


def route_of(url: str) -> str:
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""


def addresses(candidates_of) -> list[str]:
    """Each route with every combination of values for its arguments.

    `candidates_of(name)` gives argument name → values, or None for a route that is left out.
    """
    made = []
    for name, entry in routes():
        candidates = candidates_of(name)
        if candidates is None:
            continue
        arguments = list(entry.pattern.converters)
        for values in product(*(candidates.get(argument, ()) for argument in arguments)):
            try:
                made.append(reverse(name, kwargs=dict(zip(arguments, values, strict=True))))
            except NoReverseMatch:
                continue
    return sorted(set(made))


def crawl(visitor: Visitor, start: list[str]):
    """Every answer to a GET of these addresses and of every link on them."""
    waiting, known = list(start), set()
    while waiting:
        url = waiting.pop()
        mark = mark_of(url)
        if mark in known:
            continue
        known.add(mark)
        if not is_for(visitor.persona, route_of(url)):
            continue
        answer = visitor.ask(url)
        yield answer
        if answer.status == 200 and answer.response.headers.get("Content-Type", "").startswith("text/html"):
            waiting += links(answer)
        elif answer.status in (301, 302):
            waiting += inside([answer.response.headers["Location"]], url)


def is_for(persona: str, route: str) -> bool:
    if route in DOCUMENTS:
        return persona == "anonymous"
    return persona in EVERYWHERE or not route.startswith(APART)


def links(answer: Answer) -> list[str]:
    return inside([html.unescape(link) for link in LINK.findall(answer.response.content.decode())], answer.url)


def inside(found: list[str], here: str) -> list[str]:
    """The addresses of the portal itself, whole; signing out and static files are left alone."""
    made = []
    for link in found:
        url = urldefrag(link)[0]
        url = f"{urlsplit(here).path}{url}" if url.startswith("?") else url
        if (
            url.startswith("/")
            and not url.startswith(("//", "/static/"))
            and route_of(url) not in ("", "account_logout")
        ):
            made.append(url)
    return made


def mark_of(url: str) -> str:
    """What makes two addresses the same page: a message quoted or a way back makes no other page of it."""
    name = route_of(url)
    filters = [part for part in urlsplit(url).query.split("&") if part.startswith(("vis=", "side="))]
    return name if name.startswith(APART) else f"{urlsplit(url).path}?{'&'.join(filters)}"
