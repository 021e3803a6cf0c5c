"""What holds for each form of the portal, found on the pages: E4, E5 and J4."""

from copy import deepcopy
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from apps.core.models import Draft
from tests import crawl
from tests.posts import bad, checks
from tests.posts.every_form import EveryForm, FormOnPage
from tests.posts.forms import given_back

pytestmark = pytest.mark.django_db
NUMBER = "13097248022"
# The coordinator's texts for everyone are written about no one.
ABOUT_NO_ONE = {"guides:edit_row", "guides:publish"}
FORM_TYPE = "application/x-www-form-urlencoded"


def _filled(target: FormOnPage, text: str) -> dict[str, list[str]]:
    """The form as someone might fill it in, with `text` in every field for words."""
    values = bad.plausible(target.form)
    words = {name for name, found in target.form.fields.items() if found.kind in ("text", "textarea")}
    return values | {name: [text] for name in words if name in values}


def _post(target: FormOnPage, values) -> bad.Post:
    return bad.Post("filled in", [(name, value) for name, all_of in values.items() for value in all_of])


def _own_forms(every_form) -> list[FormOnPage]:
    """The forms of those who are signed in; a button that sends one elsewhere makes no other form of it."""
    return [
        target
        for target in every_form.found.values()
        if "form_mark" in target.form.fields
        and every_form.visitors[target.persona].user is not None
        and not target.route.startswith("core:")
    ]


def _print(capsys, what, forms, wrong) -> None:
    with capsys.disabled():
        print(f"\n{what}: {len(forms)} forms, {len(wrong)} wrong")


@pytest.mark.drill
def test_every_form_with_a_version_shows_both_texts_to_the_second_writer(capsys):
    """E4: the second tab gets 409 with what she wrote, and nothing of hers is written over what is there."""
    every_form, wrong = EveryForm(personas=("twin_holder", "coordinator", "midwife")), []
    forms = [p for p in _own_forms(every_form) if "version" in p.form.fields]
    for target in forms:
        verdict = checks.send(every_form, target, _post(target, bad.plausible(target.form) | {"version": ["999"]}))
        if verdict.answer.status != 409 or verdict.wrong or verdict.changed:
            wrong.append(f"{target.route}: {verdict.answer.status} {verdict.wrong} {verdict.changed}")
    _print(capsys, "second writer", forms, wrong)
    assert wrong == [], "\n".join(wrong)
    assert len(forms) > 10


@pytest.mark.drill
def test_every_form_sent_on_an_ended_sign_in_comes_back_filled_in(capsys):
    """E5: the text is on the page again, for the same person in the same browser, after signing in."""
    every_form, wrong = EveryForm(), []
    forms = [p for p in _own_forms(every_form) if any(f.is_typed for f in p.form.fields.values())]
    for target in forms:
        cache.clear()
        before, visitor = transaction.savepoint(), every_form.visitors[target.persona]
        cookies = deepcopy(visitor.client.cookies)
        text = f"Solstråle {uuid4().hex[:6]}"
        typed = _filled(target, text)
        body, _kind = _post(target, typed).encoded()
        del visitor.client.cookies[settings.SESSION_COOKIE_NAME]
        sent = visitor.client.generic("POST", target.form.url, body, content_type=FORM_TYPE)
        visitor.client.force_login(visitor.user, backend=crawl.BACKEND)
        back = given_back(visitor.client.get(target.page).text)
        lost = [
            name
            for name, found in target.form.fields.items()
            if found.is_typed and typed.get(name, [""]) != [""] and typed[name][0] not in [v.strip() for v in back]
        ]
        if sent.status_code != 302 or lost:
            wrong.append(f"{target.persona} {target.route}: {sent.status_code}, lost {lost}")
        transaction.savepoint_rollback(before)
        visitor.client.cookies = cookies
    _print(capsys, "ended sign-in", forms, wrong)
    assert wrong == [], "\n".join(wrong)
    assert Draft.objects.exclude(token_hash="").count() == 0
    assert len(forms) > 30


@pytest.mark.drill
def test_no_free_text_takes_a_national_id(capsys):
    """J4: in every box for words about someone the number is stopped, told of, and can be taken out."""
    every_form, wrong, boxes = EveryForm(), [], 0
    forms = [
        target
        for target in _own_forms(every_form)
        if target.route not in ABOUT_NO_ONE and any(f.kind == "textarea" for f in target.form.fields.values())
    ]
    for target in forms:
        for name, found in target.form.fields.items():
            if found.kind == "textarea":
                boxes += 1
                values = bad.plausible(target.form) | {name: [f"Mor har {NUMBER} som nummer"]}
                verdict = checks.send(every_form, target, _post(target, values))
                if verdict.answer.status not in (200, 422) or verdict.changed or verdict.wrong:
                    wrong.append(f"{target.persona} {target.route} {name}: {verdict.answer.status}")
    _print(capsys, f"national ids in {boxes} boxes", forms, wrong)
    assert wrong == [], "\n".join(wrong)
    assert boxes > 15
