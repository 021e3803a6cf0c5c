"""How the municipality's own points of «Klar til å åpne» stand."""

from django.conf import settings
from django.utils.translation import gettext as _

from apps.core.text import joined
from apps.municipality.enums import UnitKind
from apps.municipality.models import PhoneNumber, ReadinessTick
from apps.municipality.rules.readiness import AGAIN_MONTHS, again_day
from apps.municipality.selectors.readiness import Reading, Standing

PHONE = "telefon"
EMAIL = "e-post"
# What the public pages name, and the consents too: field → what it is called.
NEEDED = ("name", "org_number", "address", "phone", "email", "contact_name", "dpo_name", "dpo_email")


def is_placeholder(number: str) -> bool:
    """A number nobody has, as the demo has them."""
    return "".join(sign for sign in number if sign.isdigit()).startswith("0000")


def invented(reading: Reading) -> list[str]:
    """The fields of the settings that hold what only the demo may: numbers nobody has, addresses nobody reads."""
    if settings.DEMO:
        return []
    row = reading.row
    numbers = ("phone", "dpo_phone", "coordinating_phone", "org_number")
    found = [name for name in numbers if is_placeholder(getattr(row, name))]
    return found + [name for name in ("email", "dpo_email") if getattr(row, name).endswith(".example")]


def municipality(reading: Reading) -> Standing:
    missing = [name for name in NEEDED if not getattr(reading.row, name)]
    labels = {name: str(_labels()[name]) for name in NEEDED}
    if missing:
        return Standing(False, _("Mangler: %(what)s.") % {"what": joined([labels[name].lower() for name in missing])})
    if invented(reading):
        return Standing(False, _("Noe ser ut som et eksempel. Skriv inn deres egne numre og adresser."))
    return Standing(True, reading.row.name)


def _labels() -> dict:
    return {
        "name": _("Kommunens navn"),
        "org_number": _("Organisasjonsnummer"),
        "address": _("Adresse"),
        "phone": _("Sentralbord"),
        "email": _("E-postadresse"),
        "contact_name": _("Kontaktperson"),
        "dpo_name": _("Personvernombud"),
        "dpo_email": _("E-postadressen til ombudet"),
    }


def rung(phone: PhoneNumber, reading: Reading) -> ReadinessTick | None:
    """Who rang this very number and was answered, the last half-year."""
    return reading.tick(PHONE, subject_id=phone.pk, about=phone.tel, months=AGAIN_MONTHS)


def phone_lines(reading: Reading) -> list[dict]:
    """Each number of the list, and who rang it."""
    lines = []
    for phone in PhoneNumber.objects.all():
        tick = rung(phone, reading)
        again = again_day(tick.day, AGAIN_MONTHS) if tick else None
        missing = phone.is_placeholder and not settings.DEMO
        lines.append({"phone": phone, "tick": tick, "again": again, "is_missing": missing})
    return lines


def phones(reading: Reading) -> Standing:
    lines = phone_lines(reading)
    missing = sum(line["is_missing"] for line in lines)
    ticks = [line["tick"] for line in lines if line["tick"] and not line["is_missing"]]
    if not lines:
        return Standing(False, _("Ingen numre er lagt inn."))
    text = _("%(rung)d av %(all)d er ringt.") % {"rung": len(ticks), "all": len(lines)}
    if missing:
        text += " " + _("%(number)d mangler nummer.") % {"number": missing}
    if len(ticks) < len(lines):
        return Standing(False, text)
    oldest = min(ticks, key=lambda tick: tick.day)
    return Standing(True, text, oldest.name, oldest.day, again_day(oldest.day, AGAIN_MONTHS))


def coordinating(reading: Reading) -> Standing:
    row = reading.row
    is_there = bool(row.coordinating_name and row.coordinating_phone)
    if not is_there or (is_placeholder(row.coordinating_phone) and not settings.DEMO):
        return Standing(False)
    return Standing(True, f"{row.coordinating_name}, {row.coordinating_phone}")


def services(reading: Reading) -> Standing:
    """PPT and the health clinic can be rung: the guide leads to them."""
    names, missing = [], []
    for kind in (UnitKind.PPT, UnitKind.HEALTH_STATION):
        there = [unit for unit in reading.units if unit.kind == kind and unit.contact_phone]
        there = [unit for unit in there if settings.DEMO or not is_placeholder(unit.contact_phone)]
        names += [f"{unit.name}, {unit.contact_phone}" for unit in there[:1]]
        missing += [] if there else [str(kind.label)]
    if missing:
        return Standing(False, _("Skriv inn telefonen til %(what)s under Enheter.") % {"what": joined(missing)})
    return Standing(True, joined(names))


def archive(reading: Reading) -> Standing:
    return Standing(bool(reading.row.archive_name), reading.row.archive_name)
