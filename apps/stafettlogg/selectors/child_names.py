"""What a child is called where several stand together: nobody writes in the log of the wrong one."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.core.dates import age_on
from apps.stafettlogg.models import Child


def told_apart(children: Iterable[Child], *, today: date) -> dict[UUID, str]:
    """The children by id, as `name_and_age`; two that would look the same get the initial of the family name, and the
    whole of it where that is the same too."""
    return _tell_apart(
        {child.pk: child for child in children},
        lambda child: name_and_age(child, today=today),
        lambda child: name_and_age(child, today=today, family_name=_initial(child)),
        lambda child: name_and_age(child, today=today, family_name=child.family_name),
    )


def first_names(children: Iterable[Child], *, today: date) -> dict[UUID, str]:
    """The same for a sentence: «Emma», «Emma V.», «Emma Vik», «Emma Vik, 5 år»."""
    return _tell_apart(
        {child.pk: child for child in children},
        lambda child: child.given_name or _("barnet som er i vente"),
        lambda child: f"{child.given_name} {_initial(child)}".strip() or _("barnet som er i vente"),
        lambda child: f"{child.given_name} {child.family_name}".strip() or _("barnet som er i vente"),
        lambda child: name_and_age(child, today=today, family_name=child.family_name),
    )


def name_and_age(child: Child, *, today: date, family_name: str = "") -> str:
    """«Emma, 5 år», «Emma» before the first birthday, «Ventet barn» before birth. Given name only, unless
    `family_name` says what else stands there."""
    name = f"{child.given_name} {family_name}".strip() or _("Ventet barn")
    years = age_on(child.birth_date, today) if child.birth_date else 0
    if years == 0:
        return name
    return ngettext("%(name)s, %(years)d år", "%(name)s, %(years)d år", years) % {"name": name, "years": years}


def _tell_apart(children: Mapping[UUID, Child], *ways: Callable[[Child], str]) -> dict[UUID, str]:
    """Each child in the first way that no other is called by; in the last where there is none."""
    shown: dict[UUID, str] = {}
    same = dict(children)
    for way in ways:
        named = {key: way(child) for key, child in same.items()}
        shown |= named
        times = Counter(named.values())
        same = {key: child for key, child in same.items() if times[named[key]] > 1}
    return shown


def _initial(child: Child) -> str:
    return f"{child.family_name[0]}." if child.family_name else ""
