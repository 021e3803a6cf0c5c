"""What a municipality starts from: fixtures/municipality.json, made once, never written over."""

import json

from django.conf import settings
from django.db import transaction

from apps.municipality import rules, selectors
from apps.municipality.models import ConsentAgeRule, Municipality, PhoneNumber, Role
from apps.municipality.services.settings import keep_phones


@transaction.atomic
def load_start_data() -> Municipality:
    """Make the settings row, roles, telephone numbers and consent ages that are missing. Safe to run again.

    Words need no rows: they start as `rules.DEFAULT_WORDS`.
    """
    content = json.loads((settings.FIXTURES_DIR / "municipality.json").read_text("utf-8"))
    row = Municipality.objects.first()
    if row is None:
        row = Municipality(**content["municipality"])
        row.full_clean()
        row.save()
    for role in content["roles"]:
        Role.objects.get_or_create(key=role["key"], defaults=role)
    for order, phone in enumerate(content["phones"]):
        PhoneNumber.objects.get_or_create(key=phone["key"], defaults={"order": order, **phone})
    for kind in selectors.service_kinds():
        age = rules.default_consent_age(kind)
        ConsentAgeRule.objects.get_or_create(
            kind=kind, defaults={"age": age.age, "guardians_needed": age.guardians_needed}
        )
    selectors.forget()
    transaction.on_commit(keep_phones)
    return row
