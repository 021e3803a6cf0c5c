"""What people write about children is encrypted, also in the history of it.

The columns become text first, so that what is there fits; then each row is sealed. It can be stopped and run again:
what is sealed already is left alone.
"""

from django.db import migrations, models

from apps.core import crypto
from apps.core.fields import Ciphertext, EncryptedTextField

# Model -> the columns that hold what people write.
COLUMNS = {
    "Log": ("reason", "background"),
    "Goal": ("title",),
    "Measure": ("title", "note"),
    "Evaluation": ("summary", "family_view", "no_voice_reason"),
    "MeasureReview": ("note",),
    "ChildVoice": ("text", "told_to"),
    "Message": ("text",),
    "Invitation": ("task",),
    "LogWish": ("child_name",),
}
WITH_HISTORY = ("Log", "Goal", "Measure")
REQUIRED = {("Goal", "title"), ("Measure", "title"), ("ChildVoice", "text"), ("ChildVoice", "told_to"), ("Message", "text")}
NAMES = {
    ("Log", "reason"): "Hvorfor loggen er åpnet",
    ("Log", "background"): "Bakgrunn",
    ("Goal", "title"): "Mål",
    ("Measure", "title"): "Tiltak",
    ("Measure", "note"): "Notat",
}
BATCH = 500


def context_of(model: str, column: str) -> str:
    return f"stafettlogg.{model.lower()}.{column}"


def seal(apps, schema_editor):
    """Seal every text that is not sealed yet, some hundred rows at a time."""
    for model, columns in COLUMNS.items():
        for name in (model, f"Historical{model}") if model in WITH_HISTORY else (model,):
            _seal_rows(apps.get_model("stafettlogg", name).objects, model, columns)


def _seal_rows(rows, model, columns):
    done = None
    while batch := list((rows.filter(pk__gt=done) if done else rows).order_by("pk")[:BATCH]):
        for row in batch:
            sealed = {column: _sealed(row, model, column) for column in columns}
            changed = {column: text for column, text in sealed.items() if text != row.__dict__[column]}
            if changed:
                rows.filter(pk=row.pk).update(**changed)
        done = batch[-1].pk


def _sealed(row, model, column):
    text, context = row.__dict__[column], context_of(model, column)
    if not text:
        return text
    try:
        crypto.decrypt(context, row.id, text)
    except crypto.DecryptionFailed:
        return Ciphertext(crypto.encrypt(context, row.id, str(text)))
    return text


def _field(model, column, made, **more):
    names = {"verbose_name": NAMES[model, column]} if (model, column) in NAMES else {}
    blank = {} if (model, column) in REQUIRED else {"blank": True}
    return made(**names, **blank, **more)


def _changed(made):
    for model, columns in COLUMNS.items():
        for name in (model, f"Historical{model}") if model in WITH_HISTORY else (model,):
            for column in columns:
                yield migrations.AlterField(name.lower(), column, made(model, column))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("stafettlogg", "0013_place_codes")]

    operations = [
        *_changed(lambda model, column: _field(model, column, models.TextField)),
        *_changed(lambda model, column: _field(model, column, EncryptedTextField, context=context_of(model, column))),
        migrations.RunPython(seal, migrations.RunPython.noop),
    ]
