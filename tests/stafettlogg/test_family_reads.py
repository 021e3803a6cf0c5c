"""Asking about an opening, and what addresses and hidden attributes tell of others (S1)."""

import re

import pytest
from django.utils import timezone

from apps.audit.models import ReadEvent
from apps.stafettlogg.selectors import family_reads
from apps.stafettlogg.services.consent_texts import load_start_texts
from tests.factories import make_employee
from tests.stafettlogg.factories import make_log
from tests.stafettlogg.family_pages import page_of, signed_in
from tests.stafettlogg.test_family_pages import family_with_log, read_by, shown

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def texts():
    load_start_texts(now=timezone.now())


def test_a_question_about_an_opening_names_it_and_the_address_does_not():
    log, father = family_with_log()
    event = read_by(make_employee(name="Ane Solheim"), log)
    seen = shown(father.user, "family_seen", log.pk)

    key = re.search(r"\?oppslag=([0-9a-f]{32})\"", seen)[1]

    page = signed_in(father.user).get(f"{page_of('family_messages', log.pk)}?oppslag={key}").content.decode()

    assert str(event.pk) not in re.findall(r"oppslag=(\d+)\"", seen)
    assert "Jeg lurer på hvorfor Ane Solheim åpnet stafettloggen" in page


def test_s01_no_address_counts_the_openings_of_the_portal():
    """The numbers of the read audit are one row for all: two of one's own tell how many others there are between."""
    log, father = family_with_log()
    event = read_by(make_employee(name="Ane Solheim"), log)
    other = read_by(make_employee(), make_log())
    client = signed_in(father.user)
    client.get(page_of("family_seen", log.pk))
    own = ReadEvent.objects.filter(actor_id=father.user_id).latest("pk")
    keys = [str(event.pk), str(own.pk), family_reads._key(own.pk), family_reads._key(other.pk), "æ", "0" * 32]

    pages = [client.get(f"{page_of('family_messages', log.pk)}?oppslag={key}").content.decode() for key in keys]

    assert [key for key, page in zip(keys, pages, strict=True) if "Jeg lurer på" in page] == []


def test_s01_history_tells_days_and_no_instant():
    """The instant a stafettlogg opened is the instant the other guardian said yes."""
    log, father = family_with_log()

    pages = [shown(father.user, name, log.pk) for name in ("family_history", "parent_log", "family_seen")]

    assert 'datetime="' in pages[0]
    assert [found for page in pages for found in re.findall(r'datetime="([^"]*)"', page) if len(found) > 10] == []
