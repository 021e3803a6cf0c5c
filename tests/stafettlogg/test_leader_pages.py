"""«Enheten din» and opening a log with a reason, through the whole stack."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.audit.enums import Ground
from apps.audit.models import ReadEvent
from apps.municipality.enums import UnitKind
from apps.stafettlogg.enums import AccessKind, LogStatus, WindowBasis
from apps.stafettlogg.models import ConsentWindow, Log, LogAccess, LogEvent, LogWish
from apps.stafettlogg.services import handovers
from apps.stafettlogg.services.logs import fill_in_reason
from tests.factories import make_absence, make_coordinator, make_leader
from tests.markup import markup
from tests.stafettlogg.factories import (
    give_access,
    make_child,
    make_citizen,
    make_employee,
    make_goal,
    make_guardian,
    make_log,
    make_participant,
    make_unit,
)

pytestmark = pytest.mark.django_db
CONTENT = "Oda gruer seg til å gå i garderoben"


@pytest.fixture
def unit():
    return make_unit("Solbakken barnehage")


@pytest.fixture
def leader(unit):
    return make_leader(unit, name="Lars Bakken")


@pytest.fixture
def log(unit):
    log = make_log(holder=make_employee(unit, name="Hanne Lund"), child=make_child("Oda", "Berg"))
    fill_in_reason(
        log.pk, reason=CONTENT, background="", version=log.version, actor=log.holder.user, now=timezone.now()
    )
    make_goal(log, "Oda skal ha det trygt i garderoben")
    return log


def today(days=0):
    return timezone.localdate() + timezone.timedelta(days=days)


def get(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"stafettlogg:{name}", args=args))


def open_it(client, user, log, ground=Ground.CONTROL):
    client.force_login(user)
    return client.post(reverse("stafettlogg:open_with_reason", args=[log.pk]), {"ground": ground})


def test_leader_sees_the_logs_of_the_unit_as_metadata_and_that_is_in_the_read_audit(client, log, leader):
    page = markup(get(client, leader, "leader"))

    assert "Oda" in page
    assert "Hanne Lund" in page
    for hidden in ("Berg", CONTENT, "garderoben", "5 år", "Nivå"):
        assert hidden not in page
    (read,) = ReadEvent.objects.filter(actor_id=leader.pk)
    assert (read.log_id, read.action, read.ground, read.side) == (log.pk, "listed", "led", "staff")


def test_absence_shows_from_and_to_and_asks_for_a_deputy(client, log, leader):
    make_absence(log.holder.user, first_day=today(-2), last_day=today(5))

    answer = get(client, leader, "leader")

    page = markup(answer)
    assert "Velg vikar for stafettholderen til Oda" in page
    assert reverse("stafettlogg:deputy_new", args=[log.pk]) in page
    assert [fact["value"] for fact in answer.context["facts"]] == [1, 0, 1]


def test_waiting_handover_and_late_evaluation_show(client, log, leader, unit):
    late = Log.objects.get(pk=log.pk)
    late.evaluation_due_day = today(-12)
    late.save()
    handovers.offer_handover(
        log.pk, to_membership=make_employee(unit).membership, actor=log.holder.user, now=timezone.now()
    )

    answer = get(client, leader, "leader")

    assert "En annen er spurt om å ta over stafettpinnen" in markup(answer)
    assert answer.context["facts"][1]["value"] == 1


def test_request_shows_who_and_when_and_cannot_be_opened(client, leader, unit):
    request = make_log(status=LogStatus.REQUESTED, holder=make_employee(unit), child=make_child("Noah", "Lie"))

    page = markup(get(client, leader, "leader"))

    assert "Noah" in page
    assert f'href="{reverse("stafettlogg:detail", args=[request.pk])}"' not in page
    assert f'href="{reverse("stafettlogg:leader_decisions", args=[request.pk])}"' in page
    assert "Det er ingenting å åpne nå" in markup(get(client, leader, "detail", request.pk))
    assert open_it(client, leader, request).status_code == 422
    assert not LogAccess.objects.filter(kind=AccessKind.LEADER).exists()


@pytest.mark.parametrize(("make", "status"), [(make_employee, 403), (make_coordinator, 403), (make_citizen, 404)])
def test_the_page_is_for_leaders(client, make, status):
    assert get(client, make(), "leader").status_code == status


def test_leader_of_another_unit_sees_nothing_and_cannot_open(client, log):
    other = make_leader()

    assert "Oda" not in markup(get(client, other, "leader"))
    missing = get(client, other, "detail", uuid.uuid4())
    for answer in (get(client, other, "detail", log.pk), open_it(client, other, log)):
        assert (answer.status_code, answer.content) == (404, missing.content)
    assert ReadEvent.objects.filter(actor_id=other.pk, action="refused").count() == 3


@pytest.mark.parametrize("who", ["colleague", "guardian"])
def test_others_cannot_open_with_a_reason(client, log, unit, who):
    user = make_employee(unit) if who == "colleague" else log.guardians[0].user

    assert open_it(client, user, log).status_code == 404
    assert not LogAccess.objects.filter(kind=AccessKind.LEADER).exists()


def test_leader_of_a_unit_that_takes_part_sees_it_while_the_consent_stands(client, log):
    school = make_unit("Fjordgata skole", kind=UnitKind.SCHOOL)
    leader = make_leader(school)
    make_absence(log.holder.user, first_day=today(), last_day=today(5))
    participant = make_participant(log, school)

    answer = get(client, leader, "leader")

    assert [line.name for line in answer.context["page"].joined] == ["Oda"]
    assert "Borte" not in markup(answer)
    assert "Velg vikar" not in markup(answer)
    window = ConsentWindow.objects.get(log=log, unit=participant.membership.unit)
    window.valid_until = timezone.now()
    window.save()
    assert "Oda" not in markup(get(client, leader, "leader"))
    assert get(client, leader, "detail", log.pk).status_code == 404


def test_leader_above_sees_what_the_nearest_leader_cannot_control(client):
    area = make_unit("Oppvekst")
    above = make_leader(area)
    unit = make_unit("Solbakken barnehage", parent=area)
    nearest = make_leader(unit)
    held = make_log(holder=nearest, child=make_child("Liv", "Lie"))
    other = make_log(holder=make_employee(unit), child=make_child("Emma", "Lie"))
    make_absence(other.holder.user, first_day=today(), last_day=today(5))

    answer = get(client, above, "leader")

    assert answer.status_code == 200
    assert [line.name for line in answer.context["page"].held] == ["Liv"]
    assert [line.name for line in get(client, nearest, "leader").context["page"].held] == ["Emma"]
    assert held.pk != other.pk


def test_leader_who_is_a_guardian_sees_nothing_of_that_log(client, unit):
    child = make_child("Oda", "Berg")
    father = make_leader(unit, national_id_index="a" * 64)
    make_guardian(child, national_id_index="a" * 64)
    log = make_log(holder=make_employee(unit), child=child)

    assert "Oda" not in markup(get(client, father, "leader"))
    assert get(client, father, "detail", log.pk).status_code == 404
    assert open_it(client, father, log).status_code == 404


def test_without_a_reason_the_leader_meets_only_the_first_name_and_the_reasons(client, log, leader):
    for name in ("detail", "plan", "history"):
        answer = get(client, leader, name, log.pk)
        page = markup(answer)
        assert answer.status_code == 200
        assert "Familien kan se at du har åpnet loggen" in page
        assert "Berg" not in page
        assert "garderoben" not in page
        assert "<textarea" not in page


def test_a_reason_must_be_chosen_from_the_list(client, log, leader):
    client.force_login(leader)
    for data in ({}, {"ground": "holder"}, {"ground": "Jeg lurer"}):
        answer = client.post(reverse("stafettlogg:open_with_reason", args=[log.pk]), data)
        assert answer.status_code == 422
    assert not LogAccess.objects.filter(kind=AccessKind.LEADER).exists()


def test_reason_opens_the_log_for_an_hour_and_stands_in_the_read_audit_once(client, log, leader):
    events = LogEvent.objects.filter(log=log).count()

    answer = open_it(client, leader, log)

    assert answer.url == reverse("stafettlogg:detail", args=[log.pk])
    assert CONTENT in markup(client.get(answer.url))
    (row,) = LogAccess.objects.filter(kind=AccessKind.LEADER)
    assert row.ends_at - row.starts_at == timezone.timedelta(minutes=60)
    (read,) = ReadEvent.objects.filter(actor_id=leader.pk, action="opened")
    assert (read.ground, read.unit_name) == ("control", "Solbakken barnehage")
    assert LogEvent.objects.filter(log=log).count() == events


def test_leader_reads_but_changes_nothing(client, log, leader):
    open_it(client, leader, log)

    assert get(client, leader, "plan", log.pk).status_code == 200
    for name in ("add_goal", "evaluate", "reason", "consents", "close"):
        assert get(client, leader, name, log.pk).status_code == 403


def test_opening_again_within_the_hour_keeps_the_same_row(client, log, leader):
    open_it(client, leader, log)

    assert open_it(client, leader, log, Ground.SUPPORT).status_code == 302
    assert LogAccess.objects.filter(kind=AccessKind.LEADER).count() == 1


def test_the_hour_ends_by_itself(client, log, leader):
    open_it(client, leader, log)
    row = LogAccess.objects.get(kind=AccessKind.LEADER)
    row.starts_at -= timezone.timedelta(minutes=60)
    row.ends_at -= timezone.timedelta(minutes=60)
    row.save()

    assert "Familien kan se at du har åpnet loggen" in markup(get(client, leader, "detail", log.pk))


def test_family_sees_the_opening_and_its_reason(client, log, leader):
    open_it(client, leader, log, Ground.SUPPORT)
    client.get(reverse("stafettlogg:detail", args=[log.pk]))
    guardian = log.guardians[0].user
    give_access(log, guardian)

    assert "Stafettholder ba om støtte" in markup(get(client, guardian, "family_seen", log.pk))


def test_nothing_is_opened_in_the_shell(client, log, leader):
    window = ConsentWindow.objects.get(pk=log.holder.window_id)
    window.basis, window.shell_until = WindowBasis.CLOSING, None
    window.save()

    assert open_it(client, leader, log).status_code == 422
    page = markup(get(client, leader, "leader"))
    assert "Gjelder ikke nå" in page


def test_wish_of_a_family_is_a_task_for_the_leader(client, leader, unit):
    LogWish.objects.create(author=make_citizen(), unit=unit, text="Vi trenger hjelp", sent_at=timezone.now())

    page = markup(get(client, leader, "leader"))

    assert "En familie ber om stafettlogg" in page
    assert "Vi trenger hjelp" not in page


def test_number_of_queries_does_not_grow_with_the_logs(client, leader, unit):
    def more(number):
        for _ in range(number):
            holder = make_employee(unit)
            make_log(holder=holder, child=make_child())
            make_absence(holder, first_day=today(), last_day=today(3))

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert get(client, leader, "leader").status_code == 200
        return len(caught)

    more(1)
    get(client, leader, "leader")
    few = queries()
    more(29)
    assert queries() == few


def test_page_leaves_the_logs_of_other_units_to_the_sweeper(client, log, leader):
    other = make_log(holder=make_employee(name="Nina Holt"), child=make_child("Sander", "Lie"))
    make_leader(other.unit)
    gone = other.holder.user
    gone.is_active = False
    gone.save()

    answer = get(client, leader, "leader")

    assert answer.status_code == 200
    assert "Sander" not in markup(answer)
    other.refresh_from_db()
    assert other.holder.user == gone
