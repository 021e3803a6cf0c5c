"""What is written when the stafettpinne is offered and declined is encrypted too, in the same way and as safe to repeat."""

from importlib import import_module

from django.db import migrations, models

from apps.core.fields import EncryptedTextField

COLUMNS = ("letter", "decline_reason")
_before = import_module("apps.stafettlogg.migrations.0014_encrypt_what_people_write")


def seal(apps, schema_editor):
    _before._seal_rows(apps.get_model("stafettlogg", "Handover").objects, "Handover", COLUMNS)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("stafettlogg", "0021_link_cut_told")]

    operations = [
        *(migrations.AlterField("handover", column, models.TextField(blank=True)) for column in COLUMNS),
        *(
            migrations.AlterField(
                "handover",
                column,
                EncryptedTextField(blank=True, context=f"stafettlogg.handover.{column}"),
            )
            for column in COLUMNS
        ),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
