"""A closed unit opens again: with who did it and when, and without giving anyone old access back by itself."""

import datetime

import pytest
import time_machine

from apps.accounts.models import Membership
from apps.accounts.services.staff import NewPerson, add_membership, end_membership
from apps.core.dates import FAR_DAY, end_of_day, local_midnight
from apps.core.errors import AccessDenied, RuleBroken
from apps.municipality import services as municipality
from apps.municipality.enums import UnitKind
from apps.municipality.models import Unit
from apps.notifications.models import Notice
from apps.notifications.selectors import reminders_due
from apps.stafettlogg import access
from apps.stafettlogg.enums import EventKind
from apps.stafettlogg.models import ConsentWindow, LogEvent
from apps.stafettlogg.selectors.windows import sharing_by_unit
from apps.stafettlogg.services import consent_questions, participants, windows
from apps.stafettlogg.services.units import close_unit, note_closed_units, reopen_unit
from tests.factories import make_employee, make_leader, make_unit
from tests.stafettlogg import factories as logs
from tests.stafettlogg.closing_days import DAY, LAST, NOW, TODAY
from tests.stafettlogg.family_pages import signed_in

pytestmark = pytest.mark.django_db
AFTER = end_of_day(LAST) + datetime.timedelta(days=5, hours=10)


@pytest.fixture
def log(clock, root, ppt):
    """Held in the kindergarten; the PP-tjeneste takes part by consent."""
    holder = make_employee(make_unit("Solbakken", parent=root))
    return logs.make_log(holder=holder, unit_ids=[ppt.pk], now=NOW - 30 * DAY)


@pytest.fixture
def jonas(log, ppt):
    """Reads the log as a participant from the PP-tjeneste."""
    invitation = participants.invite_unit(log.pk, unit=ppt, actor=log.holder.user, now=NOW)
    user = make_employee(ppt, role=make_leader(ppt).membership.role, email="jonas@solvik.example")
    participants.join(invitation.pk, membership=user.membership, actor=user, now=NOW)
    return user


@pytest.fixture
def reopened(kari, log, jonas, ppt, clock):
    """Closed for some days, and opened again."""
    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)
    clock.move_to(AFTER)
    return reopen_unit(ppt.pk, actor=kari, now=AFTER)


def reads(user, log, at):
    return access.visible_logs(user, at).filter(pk=log.pk).exists()


def code_of(call, *args, **kwargs):
    with pytest.raises(RuleBroken) as broken:
        call(*args, **kwargs)
    return broken.value.code


def back(ppt, kari, jonas):
    """The person gets a place in the unit anew."""
    person = NewPerson(email=jonas.email, name=jonas.name)
    return add_membership(
        person, unit_id=ppt.pk, role_id=jonas.membership.role_id, first_day=AFTER.date(), actor=kari, today=AFTER.date()
    )


def test_unit_is_there_again_out_of_use_and_with_who_opened_it(reopened, kari):
    unit = Unit.objects.get(pk=reopened.pk)

    assert (unit.last_day, unit.switched_on_day, unit.reopened_day) == (FAR_DAY, None, AFTER.date())
    newest, before = unit.history.all()[:2]
    assert [(row.last_day, row.history_user) for row in (newest, before)] == [(FAR_DAY, kari), (LAST, kari)]


def test_places_stay_ended_and_the_old_ones_cannot_be_prolonged(reopened, kari, jonas):
    places = Membership.objects.filter(unit=reopened)

    refused = code_of(end_membership, jonas.membership.pk, last_day=LAST + 90 * DAY, actor=kari, today=AFTER.date())

    assert set(places.values_list("last_day", flat=True)) == {LAST}
    assert refused == "membership_over"


def test_nobody_reads_again_not_even_with_a_new_place_in_a_unit_that_is_in_use(reopened, kari, log, jonas):
    municipality.switch_unit(reopened.pk, on=True, actor=kari, today=AFTER.date())
    back(reopened, kari, jonas)
    windows.refresh_windows(log, actor=None, now=AFTER)

    assert reads(log.holder.user, log, AFTER)
    assert not reads(jonas, log, AFTER)
    assert ConsentWindow.objects.get(log=log, unit=reopened).valid_until == end_of_day(LAST)


