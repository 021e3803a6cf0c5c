from django.db import migrations, models

from apps.municipality.enums import Purpose


class Migration(migrations.Migration):

    dependencies = [("stafettlogg", "0029_events_taken_back")]

    operations = [
        migrations.AddField(
            model_name="invitation",
            name="purpose",
            field=models.CharField(blank=True, choices=Purpose.choices, max_length=16),
        ),
    ]
