"""Units and people from one spreadsheet: a verdict for each row, nothing half done, the same again changes nothing."""

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.enums import Verdict
from apps.accounts.models import Membership, User
from apps.accounts.services.imports import import_people
from apps.core.dates import FAR_DAY
from apps.core.errors import AccessDenied
from apps.core.spreadsheets import read_sheet
from apps.municipality.enums import UnitKind
from apps.municipality.models import Unit
from tests.factories import make_coordinator, make_employee, make_leader, make_leader_role, make_role, make_unit

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
HEAD = "Enhet;Type;Ligger under;Navn;E-post;Rolle;Stilling;Første dag;Siste dag\n"


@pytest.fixture
def root():
    return make_unit("Fjellvik kommune", kind=UnitKind.MUNICIPALITY, switched_on_day=None)


@pytest.fixture
def siv(root):
    make_role()
    make_leader_role()
    return make_coordinator(root)


def today():
    return timezone.localdate()


def run(siv, *lines, write=True):
    rows = read_sheet((HEAD + "\n".join(lines)).encode())
    return import_people(rows, actor=siv, today=today(), write=write)


def verdicts(report):
    return [row.verdict for row in report.rows]


def places():
    rows = Membership.objects.select_related("user", "unit", "role").order_by("user__name", "first_day", "pk")
    return [(row.user.name, row.unit.name, row.role.key, row.first_day, row.last_day) for row in rows]


FILE = (
    "Oppvekst;Kommunalområde;;;;;;;",
    "Solbakken barnehage;Barnehage;Oppvekst;Lars Bakken;Lars@fjellvik.kommune.no;Styrer;Styrer;01.08.2026;",
    "Solbakken barnehage;;;Mona Eik;mona@fjellvik.kommune.no;Ansatt;;;",
)


def test_units_and_people_of_one_file(siv):
    report = run(siv, *FILE)

    assert (report.was_written, verdicts(report)) == (True, [Verdict.NEW] * 3)
    unit = Unit.objects.get(name="Solbakken barnehage")
    assert (unit.kind, unit.parent.name, unit.switched_on_day) == ("barnehage", "Oppvekst", None)
    lars = User.objects.get(email="lars@fjellvik.kommune.no")
    assert (lars.memberships.get().role.key, lars.memberships.get().first_day) == (
        "styrer",
        datetime.date(2026, 8, 1),
    )
    assert not lars.has_usable_password()
    assert {user.name for user in report.new_people} == {"Lars Bakken", "Mona Eik"}


def test_dry_run_tells_the_same_and_writes_nothing(siv):
    before = places()
    report = run(siv, *FILE, write=False)

    assert (report.was_written, verdicts(report), report.new_people) == (False, [Verdict.NEW] * 3, [])
    assert (places(), Unit.objects.count(), User.objects.count()) == (before, 1, 1)


def test_same_file_twice_changes_nothing(siv):
    run(siv, *FILE)
    before, history = places(), Membership.history.count()
    report = run(siv, *FILE)

    assert (verdicts(report), report.changes) == ([Verdict.SAME] * 3, 0)
    assert (places(), Membership.history.count()) == (before, history)


def test_one_wrong_row_and_nothing_is_written(siv):
    before = places()
    report = run(siv, *FILE, "Solbakken barnehage;;;Per Ås;per@fjellvik.kommune.no;Rektor;;;")

    assert (report.was_written, report.errors) == (False, 1)
    assert verdicts(report)[-1] == Verdict.ERROR
    assert (places(), Unit.objects.count()) == (before, 1)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (";;;Per;per@a.no;Ansatt;;;", "enhet"),
        ("Ukjent;;;Per;per@a.no;Ansatt;;;", "Ukjent"),
        ("Ny;Barnehage;Borte;;;;;;", "Borte"),
        ("Fjellvik kommune;;;Per;;Ansatt;;;", "e-post"),
        ("Fjellvik kommune;;;Per;per.a.no;Ansatt;;;", "navn@eksempel.no"),
        ("Fjellvik kommune;;;;per@a.no;Ansatt;;;", "navn"),
        ("Fjellvik kommune;;;Per;per@a.no;Konge;;;", "Konge"),
        ("Fjellvik kommune;;;Per;per@a.no;Styrer;;;", "hører ikke"),
        ("Fjellvik kommune;;;Per;per@a.no;Ansatt;;i fjor;", "i fjor"),
        ("Fjellvik kommune;;;Per;per@a.no;Ansatt;;02.08.2030;01.08.2030", "første dag"),
    ],
)
def test_every_wrong_row_says_what_is_wrong(siv, line, word):
    (row,) = run(siv, line).rows

    assert row.is_error
    assert word in " ".join(row.lines)


