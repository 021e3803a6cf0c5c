"""`check --deploy`: nothing invented in a real municipality, and every point of «Klar til å åpne» that is about it."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import Error, Tags, Warning, register
from django.db import DatabaseError
from django.utils import timezone, translation

from apps.municipality.models import Municipality
from apps.municipality.selectors import readiness
from apps.municipality.selectors.readiness_points import invented

# Points without which a family would read something untrue.
TRUE_FOR_FAMILIES = frozenset({"kommunen", "telefon", "tekster", "fare-for-liv", "personer"})


@register(Tags.security, deploy=True)
def municipality_is_real(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[Error | Warning]:
    """Placeholders, numbers nobody has rung and texts nobody has approved are errors; other red points are warnings.

    Silent where there is no database to ask yet.
    """
    try:
        with translation.override("nb"):
            return _findings()
    except DatabaseError:
        return []


def _findings() -> list[Error | Warning]:
    if not Municipality.objects.exclude(name="").exists():
        hint = "Run `manage.py start_municipality`."
        return [Error("The municipality is not started.", hint=hint, id="municipality.E201")]
    now = timezone.now()
    found: list[Error | Warning] = []
    if fields := invented(readiness.Reading(now)):
        found.append(Error(f"The settings hold placeholders: {', '.join(fields)}.", id="municipality.E202"))
    for line in readiness.overview(now).red:
        told = f"«Klar til å åpne»: {line.title}. {line.text}"
        if line.check.key in TRUE_FOR_FAMILIES:
            found.append(Error(told, id="municipality.E203"))
        else:
            found.append(Warning(told, id="municipality.W204"))
    return found
