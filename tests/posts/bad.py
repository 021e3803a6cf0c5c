"""Bad input for one form: what a person, a program or an attacker may send instead of what was asked for."""

import random
import struct
import zlib
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote_plus
from uuid import uuid4

from django.utils import timezone

from tests.posts.forms import Form

SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
AREA = "</textarea><script>alert(2)</script>"
TEXTS = [
    "",
    " ",
    "\0",
    "før\0etter",
    "\ud800",
    "før\udfffetter",
    "\u202eRTL\u202c",
    "\u200b\u200d\ufeff\u00a0",
    "👩‍👩‍👧‍👦" * 40,
    "e\u0301" * 100,
    "a" * 1_000_000,
    "\n" * 20_000,
    SCRIPT,
    IMAGE,
    AREA,
    "' OR 1=1 --",
    "'; DROP TABLE stafettlogg_log; --",
    "%s %(a)s {0} {a.__class__}",
    "{{ settings.SECRET_KEY }}{% load x %}",
    "../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "%00%ff",
    "=cmd|' /C calc'!A0",
    "[]",
    '{"a": 1}',
    "13097248022",
    "130972 48022",
]
NUMBERS = ["-1", "0", "1e309", "NaN", "Infinity", "999999999999999999999999", "0x10", "1.5", "١٢٣", "-0", "1_000"]
DAYS = [
    "0000-00-00",
    "0001-01-01",
    "9999-12-31",
    "2027-02-29",
    "2028-02-29",
    "2026-13-45",
    "31.02.2026",
    "29.02.2028",
    "2027-03-28T02:30",
    "2027-10-31 02:30",
    "2026-W53-1",
    "32. juli 2026",
    "1900-01-01",
    "2200-12-31",
    "-1",
    "i morgen",
]
CHOICES = ["", "ukjent", "on", "ja", "nei", "1", "0", "-1", "None", "null", "holder", "__all__"]
TOKEN = "csrfmiddlewaretoken"
NOBODY = "00000000-0000-4000-8000-000000000000"
ALL_TEXTS = TEXTS + NUMBERS + DAYS + CHOICES


def _png(width: int, height: int) -> bytes:
    """A picture that claims to be this large; its rows are nothing, compressed."""

    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


# Name, kind as it is told, content.
FILES = {
    "empty": ("tom.pdf", "application/pdf", b""),
    "20 MB": ("stor.pdf", "application/pdf", b"%PDF-1.7\n" + b"a" * 20_000_000),
    "page": ("samtykke.pdf", "application/pdf", b"<html><script>alert(1)</script></html>"),
    "program": ("samtykke.pdf.exe", "application/octet-stream", b"MZ\x90\x00" + b"\0" * 200),
    "document that acts": (
        "a.pdf",
        "application/pdf",
        b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(x)>>>>endobj",
    ),
    "picture bomb": ("a.png", "image/png", _png(50_000, 50_000)),
    "name that leads out": ("../../../etc/passwd\0.png", "image/png", _png(1, 1)),
    "long name": ("ø" * 3_000 + ".jpg", "image/jpeg", b"\xff\xd8\xff"),
    "no name": ("", "image/png", _png(1, 1)),
}


@dataclass
class Post:
    """What is sent. `typed` are the values of visible fields for text, which must not be lost."""

    what: str
    pairs: list[tuple[str, str]] = field(default_factory=list)
    files: list[tuple[str, tuple[str, str, bytes]]] = field(default_factory=list)
    as_parts: bool = False

    @property
    def typed(self) -> dict[str, str]:
        """The last of each name counts, as for Django."""
        return dict(self.pairs)

    def encoded(self) -> tuple[bytes, str]:
        if not self.as_parts and not self.files:
            body = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in self.pairs)
            return body.encode(), "application/x-www-form-urlencoded"
        mark = "grense-som-ikke-finnes-i-noe"
        parts = [(f'name="{name}"', "", value.encode("utf-8", "surrogatepass")) for name, value in self.pairs]
        parts += [
            (f'name="{name}"; filename="{file}"', f"Content-Type: {kind}\r\n", content)
            for name, (file, kind, content) in self.files
        ]
        lines = [
            f"--{mark}\r\nContent-Disposition: form-data; {head}\r\n{kind}\r\n".encode() + content + b"\r\n"
            for head, kind, content in parts
        ]
        return b"".join(lines) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


def _quoted(text: str) -> str:
    return quote_plus(text, errors="surrogatepass")


