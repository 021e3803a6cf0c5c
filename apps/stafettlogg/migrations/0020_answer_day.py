from django.db import migrations, models
from django.db.models import F


def keep_the_deadline_shown(apps, schema_editor):
    """What has been asked keeps the deadline the family was shown: the last day an answer counts."""
    apps.get_model("stafettlogg", "ConsentRequest").objects.filter(answer_day=None).update(answer_day=F("last_day"))


class Migration(migrations.Migration):
    dependencies = [
        ("stafettlogg", "0019_corrections"),
    ]

    operations = [
        migrations.AddField(
            model_name="consentrequest",
            name="answer_day",
            field=models.DateField(null=True),
        ),
        migrations.RunPython(keep_the_deadline_shown, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="consentrequest",
            name="answer_day",
            field=models.DateField(),
        ),
        migrations.AddConstraint(
            model_name="consentrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer_day__lte", models.F("last_day"))),
                name="consent_deadline_in_time",
            ),
        ),
    ]
