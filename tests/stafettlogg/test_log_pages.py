"""The log's pages for staff, through the whole stack."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.core.models import Draft
from apps.notifications.models import Notice
from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.models import ChildVoice, Evaluation, Goal, Log, Measure, Message
from apps.stafettlogg.services.plan import edit_goal
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

    own = get(client, log.holder.user, "detail", log.pk).content.decode()
    other = get(client, participant, "detail", log.pk).content.decode()

    assert "Mari Vik, mor" in own
    assert "Mari Vik" not in other


def test_list_is_in_the_read_audit_and_search_leaves_no_name_in_the_address(client):
    log = make_log()
    client.force_login(log.holder.user)

    listed = client.get(page("list"))
    searched = client.post(page("list"), {"q": log.child.given_name})

    for answer in (listed, searched):
        assert page("detail", log.pk) in answer.content.decode()
    assert log.child.given_name not in searched.request["QUERY_STRING"]
    assert list(ReadEvent.objects.values_list("action", "what")) == [("listed", "list"), ("listed", "search")]


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


def test_measure_status_is_one_press(client):
    log = make_log()
    measure = make_measure(make_goal(log))
    url = page("measure_status", log.pk, measure.pk)

    assert post(client, log.holder.user, url, status="done").url == page("plan", log.pk)
    assert post(client, log.holder.user, url, status="nonsense").status_code == 404
    assert Measure.objects.get().status == "done"


def test_plan_of_another_log_is_not_reached_through_ones_own(client):
    log = make_log()
    other = make_measure(make_goal(make_log(child=make_child("Noah"))))

    assert get(client, log.holder.user, "edit_measure", log.pk, other.pk).status_code == 404
    assert get(client, log.holder.user, "edit_goal", log.pk, other.goal_id).status_code == 404


NATIONAL_ID = "13097248022"


def test_text_with_a_national_id_is_not_kept_until_it_is_taken_out(client):
    log = make_log()
    url = page("messages", log.pk)
    data = {"text": f"Ring om {NATIONAL_ID} i dag", "to": "all", "form_key": form_key()}

    stopped = post(client, log.holder.user, url, **data)

    assert "Ta bort fødselsnummeret" in stopped.content.decode()
    assert not Message.objects.exists()
    assert post(client, log.holder.user, url, uten_fnr="1", **data).status_code == 302
    assert Message.objects.get().text == "Ring om [fødselsnummer tatt bort] i dag"


def test_holder_answers_one_guardian_alone(client):
    log = make_log()
    guardian = log.guardians[0]
    url = page("messages", log.pk)

    answer = post(client, log.holder.user, url, text="Bare til deg", to=str(guardian.pk), form_key=form_key())

    message = Message.objects.get()
    assert (answer.status_code, message.thread_guardian, message.audience) == (302, guardian, "holder")


def test_participant_writes_to_all(client):
    log = make_log()
    participant = make_participant(log)

    post(client, participant, page("messages", log.pk), text="Hei alle", to="all", form_key=form_key())

    assert Message.objects.get().audience == "all"


def test_childs_voice_needs_the_tick(client):
    log = make_log()
    url = page("voice", log.pk)
    data = {"text": "Jeg vil være med", "told_to": "Ane", "told_day": today().isoformat(), "form_key": form_key()}

    stopped = post(client, log.holder.user, url, **data)

    assert "Kryss av for «Barnet vet hvem som leser dette»." in stopped.content.decode()
    assert post(client, log.holder.user, url, child_knows_readers="on", **data).status_code == 302
    assert ChildVoice.objects.get().text == "Jeg vil være med"


def evaluation(measures, **data):
    return {
        "held_day": today().isoformat(),
        "decision": "continue",
        "next_day": today(56).isoformat(),
        "voice_choice": "mangler",
        "no_voice_reason": "Emma var syk",
        "form_key": form_key(),
        **{f"effect_{measure.pk}": "works" for measure in measures},
        **data,
    }


def test_evaluation_is_one_form(client):
    log = make_log()
    measure = make_measure(make_goal(log))

    answer = post(client, log.holder.user, page("evaluate", log.pk), **evaluation([measure]))

    assert answer.url == page("detail", log.pk)
    assert Evaluation.objects.get().reviews.get().effect == "works"


def test_evaluation_tells_what_is_missing(client):
    log = make_log()
    make_measure(make_goal(log), "Lese sammen")
    data = evaluation([], voice_choice="ny", no_voice_reason="", next_day="")

    answer = post(client, log.holder.user, page("evaluate", log.pk), **data)

    text = answer.content.decode()
    for sentence in (
        "Velg hvordan tiltaket «Lese sammen» virker.",
        "Fyll ut «Hva sa barnet?».",
        "Velg dagen for neste evaluering.",
    ):
        assert sentence in text
    assert not Evaluation.objects.exists()


def test_evaluation_of_an_expected_child_asks_for_no_voice(client):
    child = make_child("", "", birth_date=None, expected_day=today(90))
    log = make_log(child=child, guardians=[make_guardian(child, relation="pregnant")])

    answer = post(client, log.holder.user, page("evaluate", log.pk), **evaluation([]))

    assert answer.status_code == 302
    assert Evaluation.objects.get().no_voice_reason == "Barnet er ikke født ennå."


def test_evaluation_is_told_to_the_family_and_the_others(client):
    log = make_log()
    participant = make_participant(log)

    post(client, log.holder.user, page("evaluate", log.pk), **evaluation([]))

    told = set(Notice.objects.filter(kind__startswith="evaluated").values_list("recipient", flat=True))
    assert told == {participant.pk, log.guardians[0].user_id}


def test_seen_lists_staff_and_never_the_family(client):
    log = make_log()
    participant = make_participant(log)
    get(client, participant, "plan", log.pk)
    client.force_login(log.guardians[0].user)
    client.get(page("parent_log", log.pk))

    text = get(client, log.holder.user, "seen", log.pk).content.decode()

    assert participant.name in text
    assert log.guardians[0].name not in text


def test_decision_to_close_leads_to_closing(client):
    log = make_log()

    answer = post(client, log.holder.user, page("evaluate", log.pk), **evaluation([], decision="close"))

    assert answer.url == page("close", log.pk)


def test_reason_is_written_and_shown(client):
    log = make_log()
    data = {"reason": "Emma er mye alene", "background": "Lek i liten gruppe", "version": log.version}

    assert post(client, log.holder.user, page("reason", log.pk), **data).status_code == 302
    text = get(client, log.holder.user, "detail", log.pk).content.decode()
    assert "Emma er mye alene" in text
    assert Log.objects.get().background == "Lek i liten gruppe"


def test_draft_comes_back_to_its_writer(client):
    log = make_log()
    holder = log.holder.user
    form = get(client, holder, "add_goal", log.pk).context["form"]
    mark = form["form_mark"].value()

    post(client, holder, reverse("core:save_draft"), title="Halvt mål", form_mark=mark)

    assert Draft.objects.count() == 1
    assert "Halvt mål" in get(client, holder, "add_goal", log.pk).content.decode()


def test_gate_stands_on_every_page_with_its_warning(client):
    log = make_log()

    for name in ("detail", *CONTENT_PAGES):
        text = get(client, log.holder.user, name, log.pk).content.decode()
        assert "Ikke skriv om mistanken her" in text
        assert f'href="{reverse("guides:gate")}"' in text


@pytest.mark.parametrize("number", [1, 30])
def test_pages_cost_the_same_for_1_and_30_rows(client, number, django_assert_num_queries):
    holder = make_employee()
    for index in range(number):
        log = make_log(holder=holder, child=make_child(f"Barn{index}"))
    for index in range(number):
        make_measure(make_goal(log, f"Mål {index}"), due_day=today(1))
    client.force_login(holder)
    client.get(page("list"))

    with django_assert_num_queries(13):
        client.get(page("list"))
    with django_assert_num_queries(28):
        client.get(page("detail", log.pk))