def test_the_old_yes_gives_nothing_and_a_new_one_does(reopened, kari, log):
    municipality.switch_unit(reopened.pk, on=True, actor=kari, today=AFTER.date())
    before = sharing_by_unit(log, AFTER)[reopened.pk].is_open

    consent_questions.ask(log, unit_ids={reopened.pk}, actor=log.holder.user, now=AFTER)
    waiting = sharing_by_unit(log, AFTER)[reopened.pk].is_open
    logs.give_consents(log, now=AFTER)

    assert (before, waiting, sharing_by_unit(log, AFTER)[reopened.pk].is_open) == (False, False, True)
    assert ConsentWindow.objects.get(log=log, unit=reopened).is_open(AFTER)


def test_holder_and_guardian_read_that_the_old_yes_is_over_and_then_what_is_asked_anew(reopened, kari, log):
    municipality.switch_unit(reopened.pk, on=True, actor=kari, today=AFTER.date())
    before = told(log)
    consent_questions.ask(log, unit_ids={reopened.pk}, actor=log.holder.user, now=AFTER)
    asked = told(log)
    logs.give_consents(log, now=AFTER)

    assert [before, asked, told(log)] == [
        (
            "Spør familien på nytt. Tjenesten har vært lagt ned",
            "Ja, men tjenesten er lagt ned siden. Samtykket gjelder ikke lenger",
        ),
        ("Ingenting deles ennå", "Du har ikke svart"),
        ("Åpen til 31.\u00a0januar 2027", "Ja, til 18.\u00a0mars 2027"),
    ]


def test_while_the_unit_is_closed_both_read_that_too(kari, log, jonas, ppt, clock):
    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)
    clock.move_to(AFTER)

    assert told(log)[0] == "Tjenesten er lagt ned"
    assert told(log)[1].startswith("Ja, men tjenesten er lagt ned siden.")


def test_nobody_is_reminded_that_the_old_consent_ran_out(reopened, log):
    a_year_on = local_midnight(datetime.date(2027, 1, 20))
    with time_machine.travel(a_year_on, tick=False):
        own = [due for due in reminders_due(a_year_on) if due.recipient == log.guardians[0].user]

    assert [due for due in reminders_due(AFTER) if due.code.startswith("consent_expired")] == []
    # Only the yes to the holder's own unit runs out.
    assert [due.code for due in own] == ["consent_expiring_own"]


def told(log):
    """What the holder's table says about the PP-tjeneste, and what the guardian's own list does."""
    table = signed_in(log.holder.user).get(f"/logger/{log.pk}/samtykke/").context["table"]
    own = signed_in(log.guardians[0].user).get(f"/barna-dine/{log.pk}/samtykker/").context["rows"]
    (of_unit,) = [row for row in own if row.unit.name == "PP-tjenesten"]
    return next(row.sharing for row in table.rows if row.unit == "PP-tjenesten"), str(of_unit.said.words)


def test_someone_reads_when_the_family_has_said_yes_and_she_is_invited_again(reopened, kari, log, jonas):
    municipality.switch_unit(reopened.pk, on=True, actor=kari, today=AFTER.date())
    place = back(reopened, kari, jonas)
    consent_questions.ask(log, unit_ids={reopened.pk}, actor=log.holder.user, now=AFTER)
    logs.give_consents(log, now=AFTER)
    with_consent = reads(jonas, log, AFTER)
    invitation = participants.invite_unit(
        log.pk, unit=Unit.objects.get(pk=reopened.pk), to_membership=place, actor=log.holder.user, now=AFTER
    )
    participants.join(invitation.pk, membership=place, actor=jonas, now=AFTER)

    assert (with_consent, reads(jonas, log, AFTER)) == (False, True)


def test_timeline_says_that_the_unit_left_also_when_it_opens_before_that_is_noted(reopened, log):
    event = LogEvent.objects.get(log=log, kind=EventKind.LEFT)

    assert (event.unit_name, event.at) == ("PP-tjenesten", end_of_day(LAST))
    assert note_closed_units(now=AFTER + DAY) == 0


