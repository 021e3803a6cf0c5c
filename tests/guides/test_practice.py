"""«Øv på en sak»: everyone may practise, each answer says why, and nothing is stored."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.guides.rules.practice import practice_steps
from apps.guides.services import load_start_content
from tests.factories import make_employee, make_municipality
from tests.markup import markup

pytestmark = pytest.mark.django_db
STEPS = practice_steps()


def page(client, number, **query):
    return client.get(reverse("guides:practice_step", args=[number]), query)


def test_the_case_is_gone_through_from_the_guide_to_the_end(client):
    make_municipality()
    load_start_content(now=timezone.now())
    start = reverse("guides:practice")
    assert start in markup(client.get(reverse("guides:overview")))
    assert reverse("guides:practice_step", args=[1]) in markup(client.get(start))

    for step in STEPS:
        right = next(option for option in step.options if option.is_right)
        shown = markup(page(client, step.number, svar=right.letter, sendt=1))
        is_last = step.number == len(STEPS)
        onward = reverse("guides:practice_done") if is_last else page_url(step.number + 1)
        assert "Det er lurt" in shown
        assert f'href="{onward}"' in shown
    assert "Ingenting er lagret" in markup(client.get(onward))


def page_url(number):
    return reverse("guides:practice_step", args=[number])


@pytest.mark.parametrize("step", STEPS, ids=lambda step: str(step.number))
def test_each_answer_says_why_and_only_the_right_one_leads_on(client, step):
    make_municipality()
    for option in step.options:
        shown = markup(page(client, step.number, svar=option.letter))
        assert str(option.answer) in shown
        assert ("Neste spørsmål" in shown or "Fullfør øvelsen" in shown) is option.is_right
    assert sum(option.is_right for option in step.options) == 1


def test_every_page_says_that_it_is_an_exercise(client):
    make_municipality()
    pages = [client.get(reverse("guides:practice")), *(page(client, step.number) for step in STEPS)]

    assert all("Dette er en øvelse. Barnet finnes ikke" in markup(each) for each in pages)


def test_no_answer_and_an_unknown_one_ask_again(client):
    make_municipality()

    assert "Velg et av svarene." in markup(page(client, 1, sendt=1))
    assert "Velg et av svarene." in markup(page(client, 1, svar="x", sendt=1))
    assert "Velg et av svarene." not in markup(page(client, 1))


def test_there_is_no_step_beyond_the_last(client):
    make_municipality()

    assert [page(client, number).status_code for number in (0, len(STEPS), len(STEPS) + 1)] == [404, 200, 404]


def test_nothing_is_stored_and_nothing_is_a_log(client):
    make_municipality()
    client.force_login(make_employee())
    page(client, 1)

    with CaptureQueriesContext(connection) as found:
        page(client, 2, svar="a", sendt=1)

    assert [query["sql"] for query in found if not query["sql"].lstrip().upper().startswith("SELECT")] == []


def test_every_text_stands_in_three_languages():
    texts = [text for step in STEPS for text in (step.title, step.story, step.question)]
    texts += [text for step in STEPS for option in step.options for text in (option.text, option.answer)]

    assert all(text.get(language) for text in texts for language in ("nb", "nn", "en"))
