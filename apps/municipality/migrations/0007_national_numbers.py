"""Give a municipality that is set up the national numbers that its pages have begun to name."""

import json

from django.conf import settings
from django.db import migrations

NATIONAL = ("ambulanse", "vo-linjen", "mental-helse", "giftinformasjonen")


def add_missing(apps, schema_editor):
    """A number that stands there already, under whatever name, is left as it is."""
    phones = apps.get_model("municipality", "PhoneNumber").objects
    if not phones.exists():
        return
    content = json.loads((settings.FIXTURES_DIR / "municipality.json").read_text("utf-8"))
    there = set(phones.values_list("number", flat=True))
    for order, phone in enumerate(content["phones"]):
        if phone["key"] in NATIONAL and phone["number"] not in there:
            phones.get_or_create(key=phone["key"], defaults={"order": order, **phone})


class Migration(migrations.Migration):
    dependencies = [
        ("municipality", "0006_unit_reopened_day"),
    ]

    operations = [migrations.RunPython(add_missing, migrations.RunPython.noop)]
