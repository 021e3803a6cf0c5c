"""Texts with an owner: drafted, advised on, approved by two, and old answers keep their words."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.core.dates import local_midnight
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.text import LocalizedText
from apps.municipality.enums import Right, UnitKind
from apps.municipality.selectors.readiness import Reading
from apps.stafettlogg.models import ConsentText
from apps.stafettlogg.selectors import consents, texts
from apps.stafettlogg.services import texts as services
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_coordinator, make_employee, make_role, make_unit

pytestmark = pytest.mark.django_db
KEY = consents.SHARING_CHILD
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def start():
    load_start_texts(now=timezone.now() - 10 * DAY)


@pytest.fixture
def root():
    return make_unit("Fjellvik kommune", kind=UnitKind.MUNICIPALITY)


def having(root, *rights, name="Noen"):
    return make_employee(root, role=make_role("-".join(rights), name=name, rights=rights), name=name)


def draft(actor, *, edition=0, words="Du bestemmer.", valid_from_day=None):
    return services.save_draft(
        KEY,
        title=LocalizedText({"nb": "Dette betyr et ja"}),
        paragraphs=[{"nb": words}, {"nb": "Du kan si nei."}],
        statement=LocalizedText({"nb": "{name} sier ja."}),
        valid_from_day=valid_from_day,
        edition=edition,
        actor=actor,
        now=timezone.now(),
    )


def approve(text, role, actor, **more):
    return services.say(text.pk, role=role, edition=text.edition, actor=actor, now=timezone.now(), **more)


def current():
    return consents.current_text(timezone.now(), KEY)


def test_draft_is_asked_with_by_nobody_before_both_have_approved(root):
    siv, jurist, owner = make_coordinator(root), having(root, Right.JURIST), having(root, Right.OWNER)
    before = current()
    text = draft(siv)
    approve(text, Right.JURIST, jurist)
    one = current()
    approve(text, Right.OWNER, owner)
    text.refresh_from_db()

    assert (one, current()) == (before, before)
    assert text.published_at == local_midnight(timezone.localdate() + DAY)
    assert consents.current_text(timezone.now() + 2 * DAY, KEY) == text
    assert text.number == before.number + 1


def test_it_holds_from_the_day_that_was_chosen(root):
    siv, jurist, owner = make_coordinator(root), having(root, Right.JURIST), having(root, Right.OWNER)
    day = timezone.localdate() + 30 * DAY
    text = draft(siv, valid_from_day=day)
    approve(text, Right.OWNER, owner)
    approve(text, Right.JURIST, jurist)
    text.refresh_from_db()

    assert text.published_at == local_midnight(day)
    with pytest.raises(RuleBroken) as refused:
        draft(siv, valid_from_day=timezone.localdate())
    assert refused.value.code == "valid_from_passed"


def test_the_two_who_approve_are_two_people(root):
    siv, both = make_coordinator(root), having(root, Right.JURIST, Right.OWNER)
    text = draft(siv)
    approve(text, Right.JURIST, both)

    with pytest.raises(RuleBroken) as refused:
        approve(text, Right.OWNER, both)

    assert refused.value.code == "same_person"


def test_officer_advises_and_never_decides(root):
    siv, dpo = make_coordinator(root), having(root, Right.DPO)
    text = draft(siv)
    with pytest.raises(RuleBroken) as empty:
        approve(text, Right.DPO, dpo, words=" ")
    with pytest.raises(AccessDenied):
        approve(text, Right.JURIST, dpo)
    approve(text, Right.DPO, dpo, words="Skriv hvor lenge dere tar vare på det.")
    text.refresh_from_db()

    assert (empty.value.code, text.published_at) == ("no_advice", None)
    assert texts.text_with(KEY, timezone.now()).approved == set()


def test_a_change_takes_the_approvals_away(root):
    siv, jurist = make_coordinator(root), having(root, Right.JURIST)
    text = draft(siv)
    approve(text, Right.JURIST, jurist)
    changed = draft(siv, edition=1, words="Du bestemmer selv.")

    with pytest.raises(RuleBroken) as stale:
        approve(text, Right.JURIST, jurist)
    with pytest.raises(RuleBroken) as overwritten:
        draft(siv, edition=1)

    assert (stale.value.code, overwritten.value.code, changed.edition) == ("edition_changed", "edition_changed", 2)
    assert texts.text_with(KEY, timezone.now()).approved == set()


def test_half_a_translation_is_refused(root):
    with pytest.raises(RuleBroken) as refused:
        services.save_draft(
            KEY,
            title=LocalizedText({"nb": "A"}),
            paragraphs=[{"nb": "En.", "en": "One."}, {"nb": "To."}],
            statement=LocalizedText({}),
            valid_from_day=None,
            edition=0,
            actor=make_coordinator(root),
            now=timezone.now(),
        )

    assert refused.value.code == "paragraphs_differ"


def test_published_text_is_never_changed():
    text = current()
    text.title = {"nb": "Noe annet"}

    with pytest.raises(RuntimeError):
        text.save()


def test_point_is_green_when_every_text_that_holds_is_approved(root):
    jurist, owner = having(root, Right.JURIST, name="Henrik"), having(root, Right.OWNER, name="Tone")
    before = texts.readiness(Reading(timezone.now()))
    for text in ConsentText.objects.all():
        approve(text, Right.JURIST, jurist)
        approve(text, Right.OWNER, owner)
    after = texts.readiness(Reading(timezone.now()))
    draft(make_coordinator(root))

    assert (before.is_ready, after.is_ready, after.by) == (False, True, "Tone")
    # A draft beside it takes nothing from what holds.
    assert texts.readiness(Reading(timezone.now())).is_ready


def test_pages_from_draft_to_approval(root):
    siv, jurist = make_coordinator(root, name="Siv Nes"), having(root, Right.JURIST, name="Henrik Wold")
    coordinator, approver = Client(), Client()
    coordinator.force_login(siv)
    approver.force_login(jurist)
    url = reverse("stafettlogg:text", args=[KEY])
    form = coordinator.get(reverse("stafettlogg:text_draft", args=[KEY])).context["form"]
    names = form["title"].field.widget.widgets_names
    posted = {
        f"title{names[0]}": "Dette betyr et ja",
        f"words{names[0]}": "Du bestemmer.\r\n\r\nDu kan si nei.",
        "edition": form["edition"].value(),
    }
    saved = coordinator.post(reverse("stafettlogg:text_draft", args=[KEY]), posted)
    page = approver.get(url).content.decode()
    ticked = approver.post(url, {"sure": "on"})

    assert (saved.status_code, ticked.status_code) == (302, 302)
    assert "Jeg, Henrik Wold, jurist, godkjenner versjon 3" in page
    assert "Du kan si nei." in page
    assert texts.text_with(KEY, timezone.now()).approved == {"jurist"}
    assert coordinator.post(reverse("stafettlogg:text_discard", args=[KEY])).status_code == 302
    assert texts.text_with(KEY, timezone.now()).draft is None


def test_others_do_not_see_the_texts_here(root):
    client = Client()
    client.force_login(make_employee(root))

    assert client.get(reverse("stafettlogg:texts")).status_code == 403
