from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("stafettlogg", "0027_deputy_absence")]

    operations = [
        migrations.AddField(
            model_name="historicalmeasure",
            name="others",
            field=models.TextField(blank=True, verbose_name="Også ansvarlig"),
        ),
        migrations.AddField(
            model_name="measure",
            name="others",
            field=models.TextField(blank=True, verbose_name="Også ansvarlig"),
        ),
    ]
