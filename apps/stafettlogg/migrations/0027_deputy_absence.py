import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("accounts", "0007_absence_without_deputy"), ("stafettlogg", "0026_no_others")]

    operations = [
        migrations.AddField(
            model_name="deputy",
            name="absence",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="deputies",
                to="accounts.absence",
            ),
        ),
    ]
