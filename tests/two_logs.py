"""Two logs built alike: whoever may do something in one must get nowhere with the other's ids."""

from dataclasses import dataclass, field

from django.utils import timezone

from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import Route
from apps.stafettlogg.models import Consent, Guardian, LogAccess, RepeatRequest
from apps.stafettlogg.services import consent_questions, consents, deputies, handovers, participants
from apps.stafettlogg.services.messages import write_message
from tests import factories
from tests.stafettlogg.exempt import ask_exception
from tests.stafettlogg.factories import make_child, make_goal, make_guardian, make_log, make_measure, make_participant

ASKED = ("colleague", "deputy", "invited")  # to take over, to stand in, to join


@dataclass
class Twin:
    """`ids` maps what a thing is to its id, the same names in every twin; `people` who stands in it."""

    log: object
    people: dict
    ids: dict = field(default_factory=dict)


def make_units() -> dict:
    ppt = factories.make_unit("PP-tjenesten", kind=UnitKind.PPT)
    fysio = factories.make_unit("Fysio", kind=UnitKind.THERAPY)
    return {"ppt": ppt, "fysio": fysio}


def make_twin(name: str, units: dict, *, holder=None, mother=None, leader=None, like: Twin | None = None) -> Twin:
    """A log with a plan, messages, a participant, and one of each thing that waits for somebody.

    `like` another: the same people are asked once more, so that two of each thing wait for each of them.
    """
    known = like.people if like else {}
    holder, mother, leader = known.get("holder", holder), known.get("mother", mother), known.get("leader", leader)
    own = holder.membership.unit if holder else factories.make_unit(f"Enhet for {name}")
    holder = holder or factories.make_employee(own)
    leader = leader or factories.make_leader(own)
    child = make_child(name, "Tvilling")
    guardians = [make_guardian(child, user=mother, name="Mor"), make_guardian(child, name="Far")]
    log = make_log(holder=holder, child=child, guardians=guardians, unit_ids=[units["ppt"].pk])
    mother = guardians[0].user
    people = {"holder": holder, "mother": mother, "leader": leader, "father": guardians[1].user}
    people["participant"] = make_participant(log, units["ppt"])
    goal = make_goal(log, f"{name} mål", actor=holder)
    measure = make_measure(goal, f"{name} tiltak", actor=holder, responsible_id=holder.pk)
    write_message(log.pk, text=f"{name} beskjed", actor=mother, now=timezone.now())
    ids = {"log": log.pk, "goal": goal.pk, "measure": measure.pk, "mother": guardians[0].pk, "father": guardians[1].pk}
    ids |= {"child": child.pk, "row": LogAccess.objects.get(user=people["participant"]).pk}
    twin = Twin(log, people | {who: known[who] for who in ASKED if who in known}, ids)
    _let_things_wait(twin, own, units)
    return twin


def _let_things_wait(twin: Twin, own, units) -> None:
    log, holder, leader, now = twin.log, twin.people["holder"], twin.people["leader"], timezone.now()
    asked = consent_questions.ask_consent(log.pk, unit_ids=[units["fysio"].pk], actor=holder, now=now)
    answered = Consent.objects.filter(log=log, guardian=twin.ids["mother"], answer__isnull=False).first()
    rows = Consent.objects.filter(request=asked, guardian=twin.ids["father"])
    paper = consents.answer(
        asked.pk,
        guardian_id=twin.ids["father"],
        choices={row.unit_id: True for row in rows},
        route=Route.PAPER,
        actor=holder,
        limits="Ikke noe om søsken",
        now=now,
    )
    made = {who: factories.make_employee(units["ppt"] if who == "invited" else own) for who in ASKED}
    twin.people = made | twin.people
    colleague, other, invited = (twin.people[who] for who in ASKED)
    invitation = participants.invite_unit(
        log.pk, unit=units["ppt"], to_membership=invited.membership, actor=holder, now=now
    )
    offer = handovers.offer_handover(log.pk, to_membership=colleague.membership, actor=holder, now=now)
    day = timezone.localdate(now)
    deputy = deputies.appoint_deputy(
        log.pk, membership=other.membership, first_day=day, last_day=day, actor=leader, now=now
    )
    grant = ask_exception(log, Guardian.objects.get(pk=twin.ids["father"]), now=now)
    repeat = RepeatRequest.objects.create(log=log, unit=units["fysio"], asked_by=leader, asked_at=now)
    things = {"request": asked, "answer": answered.answer, "paper": paper, "invitation": invitation}
    things |= {"handover": offer, "deputy": deputy, "grant": grant, "repeat": repeat}
    twin.ids |= {what: thing.pk for what, thing in things.items()}
