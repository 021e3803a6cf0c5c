from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("stafettlogg", "0030_invitation_purpose")]

    operations = [
        migrations.AddField(
            model_name="repeatrequest", name="is_alike", field=models.BooleanField(default=False)
        ),
    ]
