from itertools import groupby

from django.db import migrations


def number(apps, schema_editor):
    """In the order they were asked; the same instant, in any order."""
    requests = apps.get_model("stafettlogg", "ConsentRequest").objects.order_by("log_id", "asked_at", "pk")
    for _log_id, rounds in groupby(requests, key=lambda request: request.log_id):
        for place, request in enumerate(rounds, start=1):
            request.number = place
            request.save(update_fields=["number"])


class Migration(migrations.Migration):
    dependencies = [("stafettlogg", "0004_consent_request_number")]

    operations = [migrations.RunPython(number, migrations.RunPython.noop)]
