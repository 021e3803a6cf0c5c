"""«Klar til å åpne»: what is red, who may say what, and what the public meets until it is green."""

import datetime
import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.core.errors import AccessDenied, RuleBroken
from apps.guides.services.start import load_start_content
from apps.municipality.checks import municipality_is_real
from apps.municipality.enums import Right, UnitKind
from apps.municipality.models import Municipality, PhoneNumber, ReadinessTick
from apps.municipality.selectors import readiness as points
from apps.municipality.selectors.readiness_points import rung
from apps.municipality.services import readiness, start
from apps.portal.seeding.people import make_people
from apps.portal.seeding.readiness import make_ready
from apps.portal.seeding.settings import load_demo_settings
from apps.stafettlogg.services import requests
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import (
    make_citizen,
    make_coordinator,
    make_employee,
    make_leader,
    make_municipality,
    make_role,
    make_unit,
)

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
SENTENCE = "Portalen er ikke åpnet ennå"
CLOSED_TO_PUBLIC = [
    "/",
    "/veileder/",
    "/veileder/vold/",
    "/veileder/lover/",
    "/barn-og-unge/",
    "/hjelp/",
    "/personvern/",
]


@pytest.fixture
def not_opened(settings):
    """A real installation that has been started and not opened."""
    settings.OPEN_FOR_TRIAL = False
    start.load(now=timezone.now())
    return make_municipality(name="Fjellvik kommune", opened_at=None)


@pytest.fixture
def root():
    return make_unit("Fjellvik kommune", kind=UnitKind.MUNICIPALITY, switched_on_day=None)


@pytest.fixture
def siv(root):
    return make_coordinator(root, name="Siv Nes")


def with_right(root, *rights, name="Noen"):
    return make_employee(root, role=make_role("-".join(rights), name=name, rights=rights), name=name)


@pytest.fixture
def public():
    """Somebody who is not signed in."""
    return Client()


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def standing(key):
    return next(line for line in points.overview(timezone.now()).lines if line.check.key == key)


# What the public meets -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CLOSED_TO_PUBLIC)
def test_public_meets_one_sentence_and_the_numbers_until_it_is_opened(not_opened, public, path):
    response = public.get(path)

    page = response.content.decode()
    assert SENTENCE in page
    assert re.findall(r'href="tel:(\d+)"', page) == ["116111", "112", "113"]
    assert response.headers["Referrer-Policy"] == "no-referrer"


def test_nothing_is_opened_where_nobody_has_started(settings, public):
    settings.OPEN_FOR_TRIAL = False

    assert SENTENCE in public.get("/").content.decode()


def test_families_meet_the_same_and_employees_go_on(not_opened, siv):
    family = signed_in(make_citizen("Mor"))

    assert SENTENCE in family.get(reverse("stafettlogg:children")).content.decode()
    assert SENTENCE not in signed_in(siv).get(reverse("portal:front")).content.decode()


def test_the_way_in_and_what_must_be_readable_are_open(not_opened, public):
    for name in ("account_login", "account_reset_password", "portal:cookies", "portal:accessibility", "portal:robots"):
        assert SENTENCE not in public.get(reverse(name)).content.decode()
    # Other pages ask for sign-in as always.
    assert public.get(reverse("portal:start")).status_code == 302


def test_an_opened_municipality_has_its_pages(not_opened, public):
    make_municipality(opened_at=timezone.now())

    assert SENTENCE not in public.get("/").content.decode()


def test_no_family_is_asked_before_the_opening(not_opened):
    unit = make_unit()
    make_leader(unit)
    nora = make_employee(unit)

    with pytest.raises(RuleBroken) as refused:
        requests._check_may_request(nora, nora.membership, nora.membership, today=timezone.localdate())

    assert refused.value.code == "not_opened"


# Telephone numbers ---------------------------------------------------------------------------------------------------


def test_every_number_is_rung_and_again_after_half_a_year(not_opened, siv):
    now = timezone.now()
    for phone in PhoneNumber.objects.filter(number=""):
        phone.delete()
    for phone in PhoneNumber.objects.all():
        readiness.say_phone_answers(phone.pk, number=phone.tel, actor=siv, now=now)

    assert standing(points.check_with("telefon").key).is_ready
    overview = points.overview(now + 190 * DAY)
    assert "telefon" in {line.check.key for line in overview.red}


