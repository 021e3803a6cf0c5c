"""A mother who flees, a father, and what may happen in the log of their child, for the tests of S34."""

import datetime

from apps.core.dates import OSLO
from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import Audience, LogStatus, Responsibility
from apps.stafettlogg.models import Guardian, HiddenPlace, Log, Measure
from apps.stafettlogg.services import consent_questions, deputies, evaluations, handovers, plan, voices
from apps.stafettlogg.services.family_access import give_family_rows
from apps.stafettlogg.services.guardians import add_guardian
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_employee, make_leader, make_unit
from tests.stafettlogg.factories import (
    give_consents,
    make_child,
    make_goal,
    make_guardian,
    make_guardian_input,
    make_log,
    make_measure,
    make_participant,
    request_as_typed,
)
from tests.stafettlogg.family_pages import page_of, plain, signed_in
from tests.stafettlogg.test_family_s1 import everything

NOW = datetime.datetime(2026, 10, 8, 12, 5, tzinfo=OSLO)
SECOND = datetime.timedelta(seconds=1)
DAY = datetime.timedelta(days=1)
SECRET = "Nye Furulia barnehage"


class Family:
    """A child with a mother who flees and a father, and a log with a plan, which the father has just read."""

    def __init__(self, clock, *, status=LogStatus.ACTIVE):
        self.clock = clock
        self.child = make_child()
        self.father = make_guardian(self.child, name="Arne Aas")
        self.mother = make_guardian(self.child, name="Berit Bø")
        self.own = make_unit("Solbakken barnehage")
        self.ane = make_employee(self.own, name="Ane Lund")
        self.lars = make_leader(self.own, name="Lars Moe")
        self.log = make_log(
            holder=self.ane, child=self.child, guardians=[self.father, self.mother], status=status, now=NOW
        )
        if status == LogStatus.ACTIVE:
            self.goal = make_goal(self.log, now=NOW)
            self.measure = make_measure(self.goal, now=NOW, responsible_id=self.father.user_id)
            write_message(self.log.pk, text="Velkommen", actor=self.ane, now=NOW)
            self.meet_on(None)

    def meet_on(self, day):
        log = Log.objects.get(pk=self.log.pk)
        log.evaluation_due_day = day
        log.save()

    def reads(self):
        """All that the father can get."""
        return everything(self.father.user, self.log)

    def hide(self, by=None, word_from="crisis_centre"):
        """Pressed a second after what came before."""
        self.clock.shift(SECOND)
        page = page_of("hide_place", self.log.pk, self.father.pk)
        response = signed_in(by or self.ane).post(page, {"word_from": word_from})
        assert response.status_code == 302, plain(response)
        return HiddenPlace.objects.get(log=self.log, origin=None, ended_at=None)

    def end(self, hiding, by=None, **told):
        return signed_in(by or self.ane).post(page_of("end_hiding", self.log.pk, hiding.pk), told)


def new_text(case, now):
    make_measure(make_goal(case.log, SECRET, now=now), SECRET, now=now)


def changed_text(case, now):
    measure = Measure.objects.get(pk=case.measure.pk)
    given = plan.MeasureInput(title=SECRET, place="home", due_day=now.date(), responsible_id=case.father.user_id)
    plan.edit_measure(measure.pk, measure=given, version=measure.version, actor=case.ane, now=now)


def message_to_all(case, now):
    write_message(case.log.pk, text=SECRET, actor=case.mother.user, audience=Audience.ALL, now=now)


def answer_to_him(case, now):
    write_message(
        case.log.pk, text=SECRET, audience=Audience.HOLDER, thread_guardian_id=case.father.pk, actor=case.ane, now=now
    )


def the_childs_words(case, now):
    voices.add_voice(
        case.log.pk, text=SECRET, told_to="Ane", told_day=now.date(), child_knows_readers=True, actor=case.ane, now=now
    )


def an_evaluation(case, now):
    given = evaluations.EvaluationInput(
        held_day=now.date(),
        decision="continue",
        effects={case.measure.pk: "works"},
        next_day=now.date() + 20 * DAY,
        no_voice_reason=SECRET,
        summary=SECRET,
    )
    evaluations.evaluate(case.log.pk, evaluation=given, actor=case.ane, now=now)


def a_participant(case, now):
    make_participant(case.log, make_unit(SECRET), name="Nina Ny", now=now)


def a_question(case, now):
    unit = make_unit(SECRET, kind=UnitKind.PPT)
    consent_questions.ask_consent(case.log.pk, unit_ids=[unit.pk], actor=case.ane, now=now)
    give_consents(case.log, only=[case.mother], now=now)


def a_holder(case, now):
    kari = make_employee(case.own, name="Kari Ny")
    offer = handovers.offer_handover(case.log.pk, to_membership=kari.membership, actor=case.ane, now=now)
    handovers.accept_handover(offer.pk, actor=kari, now=now)


def a_deputy(case, now):
    kari = make_employee(case.own, name="Kari Vikar")
    day = now.date()
    asked = deputies.appoint_deputy(
        case.log.pk, membership=kari.membership, first_day=day, last_day=day, actor=case.lars, now=now
    )
    deputies.accept_deputy(asked.pk, actor=kari, now=now)


def an_opening(case, now):
    signed_in(case.ane).get(page_of("plan", case.log.pk))


def a_guardian(case, now):
    given = make_guardian_input(
        "Ny Verge", "legal_guardian", responsibility=Responsibility.CONFIRMED, checked_how="register"
    )
    add_guardian(case.log.pk, given, actor=case.ane, now=now)


def a_request_elsewhere(case, now):
    guardians = [make_guardian_input(name=case.father.name, relation="father"), make_guardian_input(name="Berit Bø")]
    request_as_typed(make_employee(make_unit(SECRET)), guardians=guardians, now=now)
    his = Guardian.objects.get(name=case.father.name, user=None)
    his.user = case.father.user
    his.save()
    for log in Log.objects.exclude(pk=case.log.pk):
        give_family_rows(log, actor=None, now=now)
