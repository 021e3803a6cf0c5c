"""A municipality that is in use already has opened: nobody loses a page by a new version."""

from django.db import migrations
from django.utils import timezone


def open_those_in_use(apps, schema_editor):
    apps.get_model("municipality", "Municipality").objects.filter(opened_at=None).update(opened_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("municipality", "0011_opening")]

    operations = [migrations.RunPython(open_those_in_use, migrations.RunPython.noop)]
