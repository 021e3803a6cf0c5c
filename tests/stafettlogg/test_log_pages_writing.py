"""The log's pages for staff, through the whole stack. More of the same, by topic."""

import pytest
from django.urls import reverse

from apps.core.models import Draft
from apps.notifications.models import Notice
from apps.stafettlogg.models import ChildVoice, Evaluation, Log, Measure, Message
from tests.stafettlogg.factories import (
    make_child,
    make_employee,
    make_goal,
    make_guardian,
    make_log,
    make_measure,
    make_participant,
)
from tests.stafettlogg.test_log_pages import CONTENT_PAGES, NATIONAL_ID, evaluation, form_key, get, page, post, today

pytestmark = pytest.mark.django_db


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
        "Svar på «Hva sa barnet?»",
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

    with django_assert_num_queries(11 if number == 1 else 12):  # how many there are, and in which units
        client.get(page("list"))
    with django_assert_num_queries(25):
        client.get(page("detail", log.pk))
