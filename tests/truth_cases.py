"""Sequences that once ended with somebody reading what a sentence said nobody could, or in another's place (S28).

Each is walked as the random ones are: after every step the sentences are held against the rows, and at the end every
page, receipt and PDF.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress

from apps.core.errors import RuleBroken
from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import ExceptionGround, LetIn, Relation
from apps.stafettlogg.models import Guardian
from apps.stafettlogg.services import consent_questions, consents, guardians, own_logs
from tests.factories import make_citizen, make_employee, make_unit
from tests.stafettlogg import factories as logs
from tests.stafettlogg.exempt import ask_exception, make_exempt, seek
from tests.truth_walk import TruthWalk

# No birthday changes who must answer while these last.
YOUNG = date(2018, 2, 1)


class CaseWalk(TruthWalk):
    """A walk whose steps are chosen. `then` takes one, and holds the sentences against the rows."""

    def __init__(self, clock: Any, *, own: bool = False) -> None:
        super().__init__(1, clock, own=own, born=None if own else YOUNG)
        self.ola, self.mari = sorted(self.guardians(), key=lambda one: one.name, reverse=True)

    def then(self, name: str, act: Callable[..., Any], *args: Any, **fields: Any) -> Any:
        done = act(*args, **fields)
        self.trail.append(name)
        self.check()
        return done

    def wait(self, days: int) -> None:
        """Days go, and nothing is swept: rights end by themselves."""
        self.now += timedelta(days=days)
        self.clock.move_to(self.now)
        self.check()

    def answers(self, *of: Guardian, yes: bool = True) -> None:
        for guardian in of:
            self.then(f"{guardian.name} {yes}", logs.give_consents, self.log, only=[guardian], yes=yes, now=self.now)

    def takes_back(self, guardian: Guardian, *units: Any) -> None:
        unit_ids = [unit.pk for unit in units] or None
        fields = {"guardian_id": guardian.pk, "unit_ids": unit_ids, "actor": guardian.user, "now": self.now}
        self.then(f"{guardian.name} takes back", consents.withdraw, self.pk, **fields)

    def stranger(self, name: str, email: str) -> Any:
        """Someone with an account and this address, who has no place here."""
        user = make_citizen(name, email=email)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        self.strangers.append(user)
        return user

    def link_waiting(self) -> None:
        self.then("link", guardians.link_waiting_guardians, now=self.now)

    def meets_nothing(self, user: Any) -> None:
        assert self.sentences()[user] is None, (self.trail, user.name)


def exception_outlives_a_withdrawal(clock: Any) -> None:
    """He has answered, is asked about more and is said to be out of reach; a leader signs, and he takes it all back."""
    walk = CaseWalk(clock)
    walk.answers(walk.mari, walk.ola)
    walk.wait(120)
    nurse = make_unit("Helsestasjonen", kind=UnitKind.HEALTH_STATION)
    asked = {"unit_ids": [nurse.pk], "actor": walk.holder, "now": walk.now}
    walk.then("ask", consent_questions.ask_consent, walk.pk, **asked)
    walk.answers(walk.mari)
    walk.then("exempt", make_exempt, walk.log, walk.ola, walk.leader, ExceptionGround.UNREACHABLE, now=walk.now)
    reader = logs.make_participant(walk.log, nurse, user=make_employee(nurse), now=walk.now)
    walk.services.append((reader, nurse))
    walk.check()
    assert walk.employees_who_read() == {walk.root.name, walk.second.name, nurse.name}

    walk.takes_back(walk.ola)

    assert walk.employees_who_read() == set()
    walk.check_pages()


def lighter_ground_beats_a_no(clock: Any) -> None:
    """He took back his yes to one service long ago; a leader would sign that he is out of reach, or cannot decide."""
    walk = CaseWalk(clock)
    walk.answers(walk.mari, walk.ola)
    walk.takes_back(walk.ola, walk.second)
    walk.wait(150)
    seek(walk.log, walk.ola, now=walk.now)

    for ground in (ExceptionGround.UNREACHABLE, ExceptionGround.LACKS_CAPACITY):
        with pytest.raises(RuleBroken):
            walk.then("exempt", ask_exception, walk.log, walk.ola, ground, now=walk.now)
        walk.check()

    assert walk.employees_who_read() == {walk.root.name}
    walk.check_pages()


def parent_in_a_youths_own_log(clock: Any) -> None:
    """A youth of 16 says yes in her own health service's log, and lets nobody in; later one, and not any more."""
    walk = CaseWalk(clock, own=True)
    nobody = {guardian.pk: LetIn.NO for guardian in (walk.mari, walk.ola)}
    said = [row for row in walk.waiting() if row.guardian is None]
    fields = {"route": "digital", "actor": walk.youth, "let_in": nobody, "knows_readers": True, "now": walk.now}
    walk.then("yes", consents.answer, said[0].request_id, guardian_id=None, **logs.said_to(said, True), **fields)
    walk.link_waiting()
    for guardian in (walk.mari, walk.ola):
        walk.meets_nothing(guardian.user)
    walk.check_pages()

    walk.then("let in", own_logs.choose_readers, walk.pk, {walk.mari.pk: LetIn.SINCE}, actor=walk.youth, now=walk.now)
    walk.meets_nothing(walk.ola.user)
    walk.then("let out", own_logs.choose_readers, walk.pk, {walk.mari.pk: LetIn.NO}, actor=walk.youth, now=walk.now)

    walk.meets_nothing(walk.mari.user)
    walk.check_pages()


def address_of_another(clock: Any) -> None:
    """The holder writes Tom's address for Kari, and corrects it; responsibility is lost and confirmed again."""
    walk = CaseWalk(clock)
    tom = walk.stranger("Tom Ek", "tom.ek@solvik.example")
    kari = logs.make_guardian(walk.log.child, name="Kari Riktig", user=False, email="tom.ek@solvik.example")
    walk.link_waiting()
    walk.meets_nothing(tom)
    contact = {"phone": "", "language": "nb", "needs_interpreter": False, "version": kari.version}
    by = {"actor": walk.holder, "now": walk.now}
    walk.then("correct", guardians.change_contact, walk.pk, kari.pk, email="kari@solvik.example", **contact, **by)
    walk.then("lose", guardians.lose_responsibility, walk.pk, kari.pk, how="register", **by)
    walk.then("confirm", guardians.confirm_responsibility, walk.pk, kari.pk, how="register", **by)
    walk.link_waiting()

    walk.meets_nothing(tom)
    kari.refresh_from_db()
    assert kari.user is None
    walk.check_pages()


def address_that_two_share(clock: Any) -> None:
    """The father is written down with the mother's address: her account is not his place."""
    walk = CaseWalk(clock)
    shared = "mari.lie@solvik.example"
    lie = walk.stranger("Mari Lie", shared)
    child = walk.log.child
    father = logs.make_guardian(child, name="Ola Annerledes", relation=Relation.FATHER, user=False, email=shared)
    logs.make_guardian(child, name="Mari Lie", user=False, email=shared)

    walk.link_waiting()

    father.refresh_from_db()
    assert father.user is None
    walk.meets_nothing(lie)
    walk.check_pages()


CASES = (
    exception_outlives_a_withdrawal,
    lighter_ground_beats_a_no,
    parent_in_a_youths_own_log,
    address_of_another,
    address_that_two_share,
)