def test_a_move_ends_the_old_place_after_the_new_one_is_written(siv, root):
    old, new = make_unit("Tangen", parent=root), make_unit("Solbakken", parent=root)
    vilde = make_employee(old, name="Vilde Strand", email="vilde@a.no")
    first = today() + 30 * DAY
    report = run(siv, f"Solbakken;;;Vilde Strand;vilde@a.no;Ansatt;;{first:%d.%m.%Y};")

    assert verdicts(report) == [Verdict.CHANGED]
    assert [(row[1], row[4]) for row in places() if row[0] == "Vilde Strand"] == [
        ("Tangen", first - DAY),
        ("Solbakken", FAR_DAY),
    ]
    assert vilde.memberships.count() == 2
    assert new.memberships.get().first_day == first


def test_two_places_in_the_file_are_both_kept(siv, root):
    make_unit("Tangen", parent=root)
    make_unit("Solbakken", parent=root)
    lines = ("Tangen;;;Vilde;vilde@a.no;Ansatt;;;", "Solbakken;;;Vilde;vilde@a.no;Ansatt;;;")
    run(siv, lines[0])
    run(siv, *lines)

    assert {(row[1], row[4]) for row in places() if row[0] == "Vilde"} == {("Tangen", FAR_DAY), ("Solbakken", FAR_DAY)}


def test_an_end_day_in_the_past_becomes_today_and_the_successor_is_there_first(siv, root):
    unit = make_unit("Tangen", parent=root)
    make_leader(unit, name="Frode Lien", email="frode@a.no")
    # Frode's row stands first: without an order of our own, the unit would have no leader.
    lines = (
        f"Tangen;;;Frode Lien;frode@a.no;Styrer;;;{today() - 40 * DAY:%d.%m.%Y}",
        "Tangen;;;Ny Styrer;ny@a.no;Styrer;;;",
    )
    report = run(siv, *lines)

    assert report.was_written
    assert Membership.objects.get(user__email="frode@a.no").last_day == today()
    assert [row.verdict for row in run(siv, *lines).rows] == [Verdict.SAME, Verdict.SAME]


def test_the_last_leader_is_not_taken_away(siv, root):
    unit = make_unit("Tangen", parent=root)
    make_leader(unit, email="frode@a.no")
    (row,) = run(siv, f"Tangen;;;Frode;frode@a.no;Styrer;;;{today():%d.%m.%Y}").rows

    assert row.is_error
    assert Membership.objects.get(user__email="frode@a.no").last_day == FAR_DAY


def test_only_the_coordinator(root):
    with pytest.raises(AccessDenied):
        run(make_leader(root), *FILE)


def test_pages_from_file_to_written(siv):
    client = Client()
    client.force_login(siv)
    file = SimpleUploadedFile("ansatte.csv", (HEAD + "\n".join(FILE)).encode("cp1252"))
    shown = client.post(reverse("accounts:import"), {"file": file})
    before = User.objects.count()
    rows = shown.context["form"]["rows"].value()
    written = client.post(reverse("accounts:import_write"), {"rows": rows})
    tampered = client.post(reverse("accounts:import_write"), {"rows": rows[:-2] + "aa"})

    page = shown.content.decode()
    assert (shown.status_code, before, User.objects.count()) == (200, 1, 3)
    assert "Ny person, Styrer i Solbakken barnehage." in page
    assert (written.url, tampered.url) == (reverse("accounts:people"), reverse("accounts:import"))


def test_what_is_no_spreadsheet_is_said_at_the_field(siv):
    client = Client()
    client.force_login(siv)
    answer = client.post(reverse("accounts:import"), {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04 rubbish")})

    assert answer.status_code == 422
    assert "Vi kan ikke lese fila" in answer.content.decode()
