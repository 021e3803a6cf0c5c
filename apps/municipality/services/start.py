"""What a municipality starts from: fixtures/municipality.json, made once, never written over, with nothing invented."""

import json
from dataclasses import asdict
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.municipality import rules, selectors
from apps.municipality.models import ConsentAgeRule, Municipality, PhoneNumber, Role, Term
from apps.municipality.rules.starting import MODELS, check_answers

# Other apps may not import rules; these two are theirs too.
from apps.municipality.rules.starting import StartAnswers as StartAnswers
from apps.municipality.rules.starting import check_address as check_address
from apps.municipality.selectors.choices import Template
from apps.municipality.services.settings import keep_phones


@transaction.atomic
def load(*, now: datetime, numbers: dict[str, str] | None = None) -> int:
    """Make the settings row, roles, telephone numbers and consent ages that are missing; gives how many.

    Safe to run again. Only numbers that hold for the whole country have a number, and those in `numbers`, by key; the
    municipality types in its own.
    Words need no rows: they start as `rules.DEFAULT_WORDS`.
    """
    content = json.loads((settings.FIXTURES_DIR / "municipality.json").read_text("utf-8"))
    made = 0
    if not Municipality.objects.exists():
        Municipality.objects.create(name="", languages=[code for code, _name in settings.LANGUAGES])
        made += 1
    for role in content["roles"]:
        made += Role.objects.get_or_create(key=role["key"], defaults=role)[1]
    for order, phone in enumerate(content["phones"]):
        number = phone["number"] or (numbers or {}).get(phone["key"], "")
        made += PhoneNumber.objects.get_or_create(
            key=phone["key"], defaults={"order": order, **phone, "number": number}
        )[1]
    for kind in selectors.service_kinds():
        age = rules.default_consent_age(kind)
        made += ConsentAgeRule.objects.get_or_create(
            kind=kind, defaults={"age": age.age, "guardians_needed": age.guardians_needed}
        )[1]
    selectors.forget()
    transaction.on_commit(keep_phones)
    return made


@transaction.atomic
def answer(answers: StartAnswers) -> Municipality:
    """Fill in what is empty with what the municipality answers. Writes over nothing. Raises `RuleBroken`."""
    check_answers(answers)
    row = Municipality.objects.select_for_update().get()
    is_new = not row.name
    for name in ("name", "org_number", "address", "phone", "email", "contact_name"):
        setattr(row, name, getattr(row, name) or getattr(answers, name).strip())
    for name in ("dpo_name", "dpo_email", "dpo_phone"):
        setattr(row, name, getattr(row, name) or getattr(answers, name).strip())
    if is_new:
        row.language_form = answers.language_form
        row.model_short, row.model_name = answers.model, MODELS[answers.model]
    row.full_clean(exclude=["the_only"])
    row.save()
    for phone in PhoneNumber.objects.filter(
        number="", key__in=[key for key, number in answers.phones.items() if number]
    ):
        phone.number = answers.phones[phone.key].strip()
        phone.full_clean()
        phone.save()
    selectors.forget()
    transaction.on_commit(keep_phones)
    return row


@transaction.atomic
def follow_template(template: Template) -> None:
    """Make the choices of a named template ours: level, ages, words, and roles that are missing. Only before opening:
    from then on each choice is the coordinator's own. Raises `RuleBroken`."""
    row = Municipality.objects.select_for_update().get()
    if row.opened_at is not None:
        raise RuleBroken("opened", _("Portalen er åpnet. Endre valgene én for én."))
    row.log_from_level = template.log_from_level
    for kind, age in template.ages.items():
        rule = ConsentAgeRule.objects.get(kind=kind)
        rule.age, rule.guardians_needed = age.age, age.guardians_needed
        rule.full_clean()
        rule.save()
    for key, languages in template.words.items():
        for language, forms in languages.items():
            term = Term.objects.filter(key=key, language=language).first() or Term(key=key, language=language)
            for form, text in asdict(forms).items():
                setattr(term, form, text)
            term.save()
    for role in template.roles:
        Role.objects.get_or_create(key=role["key"], defaults=role)
    row.own_words = rules.own_words(Term.objects.all())
    row.save()
    selectors.forget()
