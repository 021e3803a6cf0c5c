from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("guides", "0003_ask_who_asks"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="lawreference",
            constraint=models.CheckConstraint(
                name="law_reviewed_by_and_when",
                condition=Q(reviewed_by="", reviewed_day__isnull=True)
                | (~Q(reviewed_by="") & Q(reviewed_day__isnull=False)),
            ),
        ),
    ]
