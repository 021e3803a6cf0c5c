"""A4 and A5: the ids of one child's log give nothing to someone who is in another child's.

Everyone walks through the log she is in, every link and form. Then each id in an address, and each in what a form
sends, is swapped for the twin's, one way at a time.
"""

import re
from itertools import product

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import reverse

from apps.stafettlogg.models import Child, Log
from tests import crawl
from tests.two_logs import make_twin, make_units

pytestmark = pytest.mark.django_db
FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
ACTION = re.compile(r'<form\b[^>]*\baction="([^"]*)"')
FIELD = re.compile(r"<(?:input|option|button)\b[^>]*>")
# What stands in an address after the log, and which of the twin's things it names.
NESTED = {
    "goal_id": ("goal",),
    "measure_id": ("measure",),
    "guardian_id": ("mother", "father"),
    "who": ("mother", "father"),
    "request_id": ("request",),
    "answer_id": ("answer", "paper"),
    "grant_id": ("grant",),
    "row_id": ("row",),
    "repeat_id": ("repeat",),
}
SIGNED = {"stafettlogg:sign_exception", "stafettlogg:block_guardian", "stafettlogg:unblock_guardian"}


def _visitor(user):
    client = Client(raise_request_exception=False)
    client.force_login(user, backend=crawl.BACKEND)
    return client


def _undone(call):
    """One request whose effects are undone. A bare savepoint: the read audit refuses to run inside `atomic()`."""
    before = transaction.savepoint()
    response = call()
    transaction.savepoint_rollback(before)
    return response


def _state_of(log) -> dict:
    """Every row about the log or its child, as it lies in the database (what is written in the read audit aside)."""
    state = {}
    for model in apps.get_app_config("stafettlogg").get_models():
        fields = {f.name: f.related_model for f in model._meta.concrete_fields if f.related_model in (Log, Child)}
        if "historical" in model.__name__.lower() or not (fields or model in (Log, Child)):
            continue
        about = {name: log.pk if related is Log else log.child_id for name, related in fields.items()}
        about = about or {"pk": log.pk if model is Log else log.child_id}
        state[model.__name__] = sorted(map(str, model.objects.filter(**about).values_list()))
    return state


def _swap(text: str, mine, twin) -> str:
    for what, own in mine.ids.items():
        text = text.replace(str(own), str(twin.ids[what]))
    return text


def _forms(answer):
    """(address, name → value) of each form on a page, as a browser would send it if nothing is changed."""
    for form in FORM.findall(answer.response.content.decode()):
        found = ACTION.search(form)
        address = (found[1] if found else "") or answer.url
        if 'method="post"' not in form:
            continue
        values = {}
        for field in FIELD.findall(form):
            name, value = re.search(r'\bname="([^"]*)"', field), re.search(r'\bvalue="([^"]*)"', field)
            if name:
                values.setdefault(name[1], value[1] if value else "")
        yield address.split("#")[0], values


@pytest.mark.parametrize("who", ["holder", "mother", "participant", "leader", "colleague", "invited", "deputy"])
def test_swapped_ids_lead_nowhere(who, capsys):
    units = make_units()
    mine, twin = make_twin("Kanarifugl", units), make_twin("Sisikfugl", units)
    user = mine.people[who]
    visitor, client = crawl.Visitor(who, user), _visitor(user)
    start = [reverse("stafettlogg:children" if user.is_citizen else "stafettlogg:list"), reverse("portal:start")]
    start += [reverse("stafettlogg:leader"), reverse("stafettlogg:invitations")]
    before = _state_of(twin.log)
    walked = [answer for answer in crawl.crawl(visitor, start) if answer.status == 200]
    addresses = {answer.url for answer in walked}
    bodies = []
    for answer in (answer for answer in walked if not answer.is_document):
        for address, values in _forms(answer):
            addresses.add(address)
            swapped = {name: _swap(value, mine, twin) for name, value in values.items()}
            if swapped != values:
                bodies.append((address, swapped))

    wrong = []
    swapped_addresses = {_swap(url, mine, twin) for url in addresses} - addresses
    for url, method in product(sorted(swapped_addresses), ("get", "post")):
        response = _undone(lambda url=url, method=method: getattr(client, method)(url))
        if response.status_code not in (404, 405) or b"Sisikfugl" in response.content:
            wrong.append(f"{method} {crawl.route_of(url)}: {response.status_code}")
    for address, body in bodies:
        response = client.post(address, body)
        if b"Sisikfugl" in response.content:
            wrong.append(f"{crawl.route_of(address)} with the twin's ids shows the twin")

    with capsys.disabled():
        print(f"\nswapped ids, {who}: {len(swapped_addresses)} addresses, {len(bodies)} forms, {len(wrong)} wrong")
    assert wrong == []
    assert _state_of(twin.log) == before
    assert len(swapped_addresses) >= 1


@pytest.mark.parametrize("who", ["holder", "mother", "leader"])
def test_thing_of_another_log_is_not_found_under_this_one(who, capsys):
    """Also for someone who stands in both logs: nothing of one is read or changed through the other."""
    units = make_units()
    mine = make_twin("Kanarifugl", units)
    both = {name: mine.people[name] for name in ("holder", "mother", "leader")}
    twin = make_twin("Sisikfugl", units, **both)
    client = _visitor(mine.people[who])
    before, wrong, asked = _state_of(twin.log), [], 0

    for name, entry in crawl.routes():
        names = list(entry.pattern.converters)
        nested = [argument for argument in names if argument in NESTED]
        if not name.startswith("stafettlogg:") or "pk" not in names or not nested:
            continue
        if who == "leader" and name not in SIGNED:  # she has not opened the log: the reason page, whatever is asked
            continue
        for things in product(*(NESTED[argument] for argument in nested)):
            ids = {argument: str(twin.ids[thing]) for argument, thing in zip(nested, things, strict=True)}
            url = reverse(name, kwargs={"pk": mine.log.pk, **ids} | ({"step": 1} if "step" in names else {}))
            for method in ("get", "post"):
                response = _undone(lambda url=url, method=method: getattr(client, method)(url, {"svar": "ja"}))
                asked += 1
                if response.status_code not in (404, 405) or b"Sisikfugl" in response.content:
                    wrong.append(f"{method} {name} {things}: {response.status_code}")

    with capsys.disabled():
        print(f"\nnested ids, {who}: {asked} asked, {len(wrong)} wrong")
    assert wrong == []
    assert _state_of(twin.log) == before
