"""S6: a request about a child who has a log is like any other, all its life, for everyone in the unit that asks.

The same story is told twice, about a child without a log and one with, and everything the asker, her leader and her
colleague get is compared byte for byte.
"""

import datetime
import re

import pytest
import time_machine
from django.core import mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.core.crypto import blind_index
from apps.core.dates import OSLO
from apps.notifications.models import Notice
from apps.notifications.services import sweep_outbox
from apps.stafettlogg.enums import AddressProtection, LogStatus, Relation, Route
from apps.stafettlogg.models import ConsentRequest, Log, RepeatRequest
from apps.stafettlogg.rules.guardians import PERSON
from apps.stafettlogg.services import consents, guardians, reminders
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_employee, make_leader, make_municipality, make_unit
from tests.stafettlogg.factories import (
    BORN,
    give_consents,
    make_child,
    make_citizen,
    make_consent_text,
    make_guardian,
    make_guardian_input,
    make_log,
    make_national_id,
    request_as_typed,
)
from tests.stafettlogg.family_pages import page_of, plain, signed_in

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 3, 2, 12, tzinfo=OSLO)
DAY = datetime.timedelta(days=1)
CHILDS_ID = make_national_id("04852112345", BORN)
MOTHERS_ID = make_national_id("01819012345", datetime.date(1990, 1, 1))
FATHERS_ID = make_national_id("02829012345", datetime.date(1990, 2, 2))
# Ids, and the references of receipts.
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}|[A-Z2-9]{4}-[A-Z2-9]{4}")
PAGES = ("detail", "consents", "guardians", "participants")
LISTS = ("list", "request")


def told_twice(story) -> list:
    """What `story(has_log)` gives for a child without a log and for one with, from the same beginning."""
    seen = []
    for has_log in (False, True):
        mail.outbox.clear()
        beginning = transaction.savepoint()
        with time_machine.travel(NOW, tick=False):
            seen.append(story(has_log))
        transaction.savepoint_rollback(beginning)
    return seen


def the_unit():
    """The unit that asks: the asker, her leader, and a colleague who may be proposed."""
    make_municipality(request_days=60)
    load_start_texts(now=NOW - DAY)
    make_consent_text()  # of the factories, made the first time it is needed
    unit = make_unit("Solbakken")
    return {
        "asker": make_employee(unit, name="Ane Solheim", email="ane@solvik.example"),
        "leader": make_leader(unit, name="Lise Lund", email="lise@solvik.example"),
        "colleague": make_employee(unit, name="Kim Moe", email="kim@solvik.example"),
    }


def the_family(has_log: bool) -> dict:
    """Two citizens; their child has an open log elsewhere, or not."""
    mothers, fathers = (blind_index(PERSON, known.digits) for known in (MOTHERS_ID, FATHERS_ID))
    users = {
        "mother": make_citizen("Mari Vik", national_id_index=mothers),
        "father": make_citizen("Ola Berg", national_id_index=fathers),
    }
    elsewhere = make_employee(make_unit("Tangen"), name="Siv Dahl")
    if has_log:
        child = make_child()
        own = [make_guardian(child, user=user, name=user.name, checked_by=elsewhere) for user in users.values()]
        make_log(child=child, guardians=own, holder=elsewhere, now=NOW - DAY)
    return users


def ask(people, **fields):
    family = [
        make_guardian_input("Mari Vik", national_id=MOTHERS_ID),
        make_guardian_input("Ola Berg", Relation.FATHER, national_id=FATHERS_ID),
    ]
    receipt = request_as_typed(people["asker"], guardians=family, **fields)
    return Log.objects.get(pk=receipt.id)


def everything(people, log) -> dict:
    """All that the people of the unit can get, with ids and tokens left out."""
    found = {}
    for who, user in people.items():
        client = signed_in(user)
        pages = [(name, page_of(name, log.pk)) for name in PAGES] + [(name, page_of(name)) for name in LISTS]
        pages += [("receipt", page_of("request_receipt", log.pk)), ("start", "/"), ("notices", "/varsler/")]
        pages += [("search", page_of("list") + "?q=Emma")] if who == "asker" else [("leader", page_of("leader"))]
        for name, address in pages:
            response = client.get(address)
            page = IDS.sub("id", plain(response))
            # Notices of one and the same instant stand in any order.
            told_in_any_order = sorted(re.split(r"<|\s+", page)) if name == "notices" else page
            found[who, name] = (response.status_code, told_in_any_order)
        told = Notice.objects.filter(recipient=user)
        found[who, "told"] = sorted(told.values_list("kind", "created_at"))
    sweep_outbox()
    addresses = {user.email for user in people.values()}
    found["all", "mail"] = [(m.to, m.subject, IDS.sub("id", m.body)) for m in mail.outbox if addresses & set(m.to)]
    return found


def at(days: float):
    return time_machine.travel(NOW + days * DAY, tick=False)


def sweep():
    guardians.link_waiting_guardians(now=timezone.now())
    reminders.sweep(now=timezone.now())


def assert_same(pair):
    without, with_log = pair
    for key, page in without.items():
        assert str(page).split("<") == str(with_log[key]).split("<"), key
    assert without.keys() == with_log.keys()


