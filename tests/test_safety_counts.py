"""S19: whoever is not the unit's own leader cannot read from any page how many children a few are."""

import datetime
import re

import pytest
import time_machine
from django.utils import timezone

from apps.core.dates import FAR_DAY, OSLO
from apps.core.text import few_or_number
from apps.municipality.enums import Right, UnitKind
from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests import crawl, factories
from tests.stafettlogg import factories as logs
from tests.stafettlogg.family_pages import main_of, page_of, signed_in

pytestmark = pytest.mark.django_db
NOW = datetime.datetime(2026, 10, 8, 12, tzinfo=OSLO)
DAY = datetime.timedelta(days=1)
# Made in a process of their own, or about nobody: the guide is the same whatever is in the logs.
LEFT_OUT = ("guides:", "account_", "demo_", "core:file", "set_language")


@pytest.fixture(autouse=True)
def frozen():
    with time_machine.travel(NOW, tick=False):
        load_start_texts(now=NOW - DAY)
        yield


class Town:
    """One unit that holds logs and one that takes part in them; and those who look from outside."""

    def __init__(self):
        root = factories.make_unit("Solvik", kind=UnitKind.MUNICIPALITY)
        self.own = factories.make_unit("Solbakken", parent=root)
        self.shared = factories.make_unit("PP-tjenesten", kind=UnitKind.PPT, parent=root)
        elsewhere = factories.make_unit("Tangen", parent=root)
        flow = factories.make_role("flyt", name="Flyt", rights=(Right.EMPLOYEE, Right.FLOW))
        self.holder = factories.make_employee(self.own)
        self.participant = factories.make_employee(self.shared)
        self.leader = factories.make_leader(self.own)
        factories.make_leader(self.shared)
        self.outside = {
            "coordinator": factories.make_coordinator(root),
            "flow": factories.make_employee(root, role=flow),
            "leader above": factories.make_leader(root),
            "leader elsewhere": factories.make_leader(elsewhere),
            "employee": factories.make_employee(elsewhere),
            "parent": factories.make_citizen(),
        }
        for user in self.outside.values():
            signed_in(user).get("/")

    def add(self, number, *, of_each):
        """More logs that the one holds and the other shares, late ones, of all ages and levels; with `of_each` also
        requests."""
        for place in range(number):
            child = logs.make_child(f"Barn {place}", birth_date=datetime.date(2012 + place % 10, 3, 4))
            log = self._log(child)
            log.level, log.evaluation_due_day = 1 + place % 3, timezone.localdate(NOW) - DAY
            log.save()
            logs.make_participant(log, user=self.participant, now=NOW)
        for place in range(number if of_each else 0):
            self._log(logs.make_child(f"Spurt {place}"), status=LogStatus.REQUESTED)

    def _log(self, child, **fields):
        guardian = logs.make_guardian(child, checked_by=self.holder)
        return logs.make_log(holder=self.holder, child=child, guardians=[guardian], now=NOW, **fields)

    def addresses(self) -> list[str]:
        """Every address without an id, and those of a unit or an employee; a log is nowhere to them (A2, A3)."""
        ids = [self.own.pk, self.shared.pk, self.holder.pk]

        def candidates_of(name):
            of_log = name.startswith("stafettlogg:") and "unit" not in name
            return None if name.startswith(LEFT_OUT) else {"pk": () if of_log else ids}

        return crawl.addresses(candidates_of)

    def seen_by(self, user) -> dict:
        """Every page as she reads it, and what she is told when she tries to close each of the two units."""
        client = signed_in(user)
        seen = {}
        for address in self.addresses():
            answer = client.get(address)
            seen[address] = (answer.status_code, _words(answer))
        for unit in (self.own, self.shared):
            address = page_of("close_unit", unit.pk)
            page = client.get(address)
            if page.status_code == 200:
                key = page.context["form"]["form_key"].value()
                # A day that is refused, so that nothing is changed by having asked.
                for day in ("2020-01-01", timezone.localdate(NOW).isoformat()):
                    if unit == self.own or day == "2020-01-01":
                        sent = client.post(address, {"last_day": day, "form_key": key})
                        seen[f"{address} {day}"] = (sent.status_code, _words(sent))
        assert {unit.last_day for unit in (self.own, self.shared)} == {FAR_DAY}
        return seen


def _words(answer) -> str:
    if not answer.headers.get("Content-Type", "").startswith("text/html"):
        return ""
    return " ".join(re.sub(r"<[^>]+>", " ", main_of(answer)).split())


def changed(before: dict, after: dict) -> dict:
    return {address: (before[address], after[address]) for address in before if before[address] != after[address]}


def test_s19_no_page_tells_anyone_outside_the_unit_how_many_a_few_are():
    town = Town()
    town.add(1, of_each=True)
    before = {who: town.seen_by(user) for who, user in town.outside.items()}
    own_before = signed_in(town.leader).get(page_of("leader")).context["facts"]

    town.add(1, of_each=False)

    after = {who: town.seen_by(user) for who, user in town.outside.items()}
    for who in before:
        assert changed(before[who], after[who]) == {}, who
    # Many pages were there to tell, and the unit's own leader reads the exact figure.
    assert sum(status == 200 for status, _words in before["coordinator"].values()) > 25
    own = signed_in(town.leader).get(page_of("leader")).context["facts"]
    assert [fact["value"] for fact in (own_before[0], own[0])] == [1, 2]


def test_s19_coordinator_reads_how_many_from_five_on():
    town = Town()
    client, address = signed_in(town.outside["coordinator"]), page_of("close_unit", town.own.pk)
    read = []
    for more in (1, 3, 1):
        town.add(more, of_each=False)
        read.append(re.search(r"Enheten holder (.*?) stafettlogg", _words(client.get(address)))[1])

    assert read == ["færre enn 5", "færre enn 5", "5"]


@pytest.mark.parametrize(("number", "shown"), [(0, "0"), (1, "færre enn 5"), (4, "færre enn 5"), (5, "5"), (61, "61")])
def test_s19_few_are_not_told_apart(number, shown):
    assert str(few_or_number(number)) == shown
