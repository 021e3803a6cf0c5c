"""The family's page while the child is not born."""

import datetime

import pytest
from django.utils import timezone

from apps.stafettlogg.services.closing import close_quietly
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.markup import markup
from tests.stafettlogg.factories import make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import page_of, signed_in


@pytest.mark.django_db
@pytest.mark.parametrize("is_born", [True, False])
def test_child_who_is_not_born_has_no_voice_yet(is_born):
    load_start_texts(now=timezone.now())
    soon = timezone.localdate() + datetime.timedelta(days=60)
    child = make_child() if is_born else make_child(given_name="", birth_date=None, expected_day=soon)
    mother = make_guardian(child, relation="mother" if is_born else "pregnant")
    log = make_log(child=child, guardians=[mother])

    page = markup(signed_in(mother.user).get(page_of("parent_log", log.pk)))

    assert ("Det Emma selv mener, er ikke skrevet inn ennå." in page) is is_born
    assert f'<span aria-current="page">{"Emma" if is_born else "Barnet"}</span>' in page


@pytest.mark.django_db
def test_after_a_quiet_closing_the_start_page_does_not_name_the_child():
    load_start_texts(now=timezone.now())
    soon = timezone.localdate() + datetime.timedelta(days=60)
    child = make_child(given_name="", birth_date=None, expected_day=soon)
    mother = make_guardian(child, relation="pregnant")
    log = make_log(child=child, guardians=[mother])
    before = signed_in(mother.user).get(page_of("children")).content.decode()
    close_quietly(log.pk, actor=log.holder.user, now=timezone.now())

    after = signed_in(mother.user).get(page_of("children")).content.decode()

    words = ("Ventet barn", "jordmora")
    assert [text in before for text in words] == [True, True]
    assert [text in after for text in words] == [False, False]
    assert [words in page for page in (before, after) for words in ("foresatt for", "Barna dine</h1>")] == [False] * 4
    assert page_of("parent_log", log.pk) in after
