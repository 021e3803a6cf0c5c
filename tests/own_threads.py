"""A family where one guardian may be asked about herself, and what she may say: for the tests of S3."""

import datetime

from django.utils import timezone

from apps.core.dates import OSLO
from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import (
    About,
    LogStatus,
)
from apps.stafettlogg.models import Consent, ConsentWindow, OwnThread
from apps.stafettlogg.selectors import own_threads as selectors
from apps.stafettlogg.services import (
    consents,
    own_questions,
)
from apps.stafettlogg.services.own_threads import write_own_message
from tests.factories import make_employee, make_leader, make_unit
from tests.stafettlogg import factories as logs

NOW = datetime.datetime(2026, 10, 8, 12, tzinfo=OSLO)
DAY = datetime.timedelta(days=1)
WORDS = "Jeg vil gjerne ha praksis om formiddagen"


class Family:
    """Mari may be asked about herself by NAV, where Nina works; Ola is the other guardian of Emma."""

    def __init__(self, *, status=LogStatus.ACTIVE, born=datetime.date(2020, 5, 4)):
        self.root = make_unit("Solbakken barnehage")
        self.nav = make_unit("NAV Solvik", kind=UnitKind.NAV)
        child = logs.make_child("Emma", "Vik", birth_date=born)
        self.mari, self.ola = logs.make_guardian(child, name="Mari Vik"), logs.make_guardian(child, name="Ola Berg")
        self.leader = make_leader(self.root)
        self.log = logs.make_log(
            child=child, holder=make_employee(self.root), guardians=[self.mari, self.ola], status=status, now=NOW
        )
        self.holder = self.log.holder.user
        self.nina = make_employee(self.nav, name="Nina Vang", title="Veileder")

    def ask(self, *guardians, now=NOW, **more):
        ids = [guardian.pk for guardian in guardians or [self.mari]]
        return own_questions.ask_own(
            self.log.pk, unit_id=self.nav.pk, guardian_ids=ids, actor=self.holder, now=now, **more
        )

    def answer(self, yes, *, guardian=None, now=NOW, route="digital", **more):
        guardian = guardian or self.mari
        return consents.answer(
            Consent.objects.get(guardian=guardian, about=About.OWN, state="waiting").request_id,
            guardian_id=guardian.pk,
            choices={},
            own_choices={self.nav.pk: yes},
            route=route,
            actor=guardian.user if route == "digital" else self.holder,
            now=now,
            **more,
        )

    def withdraw(self, *, now=NOW):
        return consents.withdraw(
            self.log.pk,
            guardian_id=self.mari.pk,
            unit_ids=[self.nav.pk],
            about=About.OWN,
            actor=self.mari.user,
            now=now,
        )

    @property
    def thread(self) -> OwnThread:
        return OwnThread.objects.get(log=self.log, guardian=self.mari)

    def opened(self) -> "Family":
        self.ask()
        self.answer(True)
        return self

    def write(self, user, text=WORDS, *, now=NOW):
        return write_own_message(self.thread.pk, text=text, actor=user, now=now)

    def reads(self, user, *, now=None) -> bool:
        return selectors.seat_at(user, self.thread.pk, now or timezone.now()) is not None


def not_asked(_family):
    pass


def asked(family):
    family.ask()


def yes(family):
    family.ask()
    family.answer(True)
    family.write(family.mari.user)
    family.write(family.nina)


def no(family):
    family.ask()
    family.answer(False)


def withdrawn(family):
    yes(family)
    family.withdraw()


STATES = [not_asked, asked, yes, no, withdrawn]


def window_is_open(family) -> bool:
    """Whether NAV's window by the consent about the child is open."""
    return ConsentWindow.objects.filter(log=family.log, unit=family.nav, valid_until__gt=NOW).exists()
