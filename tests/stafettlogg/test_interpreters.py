"""Language and interpreter on the first screen: one press, kept until «Avtalt», and the newest choice counts."""

import pytest
from django.utils import timezone

from apps.notifications.selectors import tasks_for
from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.models import ConsentAnswer
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_citizen
from tests.stafettlogg.factories import make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import main_of, newest_request, page_of, signed_in, walk_to_summary

pytestmark = pytest.mark.django_db


@pytest.fixture
def log():
    load_start_texts(now=timezone.now())
    child = make_child()
    return make_log(status=LogStatus.REQUESTED, child=child, guardians=[make_guardian(child, name="Iwona Nowak")])


def intro_of(log):
    return page_of("answer", log.pk, newest_request(log).pk)


def interpreter_tasks(log):
    tasks = tasks_for(log.holder.user, timezone.now())
    return [task.text for task in tasks if task.code == "interpreter"]


def test_languages_stand_in_their_own_script_before_anything_else(log):
    client = signed_in(log.guardians[0].user)

    for page in (main_of(client.get(page_of("children"))), main_of(client.get(intro_of(log)))):
        for native in ("Polski", "العربية", "ትግርኛ", "Davvisámegiella"):
            assert native in page
    intro = main_of(client.get(intro_of(log)))
    assert intro.index("Polski") < intro.index("Du kan si nei") < intro.index("Start")


def test_one_press_is_the_holders_task_until_it_is_ticked(log):
    guardian = log.guardians[0]
    client, holder = signed_in(guardian.user), signed_in(log.holder.user)

    page = client.post(intro_of(log), {"tolk": "pl"}, follow=True).content.decode()

    assert "ringer deg med tolk" in page
    assert interpreter_tasks(log) == ["Iwona Nowak (polsk) trenger tolk før det er mulig å svare."]
    shown = main_of(holder.get(page_of("consents", log.pk)))
    wish = log.interpreter_wishes.get()
    assert ("Tolk: polsk" in shown, page_of("interpreter_arranged", log.pk, wish.pk) in shown) == (True, True)
    holder.post(page_of("interpreter_arranged", log.pk, wish.pk))
    assert interpreter_tasks(log) == []
    assert "Avtalt" in main_of(holder.get(page_of("consents", log.pk)))


def test_it_is_taken_back_and_another_language_is_the_newest(log):
    guardian = log.guardians[0]
    client = signed_in(guardian.user)

    client.post(intro_of(log), {"tolk": "pl"})
    client.post(intro_of(log), {"tolk": "prs"})
    newest = log.interpreter_wishes.get().language
    client.post(intro_of(log), {"angre": "ja"})
    guardian.refresh_from_db()

    assert (newest, interpreter_tasks(log), guardian.needs_interpreter) == ("prs", [], False)


def test_language_that_is_not_offered_asks_for_nothing(log):
    signed_in(log.guardians[0].user).post(intro_of(log), {"tolk": "xx"})

    assert log.interpreter_wishes.count() == 0


def test_portals_own_language_follows_everywhere_and_the_newest_choice_counts(log):
    guardian = log.guardians[0]
    client = signed_in(guardian.user)
    step = page_of("answer_step", log.pk, newest_request(log).pk, 1)

    client.post(intro_of(log), {"tolk": "en"})
    first = client.get(step).headers["Content-Language"]
    client.post("/sprak/", {"language": "nn"})

    assert (first, client.get(step).headers["Content-Language"]) == ("en", "nn")
    assert client.get(page_of("children")).headers["Content-Language"] == "nn"


def test_receipt_and_pdf_are_in_the_language_of_the_answer(log):
    client = signed_in(log.guardians[0].user)
    client.post(intro_of(log), {"language": "en"})
    client.post(walk_to_summary(client, log, {log.unit: True}), {"svar": "ja"})
    answer = ConsentAnswer.objects.get()
    client.post("/sprak/", {"language": "nb"})

    page = client.get(page_of("consent_receipt", log.pk, answer.pk))
    pdf = client.get(page_of("consent_receipt_pdf", log.pk, answer.pk))

    assert (answer.language, page.headers["Content-Language"], pdf.status_code) == ("en", "en", 200)
    assert "You have given consent" in page.content.decode()


def test_nobody_elses_wish_is_arranged(log):
    other = make_log()
    signed_in(log.guardians[0].user).post(intro_of(log), {"tolk": "pl"})
    wish = log.interpreter_wishes.get()

    for user in (other.holder.user, make_citizen()):
        assert signed_in(user).post(page_of("interpreter_arranged", other.pk, wish.pk)).status_code == 404
    wish.refresh_from_db()
    assert wish.arranged_at is None
