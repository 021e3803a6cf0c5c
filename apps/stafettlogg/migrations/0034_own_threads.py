import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import apps.core.fields


class Migration(migrations.Migration):

    dependencies = [
        ('municipality', '0010_answer_days'),
        ('stafettlogg', '0033_foster_parents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='consentrequest',
            name='about',
            field=models.CharField(choices=[('child', 'Om barnet'), ('own', 'Om deg selv')], default='child', max_length=6),
        ),
        migrations.AddConstraint(
            model_name='consentrequest',
            constraint=models.CheckConstraint(condition=models.Q(('about', 'child'), ('completes', None), _connector='OR'), name='consent_request_of_her_own_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='consent',
            constraint=models.CheckConstraint(condition=models.Q(('about', 'child'), ('guardian__isnull', False), _connector='OR'), name='consent_own_is_guardians'),
        ),
        migrations.CreateModel(
            name='OwnThread',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('made_at', models.DateTimeField()),
                ('guardian', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='own_threads', to='stafettlogg.guardian')),
                ('log', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='own_threads', to='stafettlogg.log')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='municipality.unit')),
            ],
            options={
                'indexes': [models.Index(fields=['unit', 'log'], name='own_thread_unit')],
                'constraints': [models.UniqueConstraint(fields=('log', 'guardian', 'unit'), name='own_thread_once')],
            },
        ),
        migrations.CreateModel(
            name='OwnMessage',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('author_line', models.CharField(blank=True, max_length=200)),
                ('side', models.CharField(choices=[('guardian', 'Foresatt'), ('holder', 'Stafettholder'), ('service', 'Tjenesten')], max_length=10)),
                ('text', apps.core.fields.EncryptedTextField(context='stafettlogg.ownmessage.text')),
                ('written_at', models.DateTimeField()),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('thread', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to='stafettlogg.ownthread')),
            ],
            options={
                'indexes': [models.Index(fields=['thread', '-written_at'], name='own_message_at')],
            },
        ),
        migrations.AlterField(
            model_name='historicallogaccess',
            name='ground',
            field=models.CharField(choices=[('holder', 'Stafettholder'), ('deputy', 'Vikar for stafettholder'), ('participant', 'Deltaker, med samtykke'), ('request', 'Forbereder forespørselen'), ('control', 'Loggkontroll'), ('absence', 'Stafettholder er borte'), ('handover', 'Velger ny stafettholder'), ('support', 'Stafettholder ba om støtte'), ('complaint', 'Henvendelse fra familien'), ('led', 'Oversikt for leder'), ('own', 'Egen logg'), ('adviser', 'Rådgiver, med samtykke'), ('invited', 'Spurt om å bli med, med samtykke'), ('offered', 'Spurt om å ta over, med samtykke'), ('own_thread', 'Samtale med en foresatt, med samtykke'), ('none', 'Ikke oppgitt')], default='none', max_length=20),
        ),
        migrations.AlterField(
            model_name='logaccess',
            name='ground',
            field=models.CharField(choices=[('holder', 'Stafettholder'), ('deputy', 'Vikar for stafettholder'), ('participant', 'Deltaker, med samtykke'), ('request', 'Forbereder forespørselen'), ('control', 'Loggkontroll'), ('absence', 'Stafettholder er borte'), ('handover', 'Velger ny stafettholder'), ('support', 'Stafettholder ba om støtte'), ('complaint', 'Henvendelse fra familien'), ('led', 'Oversikt for leder'), ('own', 'Egen logg'), ('adviser', 'Rådgiver, med samtykke'), ('invited', 'Spurt om å bli med, med samtykke'), ('offered', 'Spurt om å ta over, med samtykke'), ('own_thread', 'Samtale med en foresatt, med samtykke'), ('none', 'Ikke oppgitt')], default='none', max_length=20),
        ),
    ]
