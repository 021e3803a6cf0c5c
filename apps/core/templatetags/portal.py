"""Tags and filters every template may use: `{% load portal %}`. The parts themselves are in templates/components/."""

import datetime
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django import forms, template
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from apps.core import dates
from apps.core.icons import NAMES
from apps.core.text import LocalizedText

register = template.Library()

STATUS = {
    "handling": gettext_lazy("Må gjøres"),
    "venter": gettext_lazy("Venter på andre"),
    "pagar": gettext_lazy("Pågår"),
    "fullfort": gettext_lazy("Fullført"),
    "avsluttet": gettext_lazy("Avsluttet"),
}
# A day, or an instant of which the local day is shown; nothing gives no text.
Moment = datetime.date | datetime.datetime | None
TONES = ("gran", "lyng", "fjord", "mose")

_CIRCLE = '<circle cx="32" cy="32" r="{}" fill="none" stroke="currentColor" stroke-width="{}"{}/>'
_DASHED = ' stroke-dasharray="{}" stroke-linecap="round"'
# (radius, width, dashes) of each ring, then the radius of the child in the middle; small ones are drawn thicker.
_SMALL: dict[int, tuple[list[tuple[float, float, str]], float]] = {
    0: ([(20, 4.6, "4.2 6.28")], 8.5),
    1: ([(21, 4.6, "")], 8.5),
    2: ([(16, 4.6, ""), (27, 4.6, "")], 7.2),
    3: ([(13.5, 3.8, ""), (21.5, 3.8, ""), (29.5, 3.8, "")], 7.2),
}
_LARGE: dict[int, tuple[list[tuple[float, float, str]], float]] = {
    0: ([(14, 2.2, "2.5 5.2")], 6),
    1: ([(14, 2.6, "")], 6),
    2: ([(14, 2.6, ""), (22, 2.4, "")], 6),
    3: ([(14, 2.6, ""), (22, 2.4, ""), (30, 2.2, "")], 6),
}


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, css: str = "") -> SafeString:
    """`{% icon "bell" %}`: always decoration, so there must be words beside it. Raises `ValueError` for other names."""
    if name not in NAMES:
        raise ValueError(f"There is no icon named {name!r}; see apps/core/icons.py")
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css or "p-icon",
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
@lru_cache(maxsize=16)
def rings(level: int, size: str = "sm") -> SafeString:
    """`{% rings 2 %}`, `{% rings 2 "lg" %}`: one ring per level around the child, dashed at level 0."""
    circles, child = (_LARGE if size == "lg" else _SMALL)[min(max(int(level), 0), 3)]
    drawn = "".join(_CIRCLE.format(r, width, dashes and _DASHED.format(dashes)) for r, width, dashes in circles)
    return mark_safe(  # noqa: S308 -- numbers from the tables above only
        '<svg class="p-rings" viewBox="0 0 64 64" aria-hidden="true" focusable="false">'
        f'{drawn}<circle class="drop" cx="32" cy="32" r="{child}"/></svg>'
    )


@register.simple_tag
def status(code: str, text: str = "") -> SafeString:
    """`{% status "venter" %}`: one of the five in `STATUS`; `text` replaces the words, never the meaning."""
    return _status(code, str(text or STATUS.get(code, "")))


@lru_cache(maxsize=128, typed=True)  # what is markup already is not taken for the same letters that are not
def _status(code: str, words: str) -> SafeString:
    mark = icon(f"status-{code}", "p-status__mark")
    return format_html('<span class="p-status" data-status="{}">{}{}</span>', code, mark, words)


@register.simple_tag
def answer(kind: str, text: str, detail: str = "") -> SafeString:
    """`{% answer "yes" "Ja" "3. september" %}`: `yes`, `no` or `wait`, as one guardian's answer in a table."""
    more = format_html("<small>{}</small>", detail) if detail else ""
    return format_html(
        '<span class="p-{}">{}<span>{}{}</span></span>', kind, icon(f"mark-{kind}", "p-mark"), text, more
    )