@pytest.mark.parametrize("proposed", ["asker", "colleague"])
def test_nobody_answers(proposed):
    """The first minute, the next day, each reminder, the last day, and after it."""

    def story(has_log):
        people = the_unit()
        the_family(has_log)
        log = ask(people, proposed=people[proposed])
        assert RepeatRequest.objects.count() == 0
        seen = {0: everything(people, log)}
        for days in (1, 8, 53, 61):
            with at(days):
                sweep()
                seen[days] = everything(people, log)
        assert RepeatRequest.objects.count() == int(has_log)
        return {
            (days, *((key,) if isinstance(key, str) else key)): page
            for days in seen
            for key, page in seen[days].items()
        }

    pair = told_twice(story)

    assert "Emma" in pair[0][0, proposed, "list"][1]
    assert "Emma" not in pair[0][61, proposed, "list"][1]
    assert_same(pair)


@pytest.mark.parametrize("yes", [True, False])
def test_family_answers_in_the_portal(yes):
    def story(has_log):
        people, users = the_unit(), the_family(has_log)
        log = ask(people)
        sweep()
        seen = {}
        for days, who in ((1, "mother"), (2, "father")):
            with at(days):
                asked = signed_in(users[who])
                guardian = log.child.guardians.get(user=users[who])
                guardian.birth_date_confirmed_at = NOW
                guardian.save()
                assert asked.get(page_of("parent_log", log.pk)).status_code == 200
                give_consents(log, only=[guardian], yes=yes, now=NOW + days * DAY)
                sweep()
                seen |= {(days, *key): page for key, page in everything(people, log).items()}
        return seen

    pair = told_twice(story)

    assert ("Stafettloggen er åpnet" in str(pair[0])) is yes
    assert_same(pair)


def test_answers_are_given_on_paper():
    def story(has_log):
        people = the_unit()
        the_family(has_log)
        log = ask(people)
        sweep()
        request = ConsentRequest.objects.get(log=log)
        for guardian in log.child.guardians.all():
            consents.answer(
                request.pk,
                guardian_id=guardian.pk,
                choices={log.unit_id: True},
                route=Route.PAPER,
                actor=people["asker"],
                now=NOW,
            )
        sweep()
        return everything(people, log)

    assert_same(told_twice(story))


def test_request_is_made_by_the_same_steps():
    def story(has_log):
        people = the_unit()
        the_family(has_log)
        with CaptureQueriesContext(connection) as queries:
            ask(people)
        steps = [re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in queries]
        # A list of ids is one id longer when the child has a log.
        return [re.sub(r"IN \((\?::uuid(, )?)+\)", "IN ids", step) for step in steps]

    without, with_log = told_twice(story)

    assert without == with_log


def test_form_answers_alike():
    def story(has_log):
        people = the_unit()
        the_family(has_log)
        client = signed_in(people["asker"])
        response = client.post(reverse("stafettlogg:request"), _typed(people["asker"]))
        return response.status_code, IDS.sub("id", response.url), IDS.sub("id", plain(client.get(response.url)))

    without, with_log = told_twice(story)

    assert without == with_log


def _typed(asker) -> dict:
    return {
        **{"given_name": "Emma", "family_name": "Vik", "birth_date": "04.05.2021", "address_protection": "none"},
        **{"holder": str(asker.membership.pk), "g1_name": "Mari Vik", "g1_relation": "mother"},
        **{"g1_responsibility": "register", "g1_language": "nb"},
    }


# What the portal knows from elsewhere keeps people out, unseen -------------------------------------------------------


def test_guardian_blocked_elsewhere_is_neither_asked_nor_told():
    """S4: whoever asks does not know of the block, and sees her as any other who has not answered."""

    def story(has_log):
        people, users = the_unit(), the_family(has_log)
        if has_log:
            father = Log.objects.get().child.guardians.get(user=users["father"])
            father.blocked_ground, father.blocked_decision_number = "court", "12/2026"
            father.blocked_last_day, father.blocked_signed_by = (NOW + 90 * DAY).date(), people["leader"]
            father.save()
        log = ask(people)
        sweep()
        if has_log:
            assert signed_in(users["father"]).get(page_of("parent_log", log.pk)).status_code == 404
            assert not Notice.objects.filter(recipient=users["father"], object_id=log.pk).exists()
            assert Notice.objects.filter(recipient=users["mother"], object_id=log.pk).exists()
        with at(10):
            sweep()
            assert not has_log or not Notice.objects.filter(recipient=users["father"], object_id=log.pk).exists()
            return everything(people, log)

    assert_same(told_twice(story))


def test_strictly_protected_elsewhere_asks_nobody_in_the_portal():
    def story(has_log):
        people, users = the_unit(), the_family(has_log)
        if has_log:
            child = Log.objects.get().child
            child.address_protection = AddressProtection.STRICT
            child.save()
        log = ask(people)
        sweep()
        if has_log:
            statuses = [signed_in(user).get(page_of("parent_log", log.pk)).status_code for user in users.values()]
            assert statuses == [404, 404]
        return everything(people, log)

    assert_same(told_twice(story))


def test_who_sees_the_childs_log_herself_is_sent_to_it():
    with time_machine.travel(NOW, tick=False):
        people = the_unit()
        ask(people)
        response = signed_in(people["asker"]).post(reverse("stafettlogg:request"), _typed(people["asker"]))

    assert "Du har allerede en stafettlogg om dette barnet" in response.content.decode()
    assert Log.objects.filter(status=LogStatus.REQUESTED).count() == 1