def test_second_closing_stands_in_the_timeline_too(reopened, kari, log):
    municipality.switch_unit(reopened.pk, on=True, actor=kari, today=AFTER.date())
    consent_questions.ask(log, unit_ids={reopened.pk}, actor=log.holder.user, now=AFTER)
    logs.give_consents(log, now=AFTER)
    close_unit(reopened.pk, last_day=AFTER.date(), actor=kari, now=AFTER)

    assert note_closed_units(now=AFTER + 2 * DAY) == 1
    assert LogEvent.objects.filter(log=log, kind=EventKind.LEFT).count() == 2


def test_regretted_before_the_last_day_nothing_has_ended(kari, log, jonas, ppt):
    until = ConsentWindow.objects.get(log=log, unit=ppt).valid_until
    close_unit(ppt.pk, last_day=LAST, actor=kari, now=NOW)

    unit = reopen_unit(ppt.pk, actor=kari, now=NOW + DAY)

    assert (unit.last_day, unit.switched_on_day, unit.reopened_day) == (FAR_DAY, ppt.switched_on_day, None)
    assert ConsentWindow.objects.get(log=log, unit=ppt).valid_until == until
    assert reads(jonas, log, NOW + DAY)
    assert set(Membership.objects.filter(unit=ppt).values_list("last_day", flat=True)) == {LAST}
    told = Notice.objects.filter(recipient=log.holder.user, kind__startswith="service_")
    assert sorted(told.values_list("kind", flat=True)) == ["service_closing", "service_stays"]


def test_only_what_is_closed_opens_and_never_under_something_that_closes(kari, root, clock):
    sector = make_unit("Oppvekst", kind=UnitKind.SECTOR, parent=root)
    below = make_unit("Tangen", parent=sector)
    open_already = code_of(reopen_unit, below.pk, actor=kari, now=NOW)
    close_unit(below.pk, last_day=TODAY - DAY, actor=kari, now=NOW)
    close_unit(sector.pk, last_day=LAST, actor=kari, now=NOW)

    under_closed = code_of(reopen_unit, below.pk, actor=kari, now=NOW)
    reopen_unit(sector.pk, actor=kari, now=NOW)
    reopen_unit(below.pk, actor=kari, now=NOW)

    assert (open_already, under_closed) == ("not_closed", "parent_closed")
    assert not Unit.objects.filter(last_day__lt=FAR_DAY).exists()


def test_only_the_coordinator_opens(kari, log, ppt):
    close_unit(ppt.pk, last_day=TODAY - DAY, actor=kari, now=NOW)

    with pytest.raises(AccessDenied):
        reopen_unit(ppt.pk, actor=log.holder.user, now=NOW)


def test_closed_unit_is_found_and_its_page_says_what_does_not_come_back(kari, log, jonas, ppt):
    close_unit(ppt.pk, last_day=TODAY - DAY, actor=kari, now=NOW)
    client = signed_in(kari)
    address = f"/innstillinger/enheter/{ppt.pk}/apne-igjen/"
    listed = client.get("/innstillinger/enheter/").content.decode()
    unit_page = client.get(f"/innstillinger/enheter/{ppt.pk}/").content.decode()
    asked = client.get(address).content.decode()

    sent = client.post(address)
    after = client.get(sent.headers["Location"]).content.decode()

    assert ("Nedlagte enheter" in listed, f"/innstillinger/enheter/{ppt.pk}/" in listed) == (True, True)
    assert "Enheten er lagt ned. Siste dag var 1.\u00a0mars 2026." in unit_page
    assert (address in unit_page, "Spør familiene på nytt." in asked) == (True, True)
    assert ("PP-tjenesten er åpnet igjen." in after, "Ikke i bruk ennå" in after) == (True, True)
    assert client.get(address).status_code == 404
    assert log.child.given_name not in asked + after


def test_page_says_why_it_cannot_open(kari, root, clock):
    sector = make_unit("Oppvekst", kind=UnitKind.SECTOR, parent=root)
    below = make_unit("Tangen", parent=sector)
    for unit in (below, sector):
        close_unit(unit.pk, last_day=TODAY - DAY, actor=kari, now=NOW)
    client = signed_in(kari)

    sent = client.post(f"/innstillinger/enheter/{below.pk}/apne-igjen/", follow=True)

    assert "Enheten over er eller blir lagt ned. Åpne den først." in sent.content.decode()
