import secrets

from django.db import migrations
from django.db.models import Max
from django.utils import timezone

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
OPEN = ["requested", "active", "closing"]


def split(apps, schema_editor):
    """What a guardian was asked about herself becomes a request of her own, with a receipt of its own (docs/adr/0020).

    Nobody sees more for it: a yes about the child that was given where the service needed her yes about herself too,
    and did not have it, counts no more, as it was signed under the words that the service stays out.
    """
    rows = apps.get_model("stafettlogg", "Consent").objects.filter(about="own").select_related("request", "log")
    groups: dict = {}
    for row in rows.order_by("request__asked_at", "request__number", "guardian_id", "pk"):
        groups.setdefault((row.request_id, row.guardian_id), []).append(row)
    for own in groups.values():
        _keep_shut(apps, own)
        _move(apps, own)


def _keep_shut(apps, own):
    if own[0].log.status not in OPEN:
        return
    given = {row.unit_id for row in own if row.state == "given"}
    child = apps.get_model("stafettlogg", "Consent").objects.filter(
        request=own[0].request_id, guardian=own[0].guardian_id, about="child", state="given"
    )
    for row in child.filter(unit__in=[one.unit_id for one in own]).exclude(unit__in=given):
        row.state, row.ended_at = "replaced", timezone.now()
        row.save(update_fields=["state", "ended_at"])


def _move(apps, own):
    asked, requests = own[0].request, apps.get_model("stafettlogg", "ConsentRequest").objects
    text = apps.get_model("stafettlogg", "ConsentText").objects.filter(
        key="sharing_own", published_at__lte=asked.asked_at
    )
    request = requests.create(
        log_id=asked.log_id,
        number=requests.filter(log=asked.log_id).aggregate(last=Max("number"))["last"] + 1,
        asked_by_id=asked.asked_by_id,
        asked_at=asked.asked_at,
        answer_day=asked.answer_day,
        last_day=asked.last_day,
        text=text.order_by("-number").first() or asked.text,
        cancelled_at=asked.cancelled_at,
        about="own",
    )
    answers = {row.answer_id: row.answer for row in own if row.answer_id}
    withdrawals = {row.withdrawal_id: row.withdrawal for row in own if row.withdrawal_id}
    answers = {pk: _copy(answer, request=request) for pk, answer in answers.items()}
    withdrawals = {pk: _copy(withdrawal) for pk, withdrawal in withdrawals.items()}
    for row in own:
        row.request, row.answer = request, answers.get(row.answer_id)
        row.withdrawal = withdrawals.get(row.withdrawal_id)
        row.save(update_fields=["request", "answer", "withdrawal"])
        apps.get_model("stafettlogg", "OwnThread").objects.get_or_create(
            log_id=row.log_id, guardian_id=row.guardian_id, unit_id=row.unit_id, defaults={"made_at": asked.asked_at}
        )


def _copy(row, **changed):
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name != "id"}
    letters = "".join(secrets.choice(LETTERS) for _place in range(8))
    values["reference"] = f"{letters[:4]}-{letters[4:]}"
    for name in changed:
        values.pop(f"{name}_id", None)
    return type(row).objects.create(**values, **changed)


class Migration(migrations.Migration):
    dependencies = [("stafettlogg", "0034_own_threads")]

    operations = [migrations.RunPython(split, migrations.RunPython.noop)]
