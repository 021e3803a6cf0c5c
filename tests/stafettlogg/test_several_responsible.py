"""Several may be responsible for a measure: each of them may say how it goes, and is told of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.core.dates import local_day
from apps.core.errors import RuleBroken
from apps.notifications.selectors import reminders_due
from apps.stafettlogg.enums import MeasureStatus
from apps.stafettlogg.models import LogAccess, Measure
from apps.stafettlogg.services import plan as services
from apps.stafettlogg.services.access import end_row
from apps.stafettlogg.services.plan import MeasureInput
from tests.markup import markup
from tests.stafettlogg.factories import (
    make_child,
    make_employee,
    make_goal,
    make_guardian,
    make_log,
    make_measure,
    make_participant,
)
from tests.stafettlogg.family_pages import page_of, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    child = make_child("Emma", "Vik")
    guardians = [make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Vik", user=False)]
    return make_log(child=child, guardians=guardians, holder=make_employee(name="Ane Solheim"))


@pytest.fixture
def jonas(log):
    return make_participant(log, name="Jonas Eide")


def token(user):
    return f"user:{user.pk}"


def send(log, measure, responsible, **more):
    client = signed_in(log.holder.user)
    page = page_of("edit_measure", log.pk, measure.pk)
    written = {"title": measure.title, "place": measure.place, "due_day": "", "note": "", "responsible": responsible}
    return client.post(page, written | {"version": measure.version} | more)


def shared_measure(log, *people, **fields):
    """Responsible are these users, the first one first."""
    others = "\n".join(token(user) for user in people[1:])
    return make_measure(make_goal(log), responsible_id=people[0].pk, others=others, **fields)


def test_several_are_chosen_in_the_form_added_and_taken_away(log, jonas):
    holder, mari = log.holder.user, log.guardians[0].user
    measure = make_measure(make_goal(log), responsible_id=holder.pk)

    assert send(log, measure, [token(holder), token(jonas), token(mari), "name:Ola Vik"]).status_code == 302
    measure.refresh_from_db()
    assert (measure.responsible, measure.others) == (holder, f"{token(jonas)}\n{token(mari)}\nname:Ola Vik")
    assert send(log, measure, [token(jonas), "name:Ola Vik"]).status_code == 302
    measure.refresh_from_db()
    assert (measure.responsible, measure.others) == (jonas, "name:Ola Vik")
    assert send(log, measure, []).status_code == 302
    measure.refresh_from_db()
    assert (measure.responsible, measure.responsible_name, measure.others) == (None, "", "")


def test_all_of_them_stand_on_the_plan_the_familys_page_the_paper_and_in_the_history(log, jonas):
    mari = log.guardians[0].user
    measure = make_measure(make_goal(log), responsible_id=jonas.pk)
    send(log, measure, [token(jonas), token(mari), "name:Ola Vik"])

    plan = markup(signed_in(log.holder.user).get(page_of("plan", log.pk)))
    family = markup(signed_in(mari).get(page_of("parent_log", log.pk)))
    history = markup(signed_in(log.holder.user).get(page_of("history", log.pk)))

    for page in (plan, family):
        assert "Jonas Eide, Mari Vik og Ola Vik" in page
    assert "Også ansvarlig" in history
    assert "Mari Vik og Ola Vik" in history


def test_each_may_say_how_it_goes_and_nobody_else(log, jonas):
    kari, other = make_participant(log, name="Kari Strand"), make_participant(log)
    measure = shared_measure(log, jonas, kari)
    page = page_of("measure_status", log.pk, measure.pk)

    answers = {
        user.name: signed_in(user).post(page, {"status": status}).status_code
        for user, status in ((kari, MeasureStatus.ONGOING), (jonas, MeasureStatus.DONE), (other, MeasureStatus.ONGOING))
    }

    measure.refresh_from_db()
    assert answers == {"Kari Strand": 302, "Jonas Eide": 302, other.name: 403}
    assert measure.status == MeasureStatus.DONE
    assert page in signed_in(kari).get(page_of("plan", log.pk)).content.decode()


def test_each_is_reminded_and_has_it_on_her_page(log, jonas):
    mari = log.guardians[0].user
    today = local_day(timezone.now())
    shared_measure(log, jonas, mari, title="Emma leker ute", due_day=today)

    told = {(due.code, due.recipient.name) for due in reminders_due(timezone.now()) if due.code == "measure_due"}

    assert told == {("measure_due", "Jonas Eide"), ("measure_due", mari.name)}
    for user, page in ((jonas, reverse("portal:start")), (mari, reverse("stafettlogg:children"))):
        assert "Emma leker ute" in markup(signed_in(user).get(page))


def test_where_one_has_left_the_others_are_told_and_where_all_have_the_holder(log, jonas):
    kari = make_participant(log, name="Kari Strand")
    shared_measure(log, jonas, kari, due_day=local_day(timezone.now()))

    def told():
        return {due.recipient.name for due in reminders_due(timezone.now()) if due.code == "measure_due"}

    end_row(LogAccess.objects.get(user=jonas), actor=log.holder.user, now=timezone.now())
    assert told() == {"Kari Strand"}
    plan = markup(signed_in(log.holder.user).get(page_of("plan", log.pk)))
    assert "Jonas Eide (er ikke med lenger) og Kari Strand" in plan
    end_row(LogAccess.objects.get(user=kari), actor=log.holder.user, now=timezone.now())
    assert told() == {"Ane Solheim"}


def test_who_has_left_may_stay_and_nobody_outside_may_come(log, jonas):
    measure = shared_measure(log, log.holder.user, jonas)
    end_row(LogAccess.objects.get(user=jonas), actor=log.holder.user, now=timezone.now())

    stays = send(log, measure, [token(log.holder.user), token(jonas)], title="Nye ord")
    measure.refresh_from_db()
    outside = make_employee()
    comes = send(log, measure, [token(log.holder.user), token(outside)])

    assert (stays.status_code, measure.title, comes.status_code) == (302, "Nye ord", 422)
    with pytest.raises(RuleBroken) as broken:
        services.edit_measure(
            measure.pk,
            measure=MeasureInput(title="Nytt", place="home", others=token(outside)),
            version=measure.version,
            actor=log.holder.user,
            now=timezone.now(),
        )
    assert broken.value.code == "responsible_outside"


def test_nobody_is_responsible_twice(log, jonas):
    with pytest.raises(RuleBroken) as broken:
        shared_measure(log, jonas, jonas)

    assert broken.value.code == "too_many_responsible"


@pytest.mark.parametrize("page", ["plan", "detail"])
def test_number_of_queries_is_the_same_with_1_and_6_who_share(log, page):
    helpers = [make_participant(log) for _ in range(6)]
    goal = make_goal(log)
    make_measure(goal, responsible_id=helpers[0].pk, others=token(helpers[1]))
    client = signed_in(log.holder.user)
    client.get(page_of(page, log.pk))
    counts = []
    for number in range(2):
        with CaptureQueriesContext(connection) as found:
            client.get(page_of(page, log.pk))
        counts.append(len(found))
        for _measure in range(3 if number == 0 else 0):
            make_measure(goal, responsible_id=helpers[0].pk, others="\n".join(token(one) for one in helpers[1:]))

    assert counts[0] == counts[1]


# Added by a slip ------------------------------------------------------------------------------------------------------


def added(log):
    """A goal and a measure as they are just added through the pages, and where each is taken back."""
    goal = make_goal(log, "Feil mål")
    measure = make_measure(make_goal(log, "Riktig mål"), "Feil tiltak")
    return goal, measure


def test_goal_and_measure_added_by_a_slip_are_taken_away_and_the_history_says_so(log):
    goal, measure = added(log)
    client = signed_in(log.holder.user)
    saved = markup(client.get(f"{page_of('plan', log.pk)}?lagret={measure.pk}"))
    assert page_of("take_back_measure", log.pk, measure.pk) in saved
    assert "Historikken viser at du la det til" in markup(client.get(page_of("take_back_goal", log.pk, goal.pk)))

    for name, thing in (("take_back_goal", goal), ("take_back_measure", measure)):
        client.post(page_of(name, log.pk, thing.pk))

    plan = markup(client.get(page_of("plan", log.pk)))
    history = markup(client.get(page_of("history", log.pk)))
    assert ("Feil mål" in plan, "Feil tiltak" in plan, "Riktig mål" in plan) == (False, False, True)
    for words in ("angret, og tok bort et mål", "angret, og tok bort et tiltak", "Tiltak, tatt bort", "Feil tiltak"):
        assert words in history
    log.refresh_from_db()
    assert (log.evaluation_due_day, Measure.objects.count()) == (None, 0)


def test_it_is_not_taken_away_by_another_too_late_or_when_something_depends_on_it(log, jonas):
    goal, measure = added(log)
    used, edited = measure.goal, make_goal(log, "Skrevet om")
    services.edit_goal(edited.pk, title="Nytt", version=1, actor=log.holder.user, now=timezone.now())
    late = timezone.now() + timezone.timedelta(minutes=31)

    def refusal(thing, now=None):
        service = services.take_back_measure if isinstance(thing, Measure) else services.take_back_goal
        with pytest.raises(RuleBroken) as broken:
            service(thing.pk, actor=log.holder.user, now=now or timezone.now())
        return broken.value.code

    found = [refusal(goal, late), refusal(used), refusal(edited)]
    services.set_measure_status(measure.pk, status="ongoing", actor=log.holder.user, now=timezone.now())
    found.append(refusal(measure))
    goal.created_by = jonas
    goal.save(update_fields=["created_by"])

    assert [*found, refusal(goal)] == ["taken_back_late", *["taken_back_used"] * 3, "not_yours"]
    assert signed_in(jonas).post(page_of("take_back_goal", log.pk, goal.pk)).status_code == 403
    assert page_of("take_back_goal", log.pk, goal.pk) not in markup(
        signed_in(log.holder.user).get(f"{page_of('plan', log.pk)}?lagret={goal.pk}")
    )
