"""The request on four short pages: which fields stand where, what goes along, and what is looked over at the end.

All of it is one form (`RequestForm`). Each page shows its own fields and carries the others, so whatever is saved or
sent is the whole of it, and nothing is made before it is sent from the last page.
"""

import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.core.rendering import PortalBoundField
from apps.stafettlogg.forms.requests import RequestForm

CHILD, GUARDIANS, HELPERS, LOOK_OVER = PAGES = (1, 2, 3, 4)
# In what is sent: the page it comes from, and the page that is asked for.
HERE, TO = "side", "til"
_HELPERS = ("holder", "services")


@dataclass(frozen=True)
class Part:
    """Some answers under one heading, and the page where they are changed."""

    title: str
    page: int
    rows: list[tuple[str, str]]


def titles() -> list[str]:
    return [_("Barnet"), _("Foresatte"), _("Stafettholder og tjenester"), _("Se over")]


def page_of(field: str) -> int:
    """The page a field stands on."""
    if re.match(r"g\d_", field) or field == "no_others":
        return GUARDIANS
    return HELPERS if field in _HELPERS else CHILD


def page_number(text: str | None) -> int | None:
    return int(text) if text in [str(page) for page in PAGES] else None


def carried(form: RequestForm, page: int) -> list[tuple[str, str]]:
    """What was written on the other pages, as it was sent, for the hidden fields of this one."""
    entries = form.data if form.is_bound else form.restored.entries if form.restored is not None else QueryDict()
    found = []
    for name in entries:
        field = name if name in form.fields else re.sub(r"_(day|month|year)$", "", name)
        if field in form.fields and not form.fields[field].widget.is_hidden and page_of(field) != page:
            found += [(name, value) for value in entries.getlist(name)]
    return found


def keep_errors_of(form: RequestForm, page: int) -> bool:
    """Leave only what is wrong on this page, and say whether anything is. What is said of the form as a whole stays
    for the last page."""
    for name in list(form.errors):
        if (LOOK_OVER if name == NON_FIELD_ERRORS else page_of(name)) != page:
            del form.errors[name]
    return bool(form.errors)


def first_wrong(form: RequestForm) -> int:
    """The first page where something is wrong; the last one for what is said of the form as a whole."""
    return min((page_of(name) for name in form.errors if name != NON_FIELD_ERRORS), default=LOOK_OVER)


def look_over(form: RequestForm) -> list[Part]:
    """Every answer in words, with the page it is changed on."""
    names = [name for name, field in form.fields.items() if not field.widget.is_hidden]
    parts = [Part(_("Barnet"), CHILD, _rows(form, [name for name in names if page_of(name) == CHILD]))]
    for guardian in form.guardians:
        number, rows = guardian["number"], _rows(form, [box.name for box in guardian["fields"].values()])
        # The language has an answer from the start.
        if len(rows) > 1:
            parts.append(Part(_("Foresatt %(number)s") % {"number": number}, GUARDIANS, rows))
    register = _rows(form, ["no_others"])
    if register or not any(part.page == GUARDIANS for part in parts):
        parts.append(Part(_("Foresatte"), GUARDIANS, register))
    return [*parts, Part(_("Stafettholder og tjenester"), HELPERS, _rows(form, _HELPERS))]


def _rows(form: RequestForm, names) -> list[tuple[str, str]]:
    boxes: list[Any] = [form[name] for name in names]
    return [(str(box.label), words) for box in boxes if (words := _in_words(box))]


def _in_words(box: PortalBoundField) -> str:
    value, field = box.value(), box.field
    if isinstance(field, forms.BooleanField):
        return _("Ja") if field.widget.value_from_datadict({"x": value}, {}, "x") else ""
    if isinstance(field, forms.ChoiceField):
        chosen = value if isinstance(value, list | tuple) else [value]
        choices: Any = field.choices  # of one level, in the request
        labels = {str(key): str(label) for key, label in choices if key != ""}
        return ", ".join(labels[str(key)] for key in chosen if str(key) in labels)
    return str(value or "")