def _day(value):
    if isinstance(value, datetime.datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def _in_words(value, norwegian, english):
    if not value:
        return ""
    day = _day(value)
    if day >= dates.FAR_DAY:
        return _("Ingen sluttdato")
    return dates.in_words(day, norwegian, english)


@register.filter
def date_long(value: Moment) -> str:
    """«12. oktober 2026»; local date of an instant; '' for nothing; «Ingen sluttdato» for an open end."""
    return _in_words(value, "j.\xa0F Y", "j\xa0F Y")


@register.filter
def date_short(value: Moment) -> str:
    """«12. oktober»: where the year is plain from the place."""
    return _in_words(value, "j.\xa0F", "j\xa0F")


@register.filter
def period(days: Any) -> str:
    """«20. desember 2026 til 23. desember 2026» of anything with a first and a last day; one day is said once."""
    return dates.format_period(days.first_day, days.last_day)


@register.filter
def period_short(days: Any) -> str:
    """«20. desember til 23. desember»: where the year is plain from the place."""
    first, last = date_short(days.first_day), date_short(days.last_day)
    return first if first == last else _("%(first)s til %(last)s") % {"first": first, "last": last}


@register.filter
def weekday_date(value: Moment) -> str:
    """«Torsdag 8. oktober 2026»."""
    words = _in_words(value, "l j.\xa0F Y", "l j\xa0F Y")
    return words[:1].upper() + words[1:]


@register.filter(is_safe=True)
def unbroken_section(reference: str) -> str:
    """«§ 13-2» stays together at the end of a line. What is marked with its language stays marked."""
    return str(reference).replace("§ ", "§\xa0")


@register.filter
def unbroken(number: str) -> str:
    """A telephone or organisation number stays on one line."""
    return str(number).replace(" ", "\xa0")


@register.filter
def quoted(words: str) -> SafeString:
    """What somebody said or wrote, in the quotation marks of the language: «ord», “words”."""
    opening, closing = "«»" if (get_language() or "nb")[:2] in ("nb", "nn") else "“”"
    return format_html("{}{}{}", opening, words, closing)


@register.filter
def clock(value: datetime.datetime | None) -> str:
    """«20.14» from an instant, local time; '' for nothing."""
    return dates.format_clock(value) if value else ""


@register.filter
def time_long(value: datetime.datetime | None) -> str:
    """«8. oktober 2026 klokka 20.14»."""
    if not value:
        return ""
    return _("%(day)s klokka %(time)s") % {"day": date_long(value), "time": clock(value)}


@register.filter
def due(value: Moment, today: datetime.date) -> str:
    """Bold date with the distance under it; late ones also get a mark. `today` is the local date; '' for nothing."""
    if not value:
        return ""
    day = _day(value)
    return format_html(
        '<span class="p-due"{}><b>{}</b> <span>{}</span></span>',
        mark_safe(" data-late") if day < today else "",
        date_short(day) if abs((day - today).days) < 180 else date_long(day),
        dates.relative(day, today),
    )


@register.filter
def tel(number: str) -> str:
    """A telephone number as in `href="tel:…"`: eight digits get +47, short numbers stay as they are."""
    digits = re.sub(r"[^\d+]", "", str(number))
    return f"+47{digits}" if len(digits) == 8 and digits[0] != "+" else digits


@register.filter
def initials(name: str) -> str:
    """«Ane Solheim» → «AS»."""
    words = str(name).split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@register.simple_tag
def avatar(name: str, tone: str = "", size: str = "") -> SafeString:
    """The initials in a circle: decoration, the name must stand beside it. The tone follows the name unless given."""
    return _avatar(initials(name), tone or TONES[sum(map(ord, str(name))) % len(TONES)], size)


@lru_cache(maxsize=1024)
def _avatar(letters: str, tone: str, size: str) -> SafeString:
    return format_html(
        '<span class="p-avatar" data-tone="{}"{} aria-hidden="true">{}</span>',
        tone,
        format_html(' data-size="{}"', size) if size else "",
        letters,
    )


@register.simple_tag
def localized(text: LocalizedText | str) -> str:
    """A `LocalizedText`; marked with its own `lang` when it is shown in another language than the page's."""
    if isinstance(text, LocalizedText) and text.is_fallback:
        return format_html('<span lang="{}">{}</span>', text.language, text)
    return str(text)


@register.filter
def under(cells: Sequence[Any], heads: Sequence[str]) -> list[tuple[str, Any]]:
    """(heading, cell) pairs of one table row."""
    return list(zip(heads, cells, strict=True))


@register.inclusion_tag("components/crumbs.html")
def crumbs(*parts: str) -> dict[str, Any]:
    """`{% crumbs _("Arbeidet ditt") "portal:start" _("Logger") list_url child_name %}`: label, target, … and last the
    page itself. A target is a URL or the name of one that takes no arguments."""
    pairs = zip(parts[0:-1:2], parts[1:-1:2], strict=True)
    return {
        "links": [(label, target if str(target)[:1] in "/#" else reverse(target)) for label, target in pairs],
        "here": parts[-1],
    }


@register.simple_tag
def field(bound: forms.BoundField) -> SafeString:
    """`{% field form.name %}`: label, hint, error and box, as templates/core/field.html."""
    return bound.as_field_group()


@register.simple_tag
def hidden_fields(form: forms.BaseForm) -> SafeString:
    """The form's hidden fields; `error_summary` and templates/core/form.html give them already."""
    return format_html_join("", "{}", ((bound,) for bound in form.hidden_fields()))


def _told(form: Any) -> Any:
    """What was kept, where the form says that it came back."""
    return getattr(form, "restored", None) if getattr(form, "tells_restored", True) else None


@register.inclusion_tag("core/error_summary.html")
def error_summary(*forms: forms.BaseForm, hidden: bool = True) -> dict[str, Any]:
    """First inside `<form>`: the errors of all the given forms as links, and (unless `hidden=False`) hidden fields."""
    errors: list[tuple[str, str]] = []
    for form in forms:
        bounds: list[Any] = form.visible_fields()  # each a core.rendering.PortalBoundField
        errors += [("", str(message)) for message in form.non_field_errors()]
        errors += [(bound.first_id, str(message)) for bound in bounds for message in bound.errors]
    return {
        "errors": errors,
        "hidden": [bound for form in forms for bound in form.hidden_fields()] if hidden else [],
        "kept": next((kept for form in forms if (kept := _told(form))), None),
    }