def test_another_number_must_be_rung_again(not_opened, siv):
    phone = PhoneNumber.objects.get(key="barnevernvakt")
    with pytest.raises(RuleBroken) as empty:
        readiness.say_phone_answers(phone.pk, number="", actor=siv, now=timezone.now())
    phone.number = "55 66 77 88"
    phone.save()
    readiness.say_phone_answers(phone.pk, number="55667788", actor=siv, now=timezone.now())
    reading = points.Reading(timezone.now())
    was_rung = points_of_phone(reading, phone)
    phone.number = "55 66 77 89"
    phone.save()

    assert (empty.value.code, was_rung, points_of_phone(reading, phone)) == ("placeholder", True, False)
    with pytest.raises(RuleBroken) as changed:
        readiness.say_phone_answers(phone.pk, number="55667788", actor=siv, now=timezone.now())
    assert changed.value.code == "number_changed"


def test_a_number_is_not_emptied_on_its_page(not_opened, siv):
    phone = PhoneNumber.objects.get(key="nod")

    answer = signed_in(siv).post(
        reverse("municipality:phone", args=[phone.pk]),
        {"label_nb": "Politi", "number": "", "order": "1", "version": phone.version},
    )

    assert answer.status_code == 422
    assert "number" in answer.context["form"].errors


def points_of_phone(reading, phone):
    return rung(phone, reading) is not None


# Whose word it is ----------------------------------------------------------------------------------------------------


def test_only_who_has_the_right_vouches(not_opened, root, siv):
    dpo, it = with_right(root, Right.DPO), with_right(root, Right.ADMINISTRATOR)
    now = timezone.now()

    with pytest.raises(AccessDenied):
        readiness.vouch("sikkerhetskopi", actor=siv, now=now, name="Siv Nes")
    with pytest.raises(AccessDenied):
        readiness.vouch("dpia-rad", actor=it, now=now)
    readiness.vouch("sikkerhetskopi", actor=it, now=now, name="Espen i IT", day=timezone.localdate() - DAY)
    readiness.vouch("dpia-rad", actor=dpo, now=now, note="Ingen innvending.")

    backup = standing("sikkerhetskopi").standing
    assert (backup.is_ready, backup.by, backup.day) == (True, "Espen i IT", timezone.localdate() - DAY)
    assert standing("dpia-rad").is_ready


def test_dpia_is_signed_after_the_advice_and_by_another_person(not_opened, root):
    both = with_right(root, Right.DPO, Right.OWNER)
    owner = with_right(root, Right.OWNER)
    now = timezone.now()

    with pytest.raises(RuleBroken) as early:
        readiness.vouch("dpia", actor=owner, now=now)
    readiness.vouch("dpia-rad", actor=both, now=now)
    with pytest.raises(RuleBroken) as same:
        readiness.vouch("dpia", actor=both, now=now)
    readiness.vouch("dpia", actor=owner, now=now)

    assert (early.value.code, same.value.code) == ("not_yet", "same_person")
    assert standing("dpia").is_ready


def test_a_day_to_come_is_refused_and_a_word_can_be_taken_back(not_opened, root):
    it = with_right(root, Right.ADMINISTRATOR)
    with pytest.raises(RuleBroken) as refused:
        readiness.vouch("sikkerhetskopi", actor=it, now=timezone.now(), day=timezone.localdate() + DAY)
    readiness.vouch("sikkerhetskopi", actor=it, now=timezone.now())
    readiness.vouch("sikkerhetskopi", actor=it, now=timezone.now() + datetime.timedelta(seconds=1), holds=False)

    assert refused.value.code == "day_to_come"
    assert not standing("sikkerhetskopi").is_ready
    assert ReadinessTick.objects.count() == 2


def test_words_on_danger_fall_when_the_text_changes(not_opened, siv):
    readiness.vouch("fare-for-liv", actor=siv, now=timezone.now(), name="Lege Lie", title="lege")
    was = standing("fare-for-liv").is_ready
    load_start_content(now=timezone.now())

    assert (was, standing("fare-for-liv").is_ready) == (True, False)


def test_trial_email_is_confirmed_by_its_code(not_opened, siv):
    readiness.send_trial_email("prove@fjellvik.kommune.no", actor=siv, today=timezone.localdate())

    (sent,) = mail.outbox
    code = re.search(r"\b\d{6}\b", sent.body)[0]
    with pytest.raises(RuleBroken) as wrong:
        readiness.confirm_trial_email("prove@fjellvik.kommune.no", "000000x", actor=siv, now=timezone.now())
    readiness.confirm_trial_email("Prove@fjellvik.kommune.no", code, actor=siv, now=timezone.now())

    assert (sent.to, wrong.value.code, standing("e-post").is_ready) == (
        ["prove@fjellvik.kommune.no"],
        "wrong_code",
        True,
    )


# The page and the opening --------------------------------------------------------------------------------------------


