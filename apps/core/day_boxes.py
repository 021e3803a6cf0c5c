"""A day that the one who writes knows by heart, such as a child's birth date: three boxes for day, month and year.

The browser's calendar is for days that are chosen: nobody should turn it back ten years on a telephone.
"""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.core.forms import DateField

_PARTS = (("day", _("Dag")), ("month", _("Måned")), ("year", _("År")))


class DayBoxes(forms.MultiWidget):
    """Boxes named `<name>_day`, `<name>_month` and `<name>_year`; a whole day in `<name>` is read too.

    The boxes keep what was written in them, also what is no day. Nothing is suggested: it may be another child's.
    """

    template_name = "core/widgets/day_boxes.html"
    use_fieldset = True

    def __init__(self, attrs=None):
        # A month may be written as a word, and a whole day pasted: no pattern, and no `maxlength` that cuts.
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            part: forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-part": label})
            for part, label in _PARTS
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[str]:
        if isinstance(value, date):
            return [str(value.day), str(value.month), str(value.year)]
        parts = str(value or "").split(".", 2)
        whole = re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", str(value or ""))
        return [whole[3], whole[2], whole[1]] if whole else [*parts, "", ""][:3]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        written = [(data.get(f"{name}_{part}") or "").strip().rstrip(".") for part, _label in _PARTS]
        if not any(written):
            return data.get(name) or ""
        return written[0] if not any(written[1:]) else ".".join(written)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and super().value_omitted_from_data(data, files, name)


class KnownDayField(DateField):
    """A `DateField` in three boxes. The error says what is missing, or that there is no such day."""

    widget = DayBoxes
    default_error_messages = {
        "part": _("Skriv dag, måned og år med tall, for eksempel 4, 5 og 2021."),
        "no_such_day": _("Denne dagen finnes ikke. Se på dagen og måneden."),
    }

    def to_python(self, value: Any) -> date | None:
        parts = str(value).split(".", 2) if isinstance(value, str) else []
        if len(parts) == 3 and not parts[1].strip().isdigit():
            value = " ".join(parts)
        try:
            return super().to_python(value)
        except forms.ValidationError as error:
            code = "no_such_day" if re.fullmatch(r"\d{1,2}\.\d{1,2}\.(\d{2}|\d{4})", str(value)) else "part"
            raise forms.ValidationError(self.error_messages[code], code=code) from error
