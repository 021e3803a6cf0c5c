from django.db import migrations, models

from apps.core.written import folded

BATCH = 500


def fold(apps, schema_editor):
    """Fill in what children are searched and compared by. Safe to repeat."""
    children = apps.get_model("stafettlogg", "Child").objects
    unfolded = children.filter(folded_name="").exclude(given_name="", family_name="").order_by("pk")
    done = None
    while batch := list((unfolded.filter(pk__gt=done) if done else unfolded)[:BATCH]):
        for child in batch:
            child.folded_name = folded(f"{child.given_name} {child.family_name}")
            child.save(update_fields=["folded_name"])
        done = batch[-1].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("stafettlogg", "0009_name_what_people_read")]

    operations = [
        migrations.AddField(
            model_name=model,
            name="folded_name",
            field=models.CharField(blank=True, db_index=True, max_length=340),
        )
        for model in ("child", "historicalchild")
    ] + [migrations.RunPython(fold, migrations.RunPython.noop)]
