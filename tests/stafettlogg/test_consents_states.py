"""Every from × to of the state tables, and a random walk that no path leads past."""

import datetime
from itertools import product
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from apps.core.dates import OSLO
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action, ConsentState, LogStatus, Route, WindowBasis
from apps.stafettlogg.models import Consent, ConsentAnswer, ConsentRequest, ConsentWindow, Log
from apps.stafettlogg.rules import consents as consent_rules
from apps.stafettlogg.rules import logs as log_rules
from apps.stafettlogg.services import consent_questions, consents, windows
from tests.factories import make_employee, make_unit
from tests.stafettlogg.factories import make_child, make_guardian, make_log, make_participant

CONSENT_PAIRS = {
    ("waiting", "given"),
    ("waiting", "refused"),
    ("waiting", "replaced"),
    ("waiting", "cancelled"),
    ("given", "withdrawn"),
    ("given", "replaced"),
    ("refused", "replaced"),
    ("withdrawn", "replaced"),
}
LOG_PAIRS = {
    ("requested", "active"),
    ("requested", "removed"),
    ("active", "closed"),
    ("active", "closing"),
    ("closing", "active"),
    ("closing", "closed"),
}


@pytest.mark.parametrize(("before", "after"), list(product(ConsentState.values, repeat=2)))
def test_consent_goes_only_where_the_table_says(before, after):
    consent = SimpleNamespace(state=before)

    if (before, after) in CONSENT_PAIRS:
        consent_rules.check_can_become(consent, after)
    else:
        with pytest.raises(RuleBroken) as broken:
            consent_rules.check_can_become(consent, after)
        assert broken.value.code == "consent_state"


@pytest.mark.parametrize(("before", "after"), list(product(LogStatus.values, repeat=2)))
def test_log_goes_only_where_the_table_says(before, after):
    log = SimpleNamespace(status=before)

    if (before, after) in LOG_PAIRS:
        log_rules.check_can_become(log, after)
    else:
        with pytest.raises(RuleBroken) as broken:
            log_rules.check_can_become(log, after)
        assert broken.value.code == "log_state"


START = datetime.datetime(2026, 3, 2, 12, tzinfo=OSLO)
WHO = st.sampled_from([0, 1])


