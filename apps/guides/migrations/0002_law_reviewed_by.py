from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("guides", "0001_initial"),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name=model, name="reviewed_by", field=models.CharField(blank=True, default="", max_length=80),
                preserve_default=False,
            )
            for model in ("lawreference", "historicallawreference")
        ),
        *(
            migrations.AlterField(
                model_name=model, name="reviewed_day", field=models.DateField(blank=True, null=True)
            )
            for model in ("lawreference", "historicallawreference")
        ),
    ]
