"""What holds for each form of the portal, found on the pages: E4, E5 and J4."""

from copy import deepcopy
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from apps.core.models import Draft
from tests import crawl
from tests.posts import bad, judge
from tests.posts.forms import given_back
from tests.posts.garden import Garden, Planted

pytestmark = pytest.mark.django_db
NUMBER = "13097248022"
# The coordinator's texts for everyone are written about no one.
ABOUT_NO_ONE = {"guides:edit_row", "guides:publish"}
FORM_TYPE = "application/x-www-form-urlencoded"


def _filled(planted: Planted, text: str) -> dict[str, list[str]]:
    """The form as someone might fill it in, with `text` in every field for words."""
    values = bad.plausible(planted.form)
    words = {name for name, found in planted.form.fields.items() if found.kind in ("text", "textarea")}
    return values | {name: [text] for name in words if name in values}


def _post(planted: Planted, values) -> bad.Post:
    return bad.Post("filled in", [(name, value) for name, all_of in values.items() for value in all_of])


def _own_forms(garden) -> list[Planted]:
    """The forms of those who are signed in; a button that sends one elsewhere makes no other form of it."""
    return [
        planted
        for planted in garden.planted.values()
        if "form_mark" in planted.form.fields
        and garden.visitors[planted.persona].user is not None
        and not planted.route.startswith("core:")
    ]


def _print(capsys, what, forms, wrong) -> None:
    with capsys.disabled():
        print(f"\n{what}: {len(forms)} forms, {len(wrong)} wrong")


@pytest.mark.drill
def test_every_form_with_a_version_shows_both_texts_to_the_second_writer(capsys):
    """E4: the second tab gets 409 with what she wrote, and nothing of hers is written over what is there."""
    garden, wrong = Garden(personas=("twin_holder", "coordinator", "midwife")), []
    forms = [p for p in _own_forms(garden) if "version" in p.form.fields]
    for planted in forms:
        verdict = judge.send(garden, planted, _post(planted, bad.plausible(planted.form) | {"version": ["999"]}))
        if verdict.answer.status != 409 or verdict.wrong or verdict.changed:
            wrong.append(f"{planted.route}: {verdict.answer.status} {verdict.wrong} {verdict.changed}")
    _print(capsys, "second writer", forms, wrong)
    assert wrong == [], "\n".join(wrong)
    assert len(forms) > 10


@pytest.mark.drill
def test_every_form_sent_on_an_ended_sign_in_comes_back_filled_in(capsys):
    """E5: the text is on the page again, for the same person in the same browser, after signing in."""
    garden, wrong = Garden(), []
    forms = [p for p in _own_forms(garden) if any(f.is_typed for f in p.form.fields.values())]
    for planted in forms:
        cache.clear()
        before, visitor = transaction.savepoint(), garden.visitors[planted.persona]
        cookies = deepcopy(visitor.client.cookies)
        text = f"Solstråle {uuid4().hex[:6]}"
        typed = _filled(planted, text)
        body, _kind = _post(planted, typed).encoded()
        del visitor.client.cookies[settings.SESSION_COOKIE_NAME]
        sent = visitor.client.generic("POST", planted.form.url, body, content_type=FORM_TYPE)
        visitor.client.force_login(visitor.user, backend=crawl.BACKEND)
        back = given_back(visitor.client.get(planted.page).text)
        lost = [
            name
            for name, found in planted.form.fields.items()
            if found.is_typed and typed.get(name, [""]) != [""] and typed[name][0] not in [v.strip() for v in back]
        ]
        if sent.status_code != 302 or lost:
            wrong.append(f"{planted.persona} {planted.route}: {sent.status_code}, lost {lost}")
        transaction.savepoint_rollback(before)
        visitor.client.cookies = cookies
    _print(capsys, "ended sign-in", forms, wrong)
    assert wrong == [], "\n".join(wrong)
    assert Draft.objects.exclude(token_hash="").count() == 0
    assert len(forms) > 30


@pytest.mark.drill
def test_no_free_text_takes_a_national_id(capsys):
    """J4: in every box for words about someone the number is stopped, told of, and can be taken out."""
    garden, wrong, boxes = Garden(), [], 0
    forms = [
        planted
        for planted in _own_forms(garden)
        if planted.route not in ABOUT_NO_ONE and any(f.kind == "textarea" for f in planted.form.fields.values())
    ]
    for planted in forms:
        for name, found in planted.form.fields.items():
            if found.kind == "textarea":
                boxes += 1
                values = bad.plausible(planted.form) | {name: [f"Mor har {NUMBER} som nummer"]}
                verdict = judge.send(garden, planted, _post(planted, values))
                if verdict.answer.status not in (200, 422) or verdict.changed or verdict.wrong:
                    wrong.append(f"{planted.persona} {planted.route} {name}: {verdict.answer.status}")
    _print(capsys, f"national ids in {boxes} boxes", forms, wrong)
    assert wrong == [], "\n".join(wrong)
    assert boxes > 15
