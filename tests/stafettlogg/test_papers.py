"""The question on paper is one sheet: what is asked in front, what is good to know on the back."""

import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from apps.municipality.enums import Purpose, UnitKind
from apps.stafettlogg.enums import LogStatus
from apps.stafettlogg.services import consent_questions
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_employee, make_municipality, make_unit
from tests.stafettlogg.factories import make_child, make_guardian, make_log
from tests.stafettlogg.family_pages import newest_request, page_of, signed_in

pytestmark = pytest.mark.django_db
FOUR = {
    UnitKind.PPT: ("PP-tjenesten", Purpose.LANGUAGE),
    UnitKind.HEALTH_STATION: ("Helsestasjonen", Purpose.SLEEP),
    UnitKind.CULTURE_SCHOOL: ("Solvik kulturskole", Purpose.LEISURE),
    UnitKind.DOCTOR: ("Fjordlegene", Purpose.HEALTH),
}


def _unit(kind):
    if kind == UnitKind.DOCTOR:
        return make_unit("Fjordlegene", kind=kind, is_external=True, controller_name="Fjordlegene AS")
    return make_unit(FOUR[kind][0] if kind in FOUR else "NAV Solvik", kind=kind)


def log_with_question(kinds=tuple(FOUR), status=LogStatus.ACTIVE, language="nb"):
    load_start_texts(now=timezone.now())
    make_municipality(address="Fjordgata 3, 4110 Solvik", dpo_name="Pia Ombud", dpo_phone="51000002", phone="51000000")
    units = [_unit(kind) for kind in kinds]
    child = make_child("Noah")
    holder = make_employee(make_unit("Solbakken barnehage", contact_phone="51000001"), name="Ane Solheim")
    holder.language = language
    holder.save()
    log = make_log(
        status=status, holder=holder, child=child, guardians=[make_guardian(child, name="Øystein Brandvoll")]
    )
    why = {unit.pk: FOUR[unit.kind][1] for unit in units if unit.kind in FOUR}
    consent_questions.ask_consent(
        log.pk,
        unit_ids=[unit.pk for unit in units],
        purposes=why if status == LogStatus.ACTIVE else {},
        actor=holder,
        now=timezone.now(),
    )
    return log


def sheet(log, query="") -> list[str]:
    """The words of each page."""
    address = page_of("consent_paper", log.pk, newest_request(log).pk, str(log.guardians[0].pk))
    response = signed_in(log.holder.user).get(address + query)
    assert response.status_code == 200
    reader = PdfReader(io.BytesIO(b"".join(response) if response.streaming else response.content))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_four_services_are_one_sheet_and_no_card_is_split(language):
    log = log_with_question(language=language)

    pages = sheet(log)

    assert len(pages) == 2
    assert [name for name, _why in FOUR.values() if name not in pages[0]] == []


def test_the_front_says_what_is_asked_why_until_when_and_where_it_goes():
    front, back = sheet(log_with_question())

    for words in (
        "Svar innen",
        "Til Øystein Brandvoll",
        "Kan vi samarbeide med andre om Noah?",
        "Noah mister ingen rettigheter",
        "For å hjelpe Noah med språket",
        "Fjordlegene AS",
        "Trenger du tolk?",
        "Polski",
        "Fjordgata 3",
        "51 00 00 01",
        "Snu arket",
    ):
        assert words.replace(" ", "") in front.replace(" ", "").replace("\xa0", ""), words
    assert "her i portalen" not in front + back
    assert "Pia Ombud" in back
    assert "/barna-dine/" in back


def test_s05_before_the_log_is_open_the_sheet_says_why_no_reason_stands_there():
    front, _back = sheet(log_with_question(status=LogStatus.REQUESTED))

    assert "Vi skriver ingenting før dere har sagt ja." in front
    assert "For å hjelpe Noah" not in front


def test_s03_the_paper_about_the_child_says_nothing_of_the_guardian_herself():
    """Her own question is a paper of its own: test_consents_own.py."""
    front, back = sheet(log_with_question(kinds=(UnitKind.NAV,)))

    assert "om deg selv" not in front
    assert "NAV Solvik" in front
    assert "Godt å vite" in back


def test_how_information_is_processed_can_be_printed_too():
    words = " ".join(sheet(log_with_question(kinds=(UnitKind.PPT,)), "?del=informasjon"))

    assert "Slik behandler vi opplysninger" in words
    assert "Hvor lenge lagrer vi?" in words
