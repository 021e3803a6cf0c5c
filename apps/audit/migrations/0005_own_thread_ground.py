from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0004_foster_parents'),
    ]

    operations = [
        migrations.AlterField(
            model_name='readevent',
            name='ground',
            field=models.CharField(choices=[('holder', 'Stafettholder'), ('deputy', 'Vikar for stafettholder'), ('participant', 'Deltaker, med samtykke'), ('request', 'Forbereder forespørselen'), ('control', 'Loggkontroll'), ('absence', 'Stafettholder er borte'), ('handover', 'Velger ny stafettholder'), ('support', 'Stafettholder ba om støtte'), ('complaint', 'Henvendelse fra familien'), ('led', 'Oversikt for leder'), ('own', 'Egen logg'), ('adviser', 'Rådgiver, med samtykke'), ('invited', 'Spurt om å bli med, med samtykke'), ('offered', 'Spurt om å ta over, med samtykke'), ('own_thread', 'Samtale med en foresatt, med samtykke'), ('none', 'Ikke oppgitt')], default='none', max_length=20),
        ),
    ]
