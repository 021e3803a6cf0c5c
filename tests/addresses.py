"""Addresses as they are, as somebody else's, and as nobody has ever made them: for every route of the resolver."""

from dataclasses import dataclass
from urllib.parse import quote
from uuid import uuid4

from django.urls import NoReverseMatch, resolve, reverse

from tests import crawl, matrix

# What stands in an address after the log, and which of the twin's things it names.
NESTED = {
    "goal_id": "goal",
    "measure_id": "measure",
    "guardian_id": "mother",
    "who": "mother",
    "request_id": "request",
    "answer_id": "answer",
    "grant_id": "grant",
    "row_id": "row",
    "repeat_id": "repeat",
}
IN_PLACE_OF_AN_ID = [
    "ikke-en-id",
    "a" * 5_000,
    "\u202eæøå\u200b",
    "\0",
    "😀",
    "../../etc/passwd",
    "..;",
    "00000000-0000-0000-0000-000000000000",
    "{00000000-0000-4000-8000-000000000000}",
    "0" * 32,
    "-1",
    "0",
    "9" * 40,
    "1e9",
    "1.0",
    "١",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    " ",
    "null",
]
AFTER = ["x", "\0", "/", "//", ".css", "%", ";a=b", "\\", "/../", "\r\nX: y", "?", "index.php"]
QUERIES = [
    "side=%00&vis=%00&oppslag=%00&om=retting&lagret=%00&under=%00&for=%00&steg=%00&dor=%00&next=%00&q=%00",
    "side=-1&vis=alle&oppslag=1&om=retting&lagret=x&under=x&for=x&steg=x&dor=x&next=//example.org",
    "side=99999999999999999999&oppslag=99999999999999999999&under=1&lagret=1&steg=n9s9",
    "side=1&side=2&vis[]=a&oppslag[]=1&under=00000000-0000-4000-8000-000000000000",
    "%FF%FE=%FF&=&&&a=" + "a" * 20_000,
    "side=%E2%80%AE&for=%3Cscript%3Ealert(1)%3C/script%3E&steg=%27%20OR%201=1&vis=%F0%9F%98%80",
]


@dataclass(frozen=True)
class Address:
    route: str
    url: str
    kind: str


def known(world, twin) -> list[Address]:
    """Each route three times: about the world's log, about the twin's, and about nothing."""
    made = []
    for name, entry in crawl.routes():
        arguments = list(entry.pattern.converters)
        made.append(Address(name, matrix.url(name, world), "the world's"))
        if arguments:
            of_twin = {argument: _of_twin(name, argument, twin, world) for argument in arguments}
            nothing = {argument: uuid4() if len(str(value)) == 36 else value for argument, value in of_twin.items()}
            for kind, values in (("the twin's", of_twin), ("nothing's", nothing)):
                try:
                    made.append(Address(name, reverse(name, kwargs=values), kind))
                except NoReverseMatch:
                    continue
    return made


def _of_twin(name, argument, twin, world):
    if argument in NESTED:
        return str(twin.ids[NESTED[argument]]) if argument == "who" else twin.ids[NESTED[argument]]
    if argument == "pk":
        word = next((word for word in ("invitation", "handover", "deputy") if word in name), "")
        return _pk_of(name, word, twin, world)
    fixed = {"unit_id": twin.log.unit_id, "step": 1, "number": 1, "step_key": "n0s1", "slug": "undringsnotat"}
    return fixed.get(argument, "ord")


def _pk_of(name, word, twin, world):
    args = matrix.VERDICTS[name].args
    if word and args[:1] != ("log",):
        return twin.ids[word]
    things = {"unit": twin.log.unit_id, "colleague": twin.people["colleague"].pk}
    things |= {"place": twin.people["colleague"].membership.pk, "one": 1}
    return things.get(args[0] if args else "", twin.log.pk)


def strange(world) -> list[Address]:
    """Each route with something else in place of its ids, and with something after it."""
    made = []
    for name, entry in crawl.routes():
        url = matrix.url(name, world)
        ids = {str(value) for value in resolve(url).kwargs.values()} if entry.pattern.converters else set()
        made += [
            Address(name, url.replace(part, quote(text, safe="/"), 1), "in place of an id")
            for part in sorted(ids)
            for text in IN_PLACE_OF_AN_ID
        ]
        made += [Address(name, url + quote(text, safe="/?;"), "something after") for text in AFTER]
        made += [Address(name, f"{url}?{query}", "a query") for query in QUERIES]
    return made
