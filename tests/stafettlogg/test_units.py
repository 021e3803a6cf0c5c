"""A unit closes: only when its logs have a successor (S21), and then it leaves the logs it takes part in."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from apps.accounts.models import Membership
from apps.core.dates import FAR_DAY, end_of_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality.enums import UnitKind
from apps.municipality.models import Unit
from apps.notifications.models import Notice
from apps.notifications.selectors import reminders_due
from apps.stafettlogg import access
from apps.stafettlogg.enums import EventKind, HandoverState, InvitationState, LogStatus
from apps.stafettlogg.models import ConsentWindow, Handover, Invitation, LogEvent
from apps.stafettlogg.services import handovers, participants, reminders, windows
from apps.stafettlogg.services.units import close_unit, note_closed_units
from tests.factories import make_coordinator, make_employee, make_leader, make_membership, make_unit
from tests.stafettlogg import factories as logs
from tests.stafettlogg.closing_days import DAY, LAST, NOW, TODAY
from tests.stafettlogg.family_pages import signed_in

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.django_db]


@pytest.fixture
def log(root, ppt):
    """Held in the kindergarten; the PP-tjeneste takes part by consent."""
    holder = make_employee(make_unit("Solbakken", parent=root))
    return logs.make_log(holder=holder, unit_ids=[ppt.pk], now=NOW - 30 * DAY)


@pytest.fixture
def jonas(log, ppt):
    invitation = participants.invite_unit(log.pk, unit=ppt, actor=log.holder.user, now=NOW)
    user = make_employee(ppt, role=make_leader(ppt).membership.role)
    participants.join(invitation.pk, membership=user.membership, actor=user, now=NOW)
    return user


def broken(unit, actor, *, last_day=LAST):
    with pytest.raises(RuleBroken) as caught:
        close_unit(unit.pk, last_day=last_day, actor=actor, now=NOW)
    assert Unit.objects.get(pk=unit.pk).last_day == FAR_DAY
    return caught.value.code


def reads(user, log, at):
    with time_machine.travel(at, tick=False):
        return access.visible_logs(user, at).filter(pk=log.pk).exists()


@pytest.mark.parametrize("status", [LogStatus.ACTIVE, LogStatus.REQUESTED])
def test_unit_that_holds_an_open_log_does_not_close(kari, root, status):
    unit = make_unit("Solbakken", parent=root)
    logs.make_log(holder=make_employee(unit), status=status)

    assert broken(unit, kari) == "logs_without_successor"
    assert not Membership.objects.filter(unit=unit, last_day__lt=FAR_DAY).exists()


def test_unit_closes_when_its_log_has_gone_to_another(kari, log, jonas, ppt):
    old = log.holder.membership.unit
    offered = handovers.offer_handover(log.pk, to_membership=jonas.membership, actor=log.holder.user, now=NOW)
    before = broken(old, kari)
    handovers.accept_handover(offered.pk, actor=jonas, now=NOW)

    close_unit(old.pk, last_day=LAST, actor=kari, now=NOW)

    assert before == "logs_without_successor"
    assert Unit.objects.get(pk=old.pk).last_day == LAST
    assert reads(jonas, log, end_of_day(LAST) + DAY)


def test_participants_read_through_the_last_day_and_not_the_instant_after(kari, log, jonas, ppt):
    end = end_of_day(LAST)

    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)

    assert ConsentWindow.objects.get(log=log, unit=ppt).valid_until == end
    assert [reads(jonas, log, at) for at in (NOW, end - datetime.timedelta(seconds=1), end)] == [True, True, False]
    assert reads(log.holder.user, log, end)
    assert set(Membership.objects.filter(unit=ppt).values_list("last_day", flat=True)) == {LAST}


def test_closing_stands_when_the_windows_are_worked_out_anew(kari, log, jonas, ppt):
    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)

    windows.refresh_windows(log, actor=None, now=NOW)

    assert ConsentWindow.objects.get(log=log, unit=ppt).valid_until == end_of_day(LAST)


def test_yesterday_closes_at_once(kari, log, jonas, ppt):
    close_unit(ppt.pk, last_day=TODAY - DAY, actor=kari, now=NOW)

    assert not reads(jonas, log, NOW)
    assert Membership.objects.filter(unit=ppt, last_day__gte=TODAY).count() == 0


def test_what_waits_for_the_unit_is_written_off_and_nothing_new_begins(kari, log, ppt):
    log_two = logs.make_log(holder=make_employee(make_unit()), child=logs.make_child("Noah", "Vik"))
    offered = handovers.offer_handover(log.pk, to_unit=ppt, actor=log.holder.user, now=NOW)
    invited = participants.invite_unit(log_two.pk, unit=ppt, actor=log_two.holder.user, now=NOW)

    ppt = close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)

    with pytest.raises(RuleBroken) as again:
        participants.invite_unit(log.pk, unit=ppt, actor=log.holder.user, now=NOW)
    assert Handover.objects.get(pk=offered.pk).state == HandoverState.WITHDRAWN
    assert Invitation.objects.get(pk=invited.pk).state == InvitationState.ENDED
    assert again.value.code == "unit_not_on"


def test_holder_is_told_once_and_not_asked_to_renew(kari, log, jonas, ppt):
    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)
    later = end_of_day(LAST) + datetime.timedelta(hours=8)
    with time_machine.travel(later, tick=False):
        codes = {due.code for due in reminders_due(later) if getattr(due, "log", None) == log}

    told = Notice.objects.filter(kind="service_closing")
    assert [(notice.recipient, notice.due_day) for notice in told] == [(log.holder.user, LAST)]
    assert {"consent_expiring", "consent_expired", "consent_expired_leader"} & codes == set()


def test_timeline_says_that_the_unit_left_once_and_when(kari, log, jonas, ppt):
    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)
    end = end_of_day(LAST)

    counts = [note_closed_units(now=at) for at in (NOW, end, end + DAY)]
    reminders.sweep(now=end + DAY)

    event = LogEvent.objects.get(log=log, kind=EventKind.LEFT)
    assert counts == [0, 1, 0]
    assert (event.unit_name, event.at, event.actor) == ("PP-tjenesten", end, None)


@pytest.mark.parametrize(
    ("last_day", "code"),
    [(TODAY - 2 * DAY, "last_day_passed"), (TODAY + 400 * DAY, "last_day_far")],
)
def test_last_day_is_neither_past_nor_far_away(kari, ppt, last_day, code):
    assert broken(ppt, kari, last_day=last_day) == code


def test_tree_is_closed_from_below_and_never_the_municipality(kari, root):
    sector = make_unit("Oppvekst", kind=UnitKind.SECTOR, parent=root)
    below = make_unit("Tangen", parent=sector)

    codes = [broken(root, kari), broken(sector, kari)]
    close_unit(below.pk, last_day=TODAY - DAY, actor=kari, now=NOW)
    close_unit(sector.pk, last_day=LAST, actor=kari, now=NOW)

    assert codes == ["root_closes", "units_below"]
    with pytest.raises(RuleBroken) as twice:
        close_unit(sector.pk, last_day=LAST, actor=kari, now=NOW)
    assert twice.value.code == "unit_closed"


def test_last_coordinator_is_never_closed_away(root):
    office = make_unit("Kontoret", parent=root)
    kari = make_coordinator(office)

    assert broken(office, kari) == "last_coordinator"


def test_only_the_coordinator_closes(ppt):
    with pytest.raises(AccessDenied):
        close_unit(ppt.pk, last_day=LAST, actor=make_leader(ppt), now=NOW)


def test_history_says_who_closed_it(kari, ppt):
    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)

    assert ppt.history.first().history_user == kari


def test_page_tells_what_it_means_in_numbers_and_gives_a_receipt(kari, log, jonas, ppt):
    client = signed_in(kari)
    address = f"/innstillinger/enheter/{ppt.pk}/legg-ned/"
    page = client.get(address).content.decode()
    form = client.get(address).context["form"]

    wrong = client.post(address, {"last_day": "2020-01-01", "form_key": form["form_key"].value()})
    sent = client.post(address, {"last_day": LAST.isoformat(), "form_key": form["form_key"].value()})
    receipt = client.get(sent.headers["Location"]).content.decode()
    unit_page = client.get(f"/innstillinger/enheter/{ppt.pk}/").content.decode()
    listed = client.get("/innstillinger/enheter/").content.decode()

    assert "Enheten er med i eller invitert til færre enn 5 stafettlogger, og ser dem ikke etter siste dag." in page
    assert "Rollene til 2 ansatte i enheten avsluttes." in page
    assert log.child.given_name not in page
    assert (wrong.status_code, "Siste dag kan ikke være tidligere enn i går." in wrong.content.decode()) == (422, True)
    assert "Siste dag er 12.\u00a0mars 2026." in receipt
    assert "Enheten legges ned. Siste dag er 12.\u00a0mars 2026." in unit_page
    assert ("Legges ned" in listed, client.get(address).status_code) == (True, 302)


def test_page_says_why_a_unit_that_holds_logs_cannot_close(kari, log):
    client = signed_in(kari)
    unit = log.holder.membership.unit
    address = f"/innstillinger/enheter/{unit.pk}/legg-ned/"
    form = client.get(address).context["form"]

    sent = client.post(address, {"last_day": LAST.isoformat(), "form_key": form["form_key"].value()})

    assert sent.status_code == 422
    assert "Enheten holder færre enn 5 stafettlogger." in sent.content.decode()
    assert client.get(f"/innstillinger/enheter/{unit.pk}/lagt-ned/").status_code == 404


def test_person_with_another_place_keeps_it(kari, ppt, root):
    user = make_employee(ppt)
    other = make_membership(user, make_unit("Tangen", parent=root))

    close_unit(ppt.pk, last_day=TODAY - DAY, actor=kari, now=NOW)

    assert Membership.objects.get(pk=other.pk).last_day == FAR_DAY
    assert timezone.localdate() == TODAY
