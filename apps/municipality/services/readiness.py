"""«Klar til å åpne»: somebody's word for a point, the e-mail that must arrive, and the opening itself."""

from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from apps.core.dates import local_day
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.models import bump, lock
from apps.core.people import Person
from apps.municipality import access, selectors
from apps.municipality.enums import Right
from apps.municipality.models import Municipality, PhoneNumber, ReadinessTick, Unit
from apps.municipality.rules.readiness import check_can_open, check_day, check_two_people
from apps.municipality.selectors import readiness
from apps.municipality.selectors.readiness_points import EMAIL, PHONE

STAFF_LIST = "ansattliste"


@transaction.atomic
def vouch(
    key: str,
    *,
    actor: Person,
    now: datetime,
    name: str = "",
    title: str = "",
    day: date | None = None,
    note: str = "",
    holds: bool = True,
) -> ReadinessTick:
    """Write down somebody's word for a point, or take it back. Raises `AccessDenied`, `RuleBroken`.

    Where two must vouch («after»), the first has done so, and the second is another person.
    """
    today = local_day(now)
    check = readiness.check_with(key)
    if check is None or check.word is None or not readiness.may_say(check, actor.rights_on(today)):
        raise AccessDenied(_("Dette punktet er det andre som går god for."))
    day = day or today
    check_day(day, today=today)
    reading = readiness.Reading(now)
    if holds and check.word.after:
        first = readiness.check_with(check.word.after)
        before = reading.tick(check.word.after) if first is not None else None
        if first is not None and before is None:
            raise RuleBroken("not_yet", _("Først må dette være gjort: %(what)s") % {"what": first.title})
        if before is not None:
            check_two_people(before.recorded_by_id, actor.pk)
    return _write(
        key,
        about=check.word.about(reading),
        name=name.strip() if check.word.names_other and name.strip() else actor.name,
        title=title.strip(),
        day=day,
        note=note.strip(),
        holds=holds,
        actor=actor,
        now=now,
    )


@transaction.atomic
def say_phone_answers(phone_id: UUID, *, number: str, actor: Person, now: datetime) -> ReadinessTick:
    """The actor has rung this number, and those it is for answered. Raises `AccessDenied`, `RuleBroken`.

    `number` is what stood on the page: when somebody has changed it since, nobody has rung the new one.
    """
    _check_coordinator_or_administrator(actor, local_day(now))
    phone = lock(PhoneNumber, phone_id)
    if phone.is_placeholder and not settings.DEMO:
        raise RuleBroken("placeholder", _("Skriv inn nummeret deres først."))
    if number != phone.tel:
        raise RuleBroken("number_changed", _("Noen har endret nummeret. Ring det nye."))
    day = local_day(now)
    return _write(PHONE, subject_id=phone.pk, about=phone.tel, name=actor.name, day=day, actor=actor, now=now)


@transaction.atomic
def confirm_staff_list(unit_id: UUID, *, actor: Person, now: datetime) -> ReadinessTick:
    """Everyone who works in the unit is in the list, and nobody else. Raises `AccessDenied`."""
    access.check_coordinator(actor, local_day(now))
    unit = lock(Unit, unit_id)
    return _write(STAFF_LIST, subject_id=unit.pk, name=actor.name, day=local_day(now), actor=actor, now=now)


def _write(key, *, actor, now, **fields) -> ReadinessTick:
    tick = ReadinessTick(key=key, recorded_by=actor, recorded_at=now, **fields)
    tick.full_clean()
    tick.save()
    return tick


def _check_coordinator_or_administrator(actor: Person, today: date) -> None:
    if not {Right.COORDINATOR, Right.ADMINISTRATOR} & actor.rights_on(today):
        raise AccessDenied(_("Bare koordinatoren og IT-ansvarlig kan gjøre dette."))


# The e-mail that must arrive -----------------------------------------------------------------------------------------


def send_trial_email(address: str, *, actor: Person, today: date) -> None:
    """Send an e-mail with a code to this address: who reads it there can say that it came. Raises `AccessDenied`."""
    _check_coordinator_or_administrator(actor, today)
    row = selectors.settings_row()
    subject = " ".join((_("Prøve fra portalen i %(municipality)s") % {"municipality": row.name}).split())
    body = _(
        "Dette er en prøve. Kom den fram? Skriv koden %(code)s på siden «Klar til å åpne» i portalen.\n\n%(address)s\n"
    ) % {"code": code_for(address, today), "address": settings.BASE_URL}
    EmailMessage(subject=subject, body=body, to=[address], headers={"Auto-Submitted": "auto-generated"}).send()


def code_for(address: str, today: date) -> str:
    """Six digits that only who reads that address has; good for the day."""
    digest = salted_hmac("municipality.trial_email", f"{address.strip().lower()} {today}", algorithm="sha256")
    return f"{int(digest.hexdigest(), 16) % 1_000_000:06d}"


@transaction.atomic
def confirm_trial_email(address: str, code: str, *, actor: Person, now: datetime) -> ReadinessTick:
    """The e-mail came to this address. Raises `AccessDenied`, `RuleBroken` for another code."""
    today = local_day(now)
    _check_coordinator_or_administrator(actor, today)
    if not constant_time_compare(code_for(address, today), code.strip()):
        raise RuleBroken("wrong_code", _("Koden stemmer ikke. Den gjelder bare den dagen e-posten ble sendt."))
    note = _("Kom fram til %(address)s.") % {"address": address.strip()}
    return _write(EMAIL, name=actor.name, day=today, note=note, actor=actor, now=now)


# The opening ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def open_portal(*, actor: Person, now: datetime) -> Municipality:
    """Let the public in, and units ask families, from this instant. It is never closed again: what becomes red later is
    a task. Raises `AccessDenied`, `RuleBroken` while something is red.
    """
    access.check_coordinator(actor, local_day(now))
    row = lock(Municipality, Municipality.objects.get().pk)
    red = [line.title for line in readiness.overview(now).red]
    check_can_open(red, is_open=row.opened_at is not None)
    row.opened_at, row.opened_by_id = now, actor.pk
    row._history_user = actor
    bump(row).save(update_fields=["opened_at", "opened_by"])
    selectors.forget()
    return row
