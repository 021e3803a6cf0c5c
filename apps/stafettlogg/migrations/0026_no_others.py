import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("stafettlogg", "0025_care_decisions"),
    ]

    operations = [
        migrations.AddField("historicallog", "no_others_day", models.DateField(blank=True, null=True)),
        migrations.AddField("log", "no_others_day", models.DateField(blank=True, null=True)),
        migrations.AddField(
            "historicallog",
            "no_others_by",
            models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "log",
            "no_others_by",
            models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
