from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stafettlogg", "0005_number_consent_requests")]

    operations = [
        migrations.AddConstraint(
            model_name='consentrequest',
            constraint=models.UniqueConstraint(fields=('log', 'number'), name='consent_request_once_per_number'),
        ),
    ]