def test_page_says_what_is_red_and_does_not_open(not_opened, siv):
    client = signed_in(siv)

    page = client.get(reverse("municipality:readiness")).content.decode()
    answer = client.post(reverse("municipality:readiness"), {"sure": "on"})

    assert "Telefonnumrene er ringt og svarte" in page
    assert "Åpne portalen for innbyggerne" not in page
    assert (answer.status_code, Municipality.objects.get().opened_at) == (302, None)
    with pytest.raises(RuleBroken) as refused:
        readiness.open_portal(actor=siv, now=timezone.now())
    assert refused.value.code == "not_ready"


def test_who_has_no_point_does_not_see_the_page(not_opened):
    answer = signed_in(make_employee()).get(reverse("municipality:readiness"))

    assert answer.status_code == 403


@pytest.fixture
def green(settings):
    """The invented municipality with every point green, and not opened yet."""
    settings.DEMO, settings.OPEN_FOR_TRIAL = True, False
    before = timezone.now() - 365 * DAY
    load_demo_settings()
    load_start_content(now=before, reviewed_by="Jurist", reviewed_day=before.date())
    load_start_texts(now=before)
    people = make_people()
    make_ready(people, now=timezone.now())
    make_municipality(opened_at=None)
    return people


def test_coordinator_opens_when_all_is_green(green, public):
    kari = green.user("kari")

    assert [line.check.key for line in points.overview(timezone.now()).red] == []
    page = signed_in(kari).get(reverse("municipality:readiness")).content.decode()
    unticked = signed_in(kari).post(reverse("municipality:readiness"), {"sure": ""})
    opened = signed_in(kari).post(reverse("municipality:readiness"), {"sure": "on"})

    assert "Jeg, Kari Myhre, har sett at alt stemmer" in page
    assert (unticked.status_code, opened.status_code) == (422, 302)
    row = Municipality.objects.get()
    assert (row.opened_by, row.opened_at is not None) == (kari, True)
    assert row.history.first().history_user == kari
    assert SENTENCE not in public.get("/").content.decode()


def test_another_than_the_coordinator_does_not_open(green):
    answer = signed_in(green.user("astrid")).post(reverse("municipality:readiness"), {"sure": "on"})

    assert (answer.status_code, Municipality.objects.get().opened_at) == (302, None)


def test_what_is_red_later_closes_nothing(not_opened, public):
    make_municipality(opened_at=timezone.now())

    assert points.overview(timezone.now()).red
    assert SENTENCE not in public.get("/").content.decode()


def test_each_unit_has_a_list_of_its_own_that_holds_back_nobody(not_opened, root, siv):
    nursery = make_unit("Solbakken", parent=root)
    school = make_unit("Fjordvik skole", kind=UnitKind.SCHOOL, parent=root)
    make_leader(nursery, name="Lars Bakken")
    before = {line.unit.name: line.is_ready for line in points.overview(timezone.now()).units}
    signed_in(siv).post(reverse("municipality:readiness_staff_list", args=[nursery.pk]))

    overview = points.overview(timezone.now())
    assert before == {"Solbakken": False, "Fjordvik skole": False}
    assert [line.unit.name for line in overview.units_waiting] == ["Fjordvik skole"]
    assert school.name in standing("ledere").text


def test_list_costs_the_same_for_1_and_20_units(not_opened, root):
    make_unit(parent=root)
    with CaptureQueriesContext(connection) as one:
        points.overview(timezone.now())
    for _number in range(19):
        make_leader(make_unit(parent=root))
    with CaptureQueriesContext(connection) as many:
        points.overview(timezone.now())

    assert len(one) == len(many)


# check --deploy ------------------------------------------------------------------------------------------------------


def found():
    return {each.id for each in municipality_is_real(None)}


def test_deploy_fails_where_nobody_has_started():
    assert found() == {"municipality.E201"}


def test_deploy_fails_on_placeholders_and_unapproved_texts():
    load_demo_settings()

    messages = [each.msg for each in municipality_is_real(None) if each.id.startswith("municipality.E")]
    assert "municipality.E202" in found()
    assert any("phone" in text and "dpo_phone" in text for text in messages)
    assert any("Tekstene om samtykke er godkjent" in text for text in messages)


def test_points_that_are_no_untruth_are_warnings(not_opened):
    warned = {each.msg for each in municipality_is_real(None) if each.id == "municipality.W204"}

    assert any("sikkerhetskopi" in text for text in warned)


# What others have chosen ----------------------------------------------------------------------------------------------


def test_coordinator_sees_where_the_templates_differ_from_ours(not_opened, siv):
    page = signed_in(siv).get(reverse("municipality:choices")).content.decode()

    assert "Foresatte, og ungdom fra 15 år. Hos dere: Foresatte, og fra 16 år ungdommen alene." in page
    assert "BTI-veileder. Hos dere: handlingsveileder." in page
