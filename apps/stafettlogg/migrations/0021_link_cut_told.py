import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("stafettlogg", "0020_answer_day"),
    ]

    operations = [
        migrations.AddField(
            model_name="linkcut",
            name="dpo_told_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="linkcut",
            name="dpo_told_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="linkcut",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("dpo_told_at", None), ("dpo_told_by", None)),
                    models.Q(("dpo_told_at__isnull", False), ("dpo_told_by__isnull", False)),
                    _connector="OR",
                ),
                name="link_cut_told_by_when",
            ),
        ),
    ]
