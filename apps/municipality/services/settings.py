"""Changes to the municipality's own settings, words and numbers. Only the coordinator; each leaves history."""

from dataclasses import asdict
from datetime import date
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation

from apps.core import emergency
from apps.core.models import bump, lock
from apps.core.people import Person
from apps.municipality import access, rules, selectors
from apps.municipality.models import ConsentAgeRule, Municipality, PhoneNumber, Term
from apps.municipality.services.keys import free_key


def _open_settings(actor, version, today) -> Municipality:
    access.check_coordinator(actor, today)
    return lock(Municipality, Municipality.objects.get().pk, version)


def _close_settings(row: Municipality, actor, fields) -> Municipality:
    row._history_user = actor
    bump(row).save(update_fields=fields)
    selectors.forget()
    return row


@transaction.atomic
def save_settings(changes: dict, *, version: int, actor: Person, today: date) -> Municipality:
    """Set these fields of the settings row. Raises `Conflict`, `AccessDenied`, `RuleBroken`, `ValidationError`."""
    row = _open_settings(actor, version, today)
    for name, value in changes.items():
        setattr(row, name, value)
    rules.check_languages(row.languages)
    row.full_clean(exclude=["the_only"])
    return _close_settings(row, actor, list(changes))


@transaction.atomic
def save_words(key: str, words: dict[str, rules.Words], *, version: int, actor: Person, today: date) -> Municipality:
    """One of the municipality's words, per language. The defaults come back when a row equals them.

    `version` is that of the settings row: words and ages are part of the settings.
    """
    row = _open_settings(actor, version, today)
    for language, forms in words.items():
        term = Term.objects.filter(key=key, language=language).first()
        if term is None and forms == rules.default_words(key, language):
            continue
        term = term or Term(key=key, language=language)
        for form, text in asdict(forms).items():
            setattr(term, form, text)
        term._history_user = actor
        term.save()
    row.own_words = rules.own_words(Term.objects.all())
    return _close_settings(row, actor, ["own_words"])


@transaction.atomic
def save_consent_ages(ages: dict[str, rules.ConsentAge], *, version: int, actor: Person, today: date) -> Municipality:
    """From which age the youth answers, per kind of service (S10). Holds for requests made from now on."""
    row = _open_settings(actor, version, today)
    for kind, age in ages.items():
        found = ConsentAgeRule.objects.filter(kind=kind).first() or ConsentAgeRule(kind=kind)
        if not found._state.adding and (found.age, found.guardians_needed) == (age.age, age.guardians_needed):
            continue
        found.age, found.guardians_needed = age.age, age.guardians_needed
        found._history_user = actor
        found.full_clean()
        found.save()
    return _close_settings(row, actor, [])


@transaction.atomic
def add_phone(fields: dict, *, actor: Person, today: date) -> PhoneNumber:
    access.check_coordinator(actor, today)
    phone = PhoneNumber(**fields)
    phone.key = free_key(PhoneNumber, fields["label"], 30)
    phone._history_user = actor
    phone.full_clean()
    phone.save()
    transaction.on_commit(keep_phones)
    return phone


@transaction.atomic
def save_phone(phone_id: UUID, fields: dict, *, version: int, actor: Person, today: date) -> PhoneNumber:
    access.check_coordinator(actor, today)
    phone = lock(PhoneNumber, phone_id, version)
    for name, value in fields.items():
        setattr(phone, name, value)
    phone._history_user = actor
    phone.full_clean()
    bump(phone).save()
    transaction.on_commit(keep_phones)
    return phone


@transaction.atomic
def remove_phone(phone_id: UUID, *, actor: Person, today: date) -> None:
    access.check_coordinator(actor, today)
    phone = lock(PhoneNumber, phone_id)
    phone._history_user = actor
    phone.delete()
    transaction.on_commit(keep_phones)


def keep_phones() -> bool:
    """Write the first of the gate's numbers down for the error pages, which have no database to ask. Safe to repeat."""
    with translation.override(settings.LANGUAGE_CODE):
        found = [emergency.Number(str(phone.label), phone.number) for phone in selectors.first_phones()]
    return emergency.keep(found)
