"""What the other stories do not show: a blocked guardian, a consent that runs out soon, and one that has run out."""

from datetime import date, datetime

from apps.portal.seeding.ids import synthetic_id
from apps.portal.seeding.people import People
from apps.portal.seeding.stories import Storyteller
from apps.stafettlogg.enums import BlockGround, Decision, Effect, MeasureStatus, Place, Relation
from apps.stafettlogg.models import Log
from apps.stafettlogg.services import evaluations, exceptions, logs, plan, windows
from apps.stafettlogg.services.evaluations import EvaluationInput
from apps.stafettlogg.services.requests import ChildInput

# A consent lasts twelve months: asked so long ago it has ten days left, or has run out six days ago.
_RUNS_OUT_SOON, _HAS_RUN_OUT = 355, 371


def tell_of_consents(people: People, *, now: datetime) -> None:
    """All in Tangen kindergarten. After `stories.tell_all`, and as little safe to repeat."""
    teller = Storyteller(people, now=now)
    _oskar(teller)
    _iben(teller)
    _theo(teller)


def _oskar(t: Storyteller) -> None:
    """The father has read the log; since last week he meets what a stranger meets (S4)."""
    born = date(2021, 6, 22)
    child = ChildInput("Oskar", "Dale", born, national_id=synthetic_id(born, 0))
    guardians = [t.guardian("runa", Relation.MOTHER), t.guardian("trym", Relation.FATHER)]
    log = t.request("vilde", child, guardians, days_ago=40)
    t.yes(log, "runa", "trym", days_ago=38)
    _agree(t, log, "Oskar tør å si hva han vil leke", days_ago=36, due=20)
    exceptions.block_guardian(
        log.pk,
        log.child.guardians.get(user=t.people.citizens["trym"]).pk,
        ground=BlockGround.RESTRAINING_ORDER,
        decision_number="2026/114",
        last_day=t.day(-150),
        actor=t.people.user("frode"),
        now=t.at(7),
    )


def _iben(t: Storyteller) -> None:
    born = date(2021, 2, 3)
    child = ChildInput("Iben", "Moen", born, national_id=synthetic_id(born, 0))
    log = t.request("vilde", child, [t.guardian("signe", Relation.MOTHER)], days_ago=_RUNS_OUT_SOON + 1)
    t.yes(log, "signe", days_ago=_RUNS_OUT_SOON)
    _agree(t, log, "Iben spiser sammen med de andre barna", days_ago=_RUNS_OUT_SOON - 5, due=25)


def _theo(t: Storyteller) -> None:
    """What time has changed is written down, as the sweeper does it."""
    born = date(2022, 1, 12)
    child = ChildInput("Theo", "Ask", born, national_id=synthetic_id(born, 0))
    log = t.request("vilde", child, [t.guardian("jo", Relation.FATHER)], days_ago=_HAS_RUN_OUT + 1)
    t.yes(log, "jo", days_ago=_HAS_RUN_OUT)
    _agree(t, log, "Theo klarer overgangene i barnehagedagen", days_ago=_HAS_RUN_OUT - 5, due=None)
    windows.expire_windows(now=t.now)


def _agree(t: Storyteller, log: Log, goal: str, *, days_ago: int, due: int | None) -> None:
    """Why the log is open, a goal with a measure, and an evaluation a month ago (or half a year ago, without `due`)."""
    vilde = t.people.user("vilde")
    log.refresh_from_db()
    logs.fill_in_reason(
        log.pk,
        reason="Foreldre og barnehage ble enige om å prøve noe sammen.",
        background="",
        version=log.version,
        actor=vilde,
        now=t.at(days_ago),
    )
    added = plan.add_goal(log.pk, title=goal, actor=vilde, now=t.at(days_ago, 11))
    words = "Vilde er nær i leken, og snakker med foreldrene hver fredag"
    measure = t.measure(added, "vilde", words, place=Place.SERVICE, responsible="vilde", days_ago=days_ago)
    plan.set_measure_status(measure.pk, status=MeasureStatus.ONGOING, actor=vilde, now=t.at(days_ago - 1))
    evaluated = 30 if due is not None else 180
    evaluations.evaluate(
        log.pk,
        evaluation=EvaluationInput(
            held_day=t.day(evaluated),
            decision=Decision.CONTINUE,
            effects={measure.pk: Effect.PARTLY},
            next_day=t.day(-due) if due is not None else t.day(evaluated - 60),
            no_voice_reason="Barnet var på tur. Vilde snakker med barnet før neste møte.",
        ),
        actor=vilde,
        now=t.at(evaluated),
    )
