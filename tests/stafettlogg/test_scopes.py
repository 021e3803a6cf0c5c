"""How much of a log a service reads: asked, answered, counted, and what follows for measures and the stafettpinne."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.notifications.kinds import all_kinds, task_kinds
from apps.notifications.models import Notice
from apps.stafettlogg import access
from apps.stafettlogg.enums import (
    EVERY_SCOPE,
    WHOLE_LOG,
    Action,
    Audience,
    ConsentScope,
    HandoverState,
    LogStatus,
)
from apps.stafettlogg.kinds.notices import NOTICE_KINDS
from apps.stafettlogg.kinds.tasks import TASK_KINDS
from apps.stafettlogg.models import Consent, ConsentWindow, Handover
from apps.stafettlogg.rules.notices import SCOPES
from apps.stafettlogg.rules.scopes import WHOLE, reach_of
from apps.stafettlogg.selectors.leaders import LedLog, LedRequest
from apps.stafettlogg.selectors.logs import Card
from apps.stafettlogg.selectors.messages import messages_for
from apps.stafettlogg.services.consent_questions import ask_consent
from apps.stafettlogg.services.handovers import accept_handover, offer_handover
from apps.stafettlogg.services.messages import write_message
from apps.stafettlogg.services.participants import invite_unit
from apps.stafettlogg.services.plan import set_measure_status
from apps.stafettlogg.services.windows import refresh_windows
from apps.stafettlogg.views.family.log import FAMILY_SECTIONS
from apps.stafettlogg.views.logs import LOG_SECTIONS
from tests.factories import make_employee, make_unit
from tests.stafettlogg.factories import give_consents, make_goal, make_log, make_measure, make_participant
from tests.stafettlogg.scopes import make_scene

pytestmark = pytest.mark.django_db
LOG, MEASURES = ConsentScope.LOG, ConsentScope.MEASURES


@pytest.fixture
def music():
    return make_unit("Kulturskolen", kind=UnitKind.CULTURE_SCHOOL)


def window_of(log, unit):
    return ConsentWindow.objects.get(log=log, unit=unit)


def ask(log, unit, **fields):
    return ask_consent(log.pk, unit_ids=[unit.pk], actor=log.holder.user, now=timezone.now(), **fields)


@pytest.mark.parametrize(
    ("kind", "scope"),
    [
        (UnitKind.CULTURE_SCHOOL, MEASURES),
        (UnitKind.AFTER_SCHOOL, MEASURES),
        (UnitKind.LIBRARY, MEASURES),
        (UnitKind.ADULT_EDUCATION, MEASURES),
        (UnitKind.PPT, LOG),
        (UnitKind.CHILD_WELFARE, LOG),
    ],
)
def test_a_service_is_asked_for_what_is_usual_for_its_kind(kind, scope):
    unit = make_unit(kind=kind)
    log = make_log(unit_ids=[unit.pk])

    assert {row.scope for row in Consent.objects.filter(log=log, unit=unit)} == {scope}
    assert (window_of(log, unit).scope, window_of(log, log.unit).scope) == (scope, LOG)


def test_the_holder_chooses_otherwise_and_it_stands_in_the_question(music):
    log = make_log()

    ask(log, music, scopes={music.pk: LOG})
    give_consents(log)

    assert window_of(log, music).scope == LOG


def test_the_holders_own_service_is_always_asked_for_all_of_the_log(music):
    log = make_log(holder=make_employee(music))

    ask(log, music, scopes={music.pk: MEASURES})
    give_consents(log)

    assert window_of(log, music).scope == LOG


def test_the_narrowest_of_two_yeses_counts():
    scene = make_scene()
    fathers = Consent.objects.get(unit=scene.ppt, guardian=scene.log.guardians[1])
    fathers.scope = MEASURES
    fathers.save()

    refresh_windows(scene.log, actor=None, now=timezone.now())

    assert window_of(scene.log, scene.ppt).scope == MEASURES


def test_more_is_read_only_when_all_have_said_yes_to_more(music):
    scene = make_scene()
    log = scene.log
    ask(log, scene.music, scopes={scene.music.pk: LOG})

    give_consents(log, only=[log.guardians[0]])
    assert window_of(log, scene.music).scope == MEASURES

    give_consents(log)
    assert window_of(log, scene.music).scope == LOG


def test_less_counts_from_the_second_it_is_answered():
    scene = make_scene()

    ask(scene.log, scene.ppt, scopes={scene.ppt.pk: MEASURES})
    give_consents(scene.log)

    assert not access.can(scene.per, scene.log, Action.VOICE)


def test_asking_anew_without_a_choice_asks_for_what_the_service_has():
    scene = make_scene()
    ask(scene.log, scene.ppt, scopes={scene.ppt.pk: MEASURES})
    give_consents(scene.log)

    ask(scene.log, scene.ppt)

    newest = Consent.objects.filter(unit=scene.ppt, state="waiting")
    assert {row.scope for row in newest} == {MEASURES}


def test_an_invitation_asks_for_what_the_holder_chose(music):
    log = make_log()

    invite_unit(log.pk, unit=music, scope=LOG, actor=log.holder.user, now=timezone.now())

    assert {row.scope for row in Consent.objects.filter(unit=music)} == {LOG}


def test_inviting_keeps_what_is_asked_already(client, music):
    log = make_log()
    make_employee(music)
    asked = ask(log, music, scopes={music.pk: LOG})
    client.force_login(log.holder.user)

    form = client.post(reverse("stafettlogg:invite", args=[log.pk]), {"unit": music.pk}).context["form"]
    invite_unit(log.pk, unit=music, scope=form["scope"].value(), actor=log.holder.user, now=timezone.now())

    assert {row.request_id for row in Consent.objects.filter(unit=music, state="waiting")} == {asked.pk}


def test_actions_of_one_row_are_never_done_in_the_reach_of_another():
    scene = make_scene()
    narrow = access.row_for(scene.ane, scene.log)
    wide = access.row_for(scene.per, scene.log)

    assert reach_of([wide]) is WHOLE
    assert reach_of([narrow]).units == {scene.music.pk}
    assert reach_of([narrow, wide]).is_whole
    assert [access.can(scene.ane, scene.log, action) for action in (Action.READ, Action.WRITE)] == [True, True]
    assert not any(access.can(scene.ane, scene.log, action) for action in set(Action) - {Action.READ, Action.WRITE})


# The stafettpinne and measures --------------------------------------------------------------------------------------


def test_a_service_with_own_measures_is_not_offered_the_stafettpinne(client):
    scene = make_scene()
    client.force_login(scene.log.holder.user)

    page = client.get(reverse("stafettlogg:hand_over", args=[scene.log.pk]))

    offered = [unit.name for unit in page.context["form"].units.values()]
    assert [name in offered for name in ("Solbakken barnehage", "PP-tjenesten", "Kulturskolen")] == [True, True, False]
    with pytest.raises(RuleBroken) as broken:
        offer_handover(
            scene.log.pk, to_membership=scene.ane.membership, actor=scene.log.holder.user, now=timezone.now()
        )
    assert broken.value.code == "own_measures"


def test_a_service_that_is_to_take_over_is_asked_for_all_of_the_log(music):
    log, ane = make_log(), make_employee(music)
    offer_handover(log.pk, to_membership=ane.membership, actor=log.holder.user, now=timezone.now())

    ask(log, music, scopes={music.pk: MEASURES})
    give_consents(log)

    handover = Handover.objects.get()
    assert (handover.state, window_of(log, music).scope) == (HandoverState.OFFERED, LOG)
    accept_handover(handover.pk, actor=ane, now=timezone.now())
    assert access.holds_now(ane, log.pk)


def test_the_stafettpinne_waits_for_a_question_about_less():
    scene = make_scene()
    ask(scene.log, scene.ppt, scopes={scene.ppt.pk: MEASURES})

    with pytest.raises(RuleBroken) as broken:
        offer_handover(
            scene.log.pk, to_membership=scene.per.membership, actor=scene.log.holder.user, now=timezone.now()
        )
    assert broken.value.code == "own_measures"


def test_a_measure_of_one_who_reads_own_measures_is_the_services():
    scene = make_scene()

    assert make_measure(scene.goal, responsible_id=scene.ane.pk).unit_id == scene.music.pk
    with pytest.raises(RuleBroken) as broken:
        make_measure(scene.goal, responsible_id=scene.ane.pk, unit_id=scene.ppt.pk)
    assert broken.value.code == "other_unit"


def test_a_measure_is_not_given_to_a_service_outside_the_log():
    scene = make_scene()

    with pytest.raises(RuleBroken) as broken:
        make_measure(scene.goal, unit_id=make_unit().pk)
    assert broken.value.code == "unit_outside"


def test_the_holder_chooses_the_service_of_a_measure(client):
    scene = make_scene()
    client.force_login(scene.log.holder.user)
    url = reverse("stafettlogg:edit_measure", args=[scene.log.pk, scene.own.pk])
    form = client.get(url).context["form"]
    written = {"title": "Emma synger", "place": "service", "responsible": "", "due_day": "", "note": ""}

    client.post(url, {**written, "unit": scene.ppt.pk, "version": form["version"].value(), "form_key": str(uuid4())})

    scene.own.refresh_from_db()
    assert (scene.own.title, scene.own.unit_id) == ("Emma synger", scene.ppt.pk)


def test_service_with_own_measures_says_how_its_own_goes_and_no_other():
    scene = make_scene()
    other = make_measure(scene.goal, "En annens")

    set_measure_status(scene.own.pk, status="ongoing", actor=scene.ane, now=timezone.now())

    with pytest.raises(AccessDenied):
        set_measure_status(other.pk, status="ongoing", actor=scene.ane, now=timezone.now())


# Messages -----------------------------------------------------------------------------------------------------------


def told(user, kind):
    return Notice.objects.filter(recipient=user, kind=kind).count()


def texts(log, user):
    return [message.text for message in messages_for(log, access.row_for(user, log)).written]


def test_a_message_to_all_reaches_those_who_read_all_of_the_log():
    scene = make_scene()

    assert "Hilsen til alle sammen" in texts(scene.log, scene.per)
    assert texts(scene.log, scene.ane) == []
    assert (told(scene.ane, "message"), told(scene.per, "message")) == (0, 1)
    assert (told(scene.ane, "evaluated"), told(scene.per, "evaluated")) == (0, 1)


def test_a_message_to_one_service_is_read_there_by_the_holder_and_the_family():
    scene = make_scene()
    holder, mother = scene.log.holder.user, scene.log.guardians[0].user

    written = write_message(
        scene.log.pk, text="Øvelse tirsdag", audience="unit", unit_id=scene.music.pk, actor=holder, now=timezone.now()
    )

    readers = [user for user in (holder, scene.ane, scene.per, mother) if "Øvelse tirsdag" in texts(scene.log, user)]
    assert (written.unit, readers) == (scene.music, [holder, scene.ane, mother])
    assert (told(scene.ane, "message"), told(mother, "message_family")) == (1, 3 - 1)


def test_service_with_own_measures_writes_to_the_holder_and_the_family_alone():
    scene = make_scene()

    written = write_message(scene.log.pk, text="Hun var flink", actor=scene.ane, now=timezone.now())

    assert (written.audience, written.unit) == (Audience.UNIT, scene.music)
    assert "Hun var flink" not in texts(scene.log, scene.per)
    with pytest.raises(RuleBroken):
        write_message(scene.log.pk, text="Til alle", audience="all", actor=scene.ane, now=timezone.now())


@pytest.mark.parametrize("who", ["per", "mother"])
def test_nobody_else_writes_to_one_service(who):
    scene = make_scene()
    actor = scene.per if who == "per" else scene.log.guardians[0].user

    with pytest.raises(RuleBroken):
        write_message(
            scene.log.pk, text="Hei", audience="unit", unit_id=scene.music.pk, actor=actor, now=timezone.now()
        )


# What each thing says of itself -------------------------------------------------------------------------------------


def test_every_section_notice_and_row_says_how_much_of_the_log_one_must_read():
    kinds = {kind.code for kind in [*NOTICE_KINDS, *TASK_KINDS]}
    shown = [*LOG_SECTIONS, *FAMILY_SECTIONS, Card, LedLog, LedRequest]

    assert kinds == set(SCOPES)
    assert kinds <= {kind.code for kind in [*all_kinds(), *task_kinds()]}
    assert {frozenset(one.scopes) for one in shown} == {WHOLE_LOG, EVERY_SCOPE}


def test_a_request_shows_nobody_but_the_holder_anything(music):
    log = make_log(status=LogStatus.REQUESTED, unit_ids=[music.pk])
    goal_less = make_participant(log, music)

    assert access.can(goal_less, log, Action.PLAN) is False


def test_own_measures_of_a_new_participant_are_read_at_once(music):
    log = make_log(unit_ids=[music.pk])
    measure = make_measure(make_goal(log), unit_id=music.pk)
    ane = make_participant(log, music)

    assert reach_of(access.rows_in(ane, log)).holds(measure.unit_id, None)
