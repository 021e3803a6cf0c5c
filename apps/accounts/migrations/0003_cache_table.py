from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    """The table behind `CACHES`: the rate limits of the sign-in live there. Does nothing where it exists."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_memberships")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
