"""The log's pages for staff, through the whole stack."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.accounts.services import choose_language
from apps.audit.models import ReadEvent
from apps.core.dates import clamp, format_near
from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.models import Goal, Measure
from apps.stafettlogg.services.plan import edit_goal
from tests.factories import make_municipality, make_unit
from tests.markup import markup
from tests.stafettlogg.factories import (
    make_child,
    make_employee,
    make_goal,
    make_guardian,
    make_log,
    make_measure,
    make_participant,
    open_window,
)

pytestmark = pytest.mark.django_db
CONTENT_PAGES = ("plan", "messages", "history", "voice", "evaluate", "reason", "add_goal", "seen")


def page(name, *args):
    return reverse(f"stafettlogg:{name}", args=args)


def get(client, user, name, *args):
    client.force_login(user)
    return client.get(page(name, *args))


def post(client, user, url, **data):
    client.force_login(user)
    return client.post(url, data)


def form_key():
    return str(uuid.uuid4())


def today(days=0):
    return timezone.localdate() + timezone.timedelta(days=days)


@pytest.mark.parametrize("name", ["detail", *CONTENT_PAGES])
def test_page_opens_for_the_holder_and_is_in_the_read_audit(client, name):
    log = make_log()
    make_measure(make_goal(log))

    answer = get(client, log.holder.user, name, log.pk)

    assert answer.status_code == 200
    assert log.child.full_name in answer.content.decode()
    (read,) = ReadEvent.objects.all()
    assert (read.log_id, read.actor_id, read.action) == (log.pk, log.holder.user_id, "opened")


@pytest.mark.parametrize("name", ["detail", *CONTENT_PAGES])
def test_page_is_not_there_for_strangers_and_family(client, name):
    log = make_log()

    missing = get(client, make_employee(), name, uuid.uuid4())
    for user in (make_employee(), log.guardians[0].user):
        answer = get(client, user, name, log.pk)
        assert (answer.status_code, answer.content) == (404, missing.content)


@pytest.mark.parametrize("name", ["reason", "evaluate", "add_goal"])
def test_participant_reads_but_does_not_change_the_plan(client, name):
    log = make_log()
    participant = make_participant(log)

    assert get(client, participant, "plan", log.pk).status_code == 200
    assert get(client, participant, name, log.pk).status_code == 403


def test_request_shows_only_what_a_request_holds(client):
    log = make_log(status=LogStatus.REQUESTED)

    answer = get(client, log.holder.user, "detail", log.pk)

    text = answer.content.decode()
    assert "Dette er bare en forespørsel" in text
    assert log.guardians[0].name in text
    for name in CONTENT_PAGES:
        assert page(name, log.pk) not in text
        assert get(client, log.holder.user, name, log.pk).status_code == 403


def test_shell_shows_consents_and_ways_out_but_no_content(client):
    log = make_log()
    make_goal(log, "Et mål ingen skal se")
    open_window(log, log.unit, days=30, basis="closing")

    text = get(client, log.holder.user, "detail", log.pk).content.decode()

    assert "Samtykket gjelder ikke lenger" in text
    assert "Et mål ingen skal se" not in text
    assert page("consents", log.pk) in text
    for name in CONTENT_PAGES:
        assert get(client, log.holder.user, name, log.pk).status_code == 403


def test_closed_log_is_read_only(client):
    log = make_log()
    make_goal(log)
    log.status, log.closed_at, log.close_reason = LogStatus.CLOSED, timezone.now(), "goal"
    log.save()

    text = get(client, log.holder.user, "detail", log.pk).content.decode()

    assert "Stafettloggen er avsluttet" in text
    assert page("add_goal", log.pk) not in text
    answer = post(client, log.holder.user, page("add_goal", log.pk), title="Nytt mål", form_key=form_key())
    assert answer.status_code == 422
    assert Goal.objects.count() == 1


def test_each_guardians_answer_is_shown_to_the_holder_alone(client):
    child = make_child()
    guardians = [make_guardian(child, name="Mari Vik"), make_guardian(child, name="Ola Vik")]
    log = make_log(child=child, guardians=guardians)
    participant = make_participant(log)

    own = get(client, log.holder.user, "consents", log.pk).content.decode()
    other = get(client, participant, "detail", log.pk).content.decode()

    assert get(client, participant, "consents", log.pk).status_code == 403
    assert "Mari Vik, mor" in own
    assert "Mari Vik" not in other


def test_list_is_in_the_read_audit_and_search_leaves_no_name_in_the_address(client):
    log = make_log()
    client.force_login(log.holder.user)

    listed = client.get(page("list"))
    searched = client.post(page("list"), {"q": log.child.given_name}, follow=True)

    for answer in (listed, searched):
        assert page("detail", log.pk) in answer.content.decode()
    assert log.child.given_name not in searched.request["QUERY_STRING"]
    assert list(ReadEvent.objects.order_by("pk").values_list("action", "what")) == [
        ("listed", "list"),
        ("listed", "search"),
    ]


def test_list_of_a_citizen_leads_to_the_children(client):
    log = make_log()

    assert get(client, log.guardians[0].user, "list").url == page("children")


def test_goal_is_added_once_however_often_the_form_is_sent(client):
    log = make_log()
    key = form_key()

    answers = [
        post(client, log.holder.user, page("add_goal", log.pk), title="Emma leker", form_key=key) for _ in range(2)
    ]

    goal = Goal.objects.get()
    assert {answer.url for answer in answers} == {f"{page('plan', log.pk)}?lagret={goal.pk}"}


def test_hints_are_shown_after_saving_and_stop_nothing(client):
    log = make_log()

    answer = post(client, log.holder.user, page("add_goal", log.pk), title="Man følger opp", form_key=form_key())

    assert Goal.objects.get().title == "Man følger opp"
    assert "«Man» kan være hvem som helst" in client.get(answer.url).content.decode()


def test_measure_is_added_with_a_responsible(client):
    log = make_log()
    goal = make_goal(log)
    data = {"title": "Ane leser", "place": "home", "responsible": f"user:{log.holder.user_id}", "note": ""}

    answer = post(client, log.holder.user, page("add_measure", log.pk, goal.pk), form_key=form_key(), **data)

    measure = Measure.objects.get()
    assert (answer.status_code, measure.responsible, measure.goal) == (302, log.holder.user, goal)


def test_second_writer_gets_both_texts_and_loses_nothing(client):
    log = make_log()
    goal = make_goal(log, "Først")
    holder = log.holder.user
    edit_goal(goal.pk, title="Den andres tekst", version=1, actor=holder, now=timezone.now())
    url = page("edit_goal", log.pk, goal.pk)

    conflict = post(client, holder, url, title="Min tekst", version=1)

    text = conflict.content.decode()
    assert (conflict.status_code, "Den andres tekst" in text, "Min tekst" in text) == (409, True, True)
    assert post(client, holder, url, title="Min tekst", version=2).status_code == 302
    assert Goal.objects.get().title == "Min tekst"


def test_second_writer_of_a_measure_gets_both_texts(client):
    log = make_log()
    measure = make_measure(make_goal(log), "Først", responsible_id=log.holder.user_id)
    url = page("edit_measure", log.pk, measure.pk)
    data = {"title": "Den ene", "place": "home", "responsible": "", "note": ""}
    post(client, log.holder.user, url, version=1, **data)

    conflict = post(client, log.holder.user, url, version=1, **(data | {"title": "Den andre"}))

    text = conflict.content.decode()
    assert (conflict.status_code, "Den ene" in text, "Den andre" in text) == (409, True, True)


NATIONAL_ID = "13097248022"


def evaluation(measures, **data):
    return {
        "held_day": today().isoformat(),
        "decision": "continue",
        "next_day": today(56).isoformat(),
        "voice_choice": "mangler",
        "no_voice_reason": "Emma var syk",
        "form_key": form_key(),
        **{f"effect_{measure.pk}": "works" for measure in measures},
        **{f"status_{measure.pk}": "ongoing" for measure in measures},
        **data,
    }


@pytest.mark.parametrize(("days", "words"), [(5, "Tiltak"), (90, "Evaluering")])
def test_overview_says_who_holds_and_what_is_next_before_the_tabs(client, days, words):
    log = make_log()
    measure = make_measure(make_goal(log), due_day=today(days))
    first = min(measure.due_day, log.evaluation_due_day)

    head = markup(get(client, log.holder.user, "detail", log.pk)).split('class="p-tabs"')[0]

    assert log.holder.user.name in head.split('class="p-glance"')[1]
    assert f"<dd>{words} {format_near(first, today())}</dd>" in head


def test_list_offers_a_request_only_to_those_whose_unit_takes_part(client):
    works_in_service, works_elsewhere = (
        make_employee(),
        make_employee(make_unit("Rådhuset", kind=UnitKind.MUNICIPALITY)),
    )

    offered = [
        page("request") in get(client, user, "list").content.decode() for user in (works_in_service, works_elsewhere)
    ]

    assert offered == [True, False]


def test_history_without_changes_is_words_and_no_timeline(client):
    log = make_log()

    text = get(client, log.holder.user, "history", log.pk).content.decode().split('id="endret"')[1]

    assert "Ingen har endret planen ennå." in text
    assert "p-timeline" not in text


def test_child_of_one_year_is_not_one_years_old_in_english(client):
    today = timezone.localdate()
    log = make_log(child=make_child(birth_date=clamp(today.year - 1, today.month, 1)))
    make_municipality(languages=["nb", "en"])
    choose_language(log.holder.user.pk, actor=log.holder.user, language="en")

    shown = get(client, log.holder.user, "detail", log.pk).content.decode()

    assert ("1 year old, born" in shown, "years old" in shown) == (True, False)
