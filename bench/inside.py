"""The requests that are measured, asked inside one process on a filled database: to count their SQL and to profile."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bti_portal.settings")
django.setup()

from django.test import Client  # noqa: E402 -- Django must be set up first

from bench.measure import hidden_fields  # noqa: E402 -- Django must be set up first
from bench.pages import PAGES, address, message  # noqa: E402 -- Django must be set up first


def requests_for(log: str, session: str) -> dict:
    """What asks for each page once, by name of page; raises `SystemExit` when the answer is not as it should be."""
    client = Client(SERVER_NAME="localhost")
    client.cookies["session"] = session
    asks: dict = {page: _get(client, address(page, log)) for page in PAGES}
    return asks | {"post": _post(client, address("post", log))}


def _get(client, path: str):
    def ask():
        answer = client.get(path)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answered {answer.status_code}")

    return ask


def _post(client, path: str):
    hidden = hidden_fields(client.get(path).content.decode(), "text")

    def ask():
        answer = client.post(path, hidden | message())
        if answer.status_code != 302:
            raise SystemExit(f"The post answered {answer.status_code}\n{answer.content[:2000]!r}")

    return ask
