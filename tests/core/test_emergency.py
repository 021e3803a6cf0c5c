"""The telephone numbers on the error pages: there when nothing else is."""

import json

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from apps.audit.middleware import unavailable
from apps.core import emergency, http
from apps.core.emergency import Number
from apps.municipality.models import PhoneNumber
from apps.municipality.services import add_phone, remove_phone, save_phone
from apps.portal.seeding.settings import load_demo_settings
from apps.stafettlogg.services.reminders import sweep
from tests.factories import make_citizen, make_coordinator

ALWAYS = ["112", "116 111"]


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def numbers():
    return [each.number for each in emergency.numbers()]


def test_numbers_that_hold_everywhere_are_always_there(tmp_path):
    (tmp_path / "files").mkdir()
    for text in ("", "{", '[["a"]]', "[1]", "null"):
        (tmp_path / "files" / "phones.json").write_text(text, "utf-8")
        assert numbers() == ALWAYS


def test_number_of_the_municipality_is_not_said_twice():
    emergency.keep([Number("Nød: politi", "112"), Number("Barnevernvakta", "00 00 00 01")])

    assert numbers() == ["116 111", "112", "00 00 00 01"]


def test_folder_that_cannot_be_written_stops_nobody(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "file"
    settings.DATA_DIR.write_text("", "utf-8")

    assert emergency.keep([Number("Barnevernvakta", "00 00 00 01")]) is False
    assert numbers() == ALWAYS


@pytest.mark.django_db
def test_numbers_follow_what_the_coordinator_saves(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        load_demo_settings()
    coordinator, today = make_coordinator(), timezone.localdate()
    phone = PhoneNumber.objects.get(key="barnevernvakt")
    fields = {"label": phone.label, "help": phone.help, "number": "55 66 77 88", "on_gate": True}
    assert ("113" in numbers(), "00 00 00 01" in numbers()) == (True, False)  # nobody answers a placeholder

    with django_capture_on_commit_callbacks(execute=True):
        save_phone(phone.pk, fields, version=phone.version, actor=coordinator, today=today)
    changed = numbers()
    with django_capture_on_commit_callbacks(execute=True):
        add_phone(fields | {"label": {"nb": "Krisesenteret"}, "number": "11 22 33 44"}, actor=coordinator, today=today)
        remove_phone(phone.pk, actor=coordinator, today=today)

    assert "55 66 77 88" in changed
    assert ("11 22 33 44" in numbers(), "55 66 77 88" in numbers()) == (True, False)


@pytest.mark.django_db
def test_sweeper_writes_them_where_nobody_has_changed_them():
    load_demo_settings()

    done = sweep(now=timezone.now())
    again = sweep(now=timezone.now())

    assert (done["keep_phones"], again["keep_phones"]) == (1, 0)
    assert "113" in numbers()


@pytest.mark.django_db
def test_every_error_page_has_the_numbers(rf):
    emergency.keep([Number("Barnevernvakta <i>", "00 00 00 01")])
    request = rf.get("/")
    request.user = make_citizen()
    pages = {
        "400": http.handler400(request, None),
        "404": http.not_found_response(),
        "500": http.handler500(request),
        "503": unavailable(),
        "offline": http.unavailable("offline"),
        "403": http.error_page(request, status=403, title="Nei", text="Nei."),
    }

    for number in ("tel:112", "tel:116111", "tel:00000001"):
        assert [name for name, page in pages.items() if number not in page.text] == []
    assert [name for name, page in pages.items() if "Barnevernvakta &lt;i&gt;" not in page.text] == []


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/veileder/vold/", "/veileder/"])
def test_without_a_database_every_page_asks_to_be_tried_again_and_gives_the_numbers(path):
    client = Client(raise_request_exception=False)

    def away(_execute, sql, *_rest):
        raise OperationalError("server closed the connection unexpectedly: Ola")

    with connection.execute_wrapper(away):
        answer = client.get(path)

    assert (answer.status_code, answer.headers["Retry-After"], answer.headers["Cache-Control"]) == (
        503,
        "30",
        "no-store, private",
    )
    assert ("tel:112" in answer.text, "tel:116111" in answer.text) == (True, True)
    assert "Ola" not in answer.text


def test_error_of_ours_is_still_an_error(rf):
    try:
        raise ZeroDivisionError
    except ZeroDivisionError:
        assert http.handler500(rf.get("/")).status_code == 500


def test_file_holds_nothing_but_labels_and_numbers(tmp_path):
    emergency.keep([Number("Barnevernvakta", "00 00 00 01")])

    assert json.loads((tmp_path / "files" / "phones.json").read_text("utf-8")) == [["Barnevernvakta", "00 00 00 01"]]
