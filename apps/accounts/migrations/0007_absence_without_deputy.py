from django.db import migrations


class Migration(migrations.Migration):
    """Who stands in is asked for each log; that a person was named here had no effect."""

    dependencies = [("accounts", "0006_staff_provider")]

    operations = [
        migrations.RemoveConstraint(model_name="absence", name="absence_not_own_deputy"),
        migrations.RemoveField(model_name="absence", name="deputy"),
        migrations.RemoveField(model_name="historicalabsence", name="deputy"),
    ]