class ConsentWalk(RuleBasedStateMachine):
    """Two guardians, the holder's unit and one service; anybody does anything in any order, and time passes."""

    @initialize()
    def begin(self):
        self.now = START
        child = make_child()
        self.guardians = [make_guardian(child), make_guardian(child)]
        self.service = make_unit(kind=UnitKind.PPT)
        self.log = make_log(status=LogStatus.REQUESTED, child=child, guardians=self.guardians, now=START)
        self.holder = self.log.holder.user
        # A colleague who would see the log the moment her unit's window opens.
        self.reader = make_employee(self.service)
        self.has_reader = False

    def do(self, action):
        try:
            action()
        except (RuleBroken, AccessDenied):
            return
        self.log = Log.objects.select_related("holder__window", "child").get(pk=self.log.pk)

    @rule(both=st.booleans())
    def ask(self, both):
        units = [self.service.pk, *([self.log.unit_id] if both else [])]
        self.do(lambda: consent_questions.ask_consent(self.log.pk, unit_ids=units, actor=self.holder, now=self.now))

    @rule(who=WHO, yes=st.booleans(), limits=st.sampled_from(["", "Ikke om søsken."]), digital=st.booleans())
    def answer(self, who, yes, limits, digital):
        guardian = self.guardians[who]
        waiting = Consent.objects.filter(log=self.log, guardian=guardian, state=ConsentState.WAITING)
        for request in ConsentRequest.objects.filter(consents__in=waiting).distinct():
            units = set(waiting.filter(request=request).values_list("unit_id", flat=True))
            self.do(
                lambda request=request, units=units: consents.answer(
                    request.pk,
                    guardian_id=guardian.pk,
                    choices=dict.fromkeys(units, yes),
                    limits=limits,
                    route=Route.DIGITAL if digital else Route.PAPER,
                    actor=guardian.user if digital else self.holder,
                    now=self.now,
                )
            )

    @rule(who=WHO, only_service=st.booleans())
    def withdraw(self, who, only_service):
        guardian = self.guardians[who]
        units = [self.service.pk] if only_service else None
        self.do(
            lambda: consents.withdraw(
                self.log.pk, guardian_id=guardian.pk, unit_ids=units, actor=guardian.user, now=self.now
            )
        )

    @rule()
    def tick_limits(self):
        unread = ConsentAnswer.objects.filter(request__log=self.log, limits_followed_at=None).exclude(limits="")
        for given in unread:
            self.do(lambda given=given: consents.follow_limits(given.pk, actor=self.holder, now=self.now))

    @rule(who=WHO)
    def dispute(self, who):
        given = ConsentAnswer.objects.filter(request__log=self.log, guardian=self.guardians[who]).last()
        if given is not None:
            self.do(lambda: consents.dispute(given.pk, actor=self.guardians[who].user, now=self.now))

    @rule(days=st.sampled_from([1, 20, 200, 370]))
    def time_passes(self, days):
        self.now += datetime.timedelta(days=days)
        windows.expire_windows(now=self.now)

    @precondition(lambda self: not self.has_reader)
    @rule()
    def join(self):
        if ConsentWindow.objects.filter(log=self.log, unit=self.service).exists():
            window = ConsentWindow.objects.get(log=self.log, unit=self.service)
            until, basis = window.valid_until, window.basis
            make_participant(self.log, user=self.reader, now=self.now)
            window.valid_until, window.basis = until, basis
            window.save()
            self.has_reader = True

    @invariant()
    def nobody_sees_without_everyones_yes(self):
        if not hasattr(self, "log"):
            return
        for unit in (self.log.unit, self.service):
            window = ConsentWindow.objects.filter(log=self.log, unit=unit).first()
            is_open = window is not None and window.basis == WindowBasis.CONSENT and window.is_open(self.now)
            if is_open:
                assert self.everyone_agrees(unit)
        own = ConsentWindow.objects.get(log=self.log, unit=self.log.unit)
        sees = list(access.visible_logs(self.reader, self.now)) == [self.log]
        assert not sees or own.basis == WindowBasis.CONSENT
        if own.basis != WindowBasis.CONSENT:
            assert not access.can(self.holder, self.log, Action.PLAN, self.now)

    def everyone_agrees(self, unit):
        """Judged from the rows alone, in another way than the engine does it."""
        for guardian in self.guardians:
            rows = Consent.objects.filter(log=self.log, unit=unit, guardian=guardian)
            last_word = rows.filter(answered_at__isnull=False).exclude(state=ConsentState.REPLACED)
            if last_word.filter(state__in=[ConsentState.REFUSED, ConsentState.WITHDRAWN]).exists():
                newest = last_word.order_by("-request__number").first()
                if newest.state != ConsentState.GIVEN:
                    return False
            yes = rows.filter(state=ConsentState.GIVEN, expires_at__gt=self.now)
            if not yes.exists():
                return False
            if any(row.answer.limits and not row.answer.limits_followed_at for row in yes):
                return False
        return True

    @invariant()
    def log_and_windows_agree(self):
        if not hasattr(self, "log"):
            return
        own = ConsentWindow.objects.get(log=self.log, unit=self.log.unit)
        assert (self.log.status == LogStatus.REQUESTED) == (own.basis == WindowBasis.PREPARING)
        assert Log.objects.get(pk=self.log.pk).holder.user == self.holder


QUICK = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "database": None,
    "phases": [Phase.generate],  # shrinking takes minutes; the steps that failed are printed anyway
}


class TestConsentWalk(ConsentWalk.TestCase, TestCase):
    settings = settings(max_examples=12, stateful_step_count=15, **QUICK)


@pytest.mark.drill
class TestLongConsentWalk(ConsentWalk.TestCase, TestCase):
    settings = settings(max_examples=200, stateful_step_count=50, **QUICK)
