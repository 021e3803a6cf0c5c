"""A log with two services beside the holder's: PPT reads all of it, the music school its own measures alone."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import Decision, Effect
from apps.stafettlogg.models import Log
from apps.stafettlogg.services.evaluations import EvaluationInput, VoiceInput, evaluate
from apps.stafettlogg.services.logs import fill_in_reason
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_employee, make_unit
from tests.stafettlogg.factories import make_child, make_goal, make_guardian, make_log, make_measure, make_participant

DAY = timezone.timedelta(days=1)
OWN = ("Emma synger i koret hver tirsdag", "Emma får være med på noe hun mestrer")
# Each is written in one place of the log that is not the music school's to read.
OTHERS = (
    "Vi er bekymret for språket",
    "Flyttet hit i fjor",
    "Logopeden øver på lyder",
    "Emma blir forstått av de andre",
    "Jeg vil heller tegne",
    "Foreldrene er fornøyde",
    "Vi ser framgang",
    "Hilsen til alle sammen",
    "Bare mellom mor og holder",
    "PP-tjenesten",
    "Per Logoped",
    "Nivå 1",
)


@dataclass
class Scene:
    log: Any
    music: Any
    ppt: Any
    ane: Any
    per: Any
    goal: Any
    own: Any


def make_scene() -> Scene:
    """The log with everything in it: reason, background, plan, evaluation, the child's voice, messages."""
    music, ppt = make_unit("Kulturskolen", kind=UnitKind.CULTURE_SCHOOL), make_unit("PP-tjenesten", kind=UnitKind.PPT)
    holder = make_employee(make_unit("Solbakken barnehage"), name="Hilde Holder")
    child = make_child()
    guardians = [make_guardian(child, name="Mari Vik"), make_guardian(child, name="Jon Vik")]
    log = make_log(holder=holder, child=child, guardians=guardians, unit_ids=[music.pk, ppt.pk])
    ane = make_participant(log, music, name="Ane Kor")
    per = make_participant(log, ppt, name="Per Logoped")
    now = timezone.now()
    reason, background = OTHERS[:2]
    fill_in_reason(log.pk, reason=reason, background=background, version=log.version, actor=holder, now=now)
    goal, other_goal = make_goal(log, OWN[1]), make_goal(log, OTHERS[3])
    own = make_measure(goal, OWN[0], unit_id=music.pk, responsible_id=ane.pk, due_day=timezone.localdate() + 20 * DAY)
    other = make_measure(goal, OTHERS[2], unit_id=ppt.pk, due_day=timezone.localdate() + 2 * DAY)
    another = make_measure(other_goal, "Samtalegruppe i barnehagen")
    voice = VoiceInput(OTHERS[4], told_to="Hilde", told_day=timezone.localdate(), child_knows_readers=True)
    evaluation = EvaluationInput(
        held_day=timezone.localdate(),
        decision=Decision.CONTINUE,
        effects={measure.pk: Effect.WORKS for measure in (own, other, another)},
        next_day=timezone.localdate() + 60 * DAY,
        voice=voice,
        family_view=OTHERS[5],
        summary=OTHERS[6],
    )
    evaluate(log.pk, evaluation=evaluation, actor=holder, now=now)
    write_message(log.pk, text=OTHERS[7], actor=holder, now=now)
    write_message(log.pk, text=OTHERS[8], actor=guardians[0].user, now=now)
    fresh = Log.objects.select_related("child", "unit", "holder__user", "holder__membership__unit").get(pk=log.pk)
    fresh.guardians = guardians
    return Scene(fresh, music, ppt, ane, per, goal, own)
