"""What all forms with free text in a log have in common: a national id is never stored, and one press takes it out."""

from django import forms
from django.utils.translation import gettext as _

from apps.core.forms import FreeTextField, PortalForm
from apps.core.national_id import without_national_ids

REMOVE = "uten_fnr"


class Line(FreeTextField):
    """One line of free text."""

    widget = forms.TextInput

    def __init__(self, *, max_length=200, **kwargs):
        super().__init__(max_length=max_length, **kwargs)


class WrittenForm(PortalForm, forms.Form):
    """A form with free text, kept as a draft on demand.

    When a text holds a national id the form is not valid, and `has_national_id` lets the page offer the button named
    `REMOVE`, which sends the same form with every such number taken out.
    """

    keeps_drafts = True

    def __init__(self, data=None, *args, **kwargs):
        if data is not None and data.get(REMOVE):
            data = self._without_national_ids(data)
        super().__init__(data, *args, **kwargs)

    @property
    def has_national_id(self) -> bool:
        return self.is_bound and any(
            error.code == "national_id" for errors in self.errors.as_data().values() for error in errors
        )

    def _without_national_ids(self, data):
        data = data.copy()
        for name, field in self.base_fields.items():
            if isinstance(field, FreeTextField) and name in data:
                data[name] = without_national_ids(data[name], _("[fødselsnummer tatt bort]"))
        return data