def plausible(form: Form) -> dict[str, list[str]]:
    """The form filled in as someone might, with a key of its own."""
    today = timezone.localdate()
    values = form.as_shown()
    for found in form.fields.values():
        if found.kind == "hidden" and found.name != "form_key":
            continue
        if found.name == "form_key" or found.name.endswith("-form_key"):
            values[found.name] = [str(uuid4())]
        elif found.kind == "file":
            continue
        elif found.kind == "submit":
            values[found.name] = found.options[:1]
        elif found.kind in ("radio", "checkbox"):
            values[found.name] = values.get(found.name) or found.options[:1]
        elif found.kind == "select":
            values[found.name] = next(([option] for option in found.options if option), [""])
        elif not any(values.get(found.name, [])):
            values[found.name] = [_example(found, today)]
    return values


def _example(found, today) -> str:
    if found.kind == "date":
        before = ("told", "held", "birth")
        return str(today if found.name.startswith(before) else today + timedelta(days=7))
    examples = {
        "email": "kari@solvik.example",
        "number": "15",
        "tel": "00 00 00 08",
        "url": "https://solvik.example/",
    }
    return examples.get(found.kind, "Solstråle")


def _worst_for(found, chance: random.Random, others: list[str]) -> str:
    """Mostly what is bad for this kind of field, sometimes anything."""
    if chance.random() < 0.25:
        return chance.choice(ALL_TEXTS)
    if found.kind == "date":
        return chance.choice(DAYS)
    if found.kind == "number":
        return chance.choice(NUMBERS)
    if found.kind in ("select", "radio", "checkbox", "submit", "hidden"):
        return chance.choice([*CHOICES, NOBODY, *others, *found.options[:1]])
    return chance.choice(TEXTS)


def _missing(post, form, chance, others):
    gone = set(chance.sample(sorted(form.fields), k=chance.randint(1, len(form.fields))))
    return [(name, value) for name, value in post if name not in gone]


def _doubled(post, form, chance, others):
    again = [(name, _worst_for(form.fields[name], chance, others)) for name, _value in post if chance.random() < 0.7]
    return [*again, *post] if chance.random() < 0.5 else [*post, *again]


def _one_wrong(post, form, chance, others):
    wrong = chance.choice(sorted(form.fields))
    kept = [(name, value) for name, value in post if name != wrong]
    return [*kept, (wrong, _worst_for(form.fields[wrong], chance, others))]


def _all_wrong(post, form, chance, others):
    return [(name, _worst_for(found, chance, others)) for name, found in form.fields.items()]


def _others_ids(post, form, chance, others):
    ids = [name for name, value in post if len(value) == 36] or [chance.choice(sorted(form.fields))]
    return [(name, chance.choice(others) if name in ids and "form_key" not in name else value) for name, value in post]


def _stale(post, form, chance, others):
    old = chance.choice(["0", "1", "999999999", "-1", "1e3", "", "9" * 30, "١"])
    return [(name, value) for name, value in post if name != "version"] + [("version", old)]


def _foreign_key(post, form, chance, others):
    bad = chance.choice(["", "ikke en nøkkel", NOBODY, "\0", NOBODY.upper(), f"{{{NOBODY}}}", *others])
    return [(name, bad if name.endswith("form_key") else value) for name, value in post]


def _torn_mark(post, form, chance, others):
    def torn(value):
        return chance.choice(["", value[:-3], f"{value}x", value.swapcase(), "\0", "a:b:c", "\u202e"])

    return [(name, torn(value) if name.endswith("form_mark") else value) for name, value in post]


def _no_token(post, form, chance, others):
    return post


def _more(post, form, chance, others):
    """Fields nobody asked for, and more of them than anyone has."""
    extra = [("actor", NOBODY), ("is_superuser", "on"), ("next", "//example.org/"), ("svar", chance.choice(ALL_TEXTS))]
    if chance.random() < 0.1:
        extra += [(f"a{number}", "1") for number in range(600)]
    return [*post, *extra]


KINDS = {
    "missing": _missing,
    "doubled": _doubled,
    "one wrong": _one_wrong,
    "all wrong": _all_wrong,
    "ids of others": _others_ids,
    "stale version": _stale,
    "foreign key": _foreign_key,
    "torn mark": _torn_mark,
    "more": _more,
    "no token": _no_token,
}


def make(kind: str, form: Form, chance: random.Random, others: list[str]) -> Post:
    """One bad post of this kind; `others` are ids of things that are someone else's."""
    filled = [(name, value) for name, values in plausible(form).items() for value in values if name != TOKEN]
    fields = {name: found for name, found in form.fields.items() if name != TOKEN}
    pairs = KINDS[kind](filled, Form(form.url, form.method, fields), chance, others) if fields else []
    token = [] if kind == "no token" else [(TOKEN, value) for value in form.as_shown()[TOKEN]]
    post = Post(kind, pairs + token, as_parts=chance.random() < 0.2)
    for found in form.fields.values():
        if found.kind == "file" and chance.random() < 0.7:
            post.files.append((found.name, FILES[chance.choice(sorted(FILES))]))
    return post
