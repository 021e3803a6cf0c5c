"""What comes of being away: who stands in, what is taken away again, and who learns of it (safety.md S20)."""

import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import Absence
from apps.municipality.enums import UnitKind
from apps.notifications.models import Notice
from apps.stafettlogg.enums import ConsentScope, DeputyState
from apps.stafettlogg.models import ConsentWindow, Deputy, LogAccess
from apps.stafettlogg.services import deputies
from tests.factories import make_absence, make_leader
from tests.markup import markup
from tests.stafettlogg.absences import asked, day, get, send, url_of
from tests.stafettlogg.factories import (
    make_child,
    make_citizen,
    make_employee,
    make_log,
    make_participant,
    make_unit,
    open_window,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make_unit("Solbakken barnehage")


@pytest.fixture
def leader(unit):
    return make_leader(unit, name="Lars Bakken")


@pytest.fixture
def hanne(unit):
    return make_employee(unit, name="Hanne Lund")


@pytest.fixture
def ane(unit):
    return make_employee(unit, name="Ane Solheim", title="Barnehagelærer")


@pytest.fixture
def mona(unit):
    return make_employee(unit, name="Mona Lie")


@pytest.fixture
def log(hanne):
    return make_log(holder=hanne, child=make_child("Oda", "Berg"))


def test_absence_without_a_log_needs_no_deputy(client, ane):
    form = get(client, ane, "own_absence")
    sent = send(client, ane, "own_absence", first=1, last=1)

    assert {field.name for field in form.context["form"].visible_fields()} == {"first_day", "last_day"}
    page = markup(client.get(sent.url))
    assert "Ingen er spurt om å være vikar" in page
    assert page.count(f"{day(1).year}") == 1


def test_taking_the_absence_away_ends_the_deputies_at_once(client, log, hanne, ane):
    send(client, hanne, "own_absence", first=0, person=ane.pk)
    deputy = Deputy.objects.get()
    deputies.accept_deputy(deputy.pk, actor=ane, now=timezone.now())
    assert get(client, ane, "detail", log.pk).status_code == 200

    assert "Ingen er vikar på grunn av dette fraværet" in markup(
        get(client, hanne, "absence_cancel", deputy.absence_id)
    )
    client.post(url_of("absence_cancel", deputy.absence_id))

    assert get(client, ane, "detail", log.pk).status_code == 404
    deputy.refresh_from_db()
    assert (deputy.state, Absence.objects.count()) == (DeputyState.ENDED, 0)
    assert Notice.objects.filter(recipient=ane, kind="deputy_ended").count() == 1


def test_absence_is_seen_and_taken_away_by_oneself_and_those_who_look_after_one(client, hanne, leader, ane):
    absence = make_absence(hanne, first_day=day(2), last_day=day(4))
    over = make_absence(hanne, first_day=day(-4), last_day=day(-2))

    seen = {
        user.name: [get(client, user, name, absence.pk).status_code for name in ("absence_page", "absence_cancel")]
        for user in (hanne, leader, ane, make_leader(name="Annen leder"), make_citizen("Ola Vik"))
    }
    client.force_login(ane)
    refused = client.post(url_of("absence_cancel", absence.pk)).status_code
    gone = [get(client, hanne, "absence_page", over.pk).status_code, Absence.objects.count()]
    client.force_login(leader)
    back = client.post(url_of("absence_cancel", absence.pk)).url

    assert seen == {
        "Hanne Lund": [200, 200],
        "Lars Bakken": [200, 200],
        "Ane Solheim": [404, 404],
        "Annen leder": [404, 404],
        "Ola Vik": [404, 404],
    }
    assert (refused, gone, back) == (404, [404, 2], reverse("accounts:person", args=[hanne.pk]))
    assert Absence.objects.get() == over


def test_service_with_its_own_measures_is_offered_no_deputyship(client, log, hanne, ane):
    music = make_unit("Kulturskolen", kind=UnitKind.CULTURE_SCHOOL)
    teacher = make_participant(log, music)
    window = ConsentWindow.objects.get(log=log, unit=music)
    window.scope = ConsentScope.MEASURES
    window.save()

    own = get(client, teacher, "own_absence")
    form = markup(get(client, hanne, "own_absence"))

    assert "person" not in own.context["form"].fields
    assert "Oda" not in markup(own)
    assert teacher.name not in form
    answer = send(client, hanne, "own_absence", person=teacher.pk)
    assert (answer.status_code, Deputy.objects.count()) == (422, 0)


def test_a_coming_absence_is_a_task_for_the_leader_two_weeks_before(client, log, hanne, leader, ane):
    absence = make_absence(hanne, first_day=day(15), last_day=day(20))
    assert "Velg vikar for stafettholderen til Oda" not in markup(get(client, leader, "leader"))
    absence.first_day = day(14)
    absence.save()

    page = markup(get(client, leader, "leader"))
    send_days = {"first_day": day(14).isoformat(), "last_day": day(20).isoformat()}
    data = {"form_key": str(uuid.uuid4()), "person": ane.membership.pk, "svar": "send"}
    client.post(url_of("deputy_new", log.pk), data | send_days)

    assert "Velg vikar for stafettholderen til Oda" in page
    assert "Velg vikar for stafettholderen til Oda" not in markup(get(client, leader, "leader"))
    assert Deputy.objects.get().absence == Absence.objects.get()


def test_with_a_deputy_for_later_days_the_leader_may_choose_one_for_today(client, log, hanne, leader, ane):
    make_absence(hanne, first_day=day(0), last_day=day(20))
    deputies.appoint_deputy(
        log.pk, membership=ane.membership, first_day=day(10), last_day=day(20), actor=leader, now=timezone.now()
    )

    page = markup(get(client, leader, "leader"))

    assert "Venter på Ane Solheim" in page
    assert f'href="{url_of("deputy_new", log.pk)}"' in page


def test_deputy_who_has_said_yes_sees_the_coming_days(client, log, hanne, ane):
    send(client, hanne, "own_absence", first=2, last=2, person=ane.pk)
    deputy = Deputy.objects.get()
    deputies.accept_deputy(deputy.pk, actor=ane, now=timezone.now())

    client.force_login(ane)
    start = markup(client.get(reverse("portal:start")))
    page = markup(client.get(url_of("deputy_answer", deputy.pk)))

    assert "Du blir vikar for stafettholderen til Oda" in start
    assert "Du leser stafettloggen fra og med" in page
    assert get(client, ane, "detail", log.pk).status_code == 404


def test_holder_chooses_another_deputy_herself(client, log, hanne, ane):
    page = markup(get(client, hanne, "deputy_new", log.pk))
    data = {"form_key": str(uuid.uuid4()), "person": ane.membership.pk, "svar": "send"}
    days = {"first_day": day(1).isoformat(), "last_day": day(2).isoformat()}
    sent = client.post(url_of("deputy_new", log.pk), data | days)

    assert "Ane Solheim" in page
    assert sent.url == url_of("detail", log.pk)
    assert asked() == {"Oda": ("Ane Solheim", day(1), day(2), DeputyState.OFFERED)}


def test_there_is_no_field_for_a_cause(client, log, hanne, ane):
    page = markup(get(client, hanne, "own_absence"))

    names = set(re.findall(r'<(?:input|select|textarea)[^>]*name="([a-z_0-9]+)"', page))
    assert names - {"csrfmiddlewaretoken", "form_key", "form_mark", "language", "next", "version"} == {
        "first_day",
        "last_day",
        "person",
    }


def test_log_one_only_takes_part_in_and_one_in_the_shell_are_neither_named_nor_loaded(client, hanne, unit, ane):
    make_participant(make_log(child=make_child("Liv", "Lie")), unit, name="Kari Strand")
    shell = make_log(holder=hanne, child=make_child("Oskar", "Dal"))
    open_window(shell, shell.unit, days=30, basis="closing")

    for user in (hanne, LogAccess.objects.get(user__name="Kari Strand").user):
        page = get(client, user, "own_absence")
        assert (page.status_code, "Liv" in markup(page), "Oskar" in markup(page)) == (200, False, False)


@pytest.mark.parametrize("name", ["own_absence", "absence_page"])
def test_number_of_queries_is_the_same_with_1_and_10_logs(client, hanne, ane, name):
    absence = make_absence(hanne, first_day=day(1), last_day=day(4))
    args = [absence.pk] if name == "absence_page" else []
    make_log(holder=hanne)
    get(client, hanne, name, *args)
    counts = []
    for number in (1, 10):
        for extra in range(number - 1):
            made = make_log(holder=hanne, child=make_child(f"Barn {extra}"))
            deputies.appoint_deputy(
                made.pk, membership=ane.membership, first_day=day(1), last_day=day(4), actor=hanne, now=timezone.now()
            )
        with CaptureQueriesContext(connection) as found:
            client.get(url_of(name, *args))
        counts.append(len(found))

    assert counts[0] == counts[1]
