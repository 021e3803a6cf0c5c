"""A service with its own measures through HTTP: what it reads, what it meets, what the family is told (adr/0016)."""

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.stafettlogg.enums import ConsentScope
from apps.stafettlogg.selectors.log_list import OTHERS as OTHERS_LOGS
from apps.stafettlogg.selectors.log_list import Wanted, logs_for_list
from apps.stafettlogg.services.consent_questions import ask_consent
from apps.stafettlogg.services.consent_texts import load_start_texts
from apps.stafettlogg.services.leaders import open_with_reason
from apps.stafettlogg.services.messages import write_message
from tests.factories import make_leader
from tests.markup import markup
from tests.stafettlogg.factories import give_consents, make_measure
from tests.stafettlogg.scopes import OTHERS, OWN, make_scene

pytestmark = pytest.mark.django_db
READ = ("detail", "plan", "messages", "participants", "leave", "disqualified")
REFUSED = ("history", "voice", "summary_pdf", "seen", "consents", "evaluate", "reason", "invite", "close", "guardians")


@pytest.fixture
def scene():
    return make_scene()


def get(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(name, args=args))


def in_log(scene, names):
    return [(f"stafettlogg:{name}", scene.log.pk) for name in names]


def test_service_with_own_measures_meets_nothing_of_the_others_on_any_page(client, scene):
    write_message(
        scene.log.pk,
        text="Øvelse tirsdag",
        audience="unit",
        unit_id=scene.music.pk,
        actor=scene.log.holder.user,
        now=timezone.now(),
    )
    measure = ("stafettlogg:measure_status", scene.log.pk, scene.own.pk)
    pages = [*in_log(scene, READ), measure, ("stafettlogg:list",), ("portal:start",), ("notifications:list",)]

    answers = {page[0]: get(client, scene.ane, *page) for page in pages}

    assert {answer.status_code for answer in answers.values()} == {200}
    shown = {(name, words) for name, answer in answers.items() for words in OTHERS if words in answer.content.decode()}
    assert shown == set()
    for name in ("stafettlogg:detail", "stafettlogg:plan"):
        assert all(words in answers[name].content.decode() for words in OWN)
    assert "Øvelse tirsdag" in answers["stafettlogg:messages"].content.decode()
    assert "Hilde Holder" in answers["stafettlogg:participants"].content.decode()


@pytest.mark.parametrize("name", REFUSED)
def test_page_of_the_whole_log_is_refused_with_a_reason_and_written_down(client, scene, name):
    answer = get(client, scene.ane, f"stafettlogg:{name}", scene.log.pk)

    assert answer.status_code == 403
    assert not any(words in answer.content.decode() for words in OTHERS)
    assert ReadEvent.objects.filter(actor_id=scene.ane.pk, action="refused").count() == 1


def test_measure_of_another_service_is_not_there(client, scene):
    other = make_measure(scene.goal, "En annens")

    answer = get(client, scene.ane, "stafettlogg:measure_status", scene.log.pk, other.pk)

    assert answer.status_code == 403


def test_those_who_read_all_of_the_log_meet_what_they_met(client, scene):
    pages = [get(client, scene.per, *page).content.decode() for page in in_log(scene, ("plan", "messages", "history"))]

    assert all(any(words in page for page in pages) for words in (*OWN, OTHERS[2], OTHERS[6], OTHERS[7], "Nivå 1"))


def test_leader_reads_through_the_consent_of_the_own_service(client, scene):
    leader = make_leader(scene.music)
    open_with_reason(scene.log.pk, ground="control", actor=leader, now=timezone.now())

    pages = [get(client, leader, *page) for page in in_log(scene, ("detail", "plan", "history"))]

    assert [page.status_code for page in pages] == [200, 200, 403]
    assert not any(words in page.content.decode() for page in pages for words in OTHERS)


def test_number_of_queries_does_not_grow_with_the_plan(client, scene, django_assert_max_num_queries):
    url = reverse("stafettlogg:plan", args=[scene.log.pk])
    client.force_login(scene.ane)
    client.get(url)
    with django_assert_max_num_queries(60) as first:
        client.get(url)
    for _number in range(8):
        make_measure(scene.goal, unit_id=scene.music.pk)

    with django_assert_max_num_queries(len(first)):
        client.get(url)


def test_family_reads_how_much_each_service_reads(client, scene):
    mother = scene.log.guardians[0].user

    people = markup(get(client, mother, "stafettlogg:family_people", scene.log.pk))
    log = markup(get(client, mother, "stafettlogg:parent_log", scene.log.pk))

    assert "Kulturskolen: leser bare sine egne tiltak" in people
    assert "PP-tjenesten: leser hele stafettloggen" in people
    assert "Kulturskolen (leser bare sine egne tiltak)" in log


def test_the_card_of_a_question_says_how_much_the_service_will_read(client, scene):
    load_start_texts(now=timezone.now())
    asked = ask_consent(
        scene.log.pk,
        unit_ids=[scene.music.pk, scene.ppt.pk],
        scopes={scene.ppt.pk: ConsentScope.LOG},
        actor=scene.log.holder.user,
        now=timezone.now(),
    )
    client.force_login(scene.log.guardians[0].user)

    step = reverse("stafettlogg:answer_step", args=[scene.log.pk, asked.pk, 1])
    page = client.post(step, follow=True).content.decode()

    assert "Leser bare sine egne tiltak" in page
    assert "Leser hele stafettloggen" in page


def test_message_to_all_says_whom_it_does_not_reach(client, scene):
    for user in (scene.log.holder.user, scene.per):
        page = markup(get(client, user, "stafettlogg:messages", scene.log.pk))
        assert "Disse er bare med på egne tiltak, og leser det ikke:" in page
        assert "<li>Kulturskolen</li>" in page
    family = markup(get(client, scene.log.guardians[0].user, "stafettlogg:family_messages", scene.log.pk))
    assert "<li>Kulturskolen</li>" in family


def test_what_was_read_before_is_not_read_once_the_family_says_less(client, scene):
    assert get(client, scene.per, "stafettlogg:history", scene.log.pk).status_code == 200
    now = timezone.now()
    ask_consent(
        scene.log.pk,
        unit_ids=[scene.ppt.pk],
        scopes={scene.ppt.pk: ConsentScope.MEASURES},
        actor=scene.log.holder.user,
        now=now,
    )
    give_consents(scene.log)

    assert get(client, scene.per, "stafettlogg:history", scene.log.pk).status_code == 403


def test_the_log_says_how_much_a_service_may_read_from_when_it_opened(client, scene):
    family = markup(get(client, scene.log.guardians[0].user, "stafettlogg:family_history", scene.log.pk))
    staff = markup(get(client, scene.per, "stafettlogg:detail", scene.log.pk))

    assert "Kulturskolen kan lese sine egne tiltak" in family
    assert "PP-tjenesten kan lese stafettloggen" in family
    assert "<li>Kulturskolen (leser bare sine egne tiltak)</li>" in staff


def test_her_own_consents_say_how_much_she_has_said_yes_to(client, scene):
    page = markup(get(client, scene.log.guardians[0].user, "stafettlogg:own_consents", scene.log.pk))

    assert "Kulturskolen (leser bare sine egne tiltak)" in page
    assert "PP-tjenesten (" not in page


@pytest.mark.parametrize(("who", "found"), [("ane", 0), ("per", 1)])
def test_list_narrowed_to_a_level_has_the_logs_whose_level_one_may_know(scene, who, found):
    wanted = Wanted(OTHERS_LOGS, level=scene.log.level)

    assert len(logs_for_list(getattr(scene, who), wanted, now=timezone.now()).cards) == found
