from django.db import migrations, models
from django.db.models import Q

from apps.municipality.enums import Purpose


class Migration(migrations.Migration):
    dependencies = [("stafettlogg", "0017_scope_of_a_participant")]

    operations = [
        migrations.AddField(
            model_name="consent",
            name="purpose",
            field=models.CharField(blank=True, choices=Purpose.choices, default="", max_length=16),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=Q(purpose="") | Q(about="child"), name="consent_purpose_is_about_child"
            ),
        ),
    ]
