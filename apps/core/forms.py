"""What every form of the portal has in common, and the fields that several apps need."""

import datetime
import re
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core import drafts, national_id
from apps.core.localized_forms import LocalizedFormField, LocalizedWidget
from apps.core.models import Versioned
from apps.core.national_id import contains_national_id
from apps.core.written import as_written

__all__ = [
    "DateField",
    "DateInput",
    "FormKeyMixin",
    "FreeTextField",
    "LocalizedFormField",
    "LocalizedWidget",
    "NationalIdField",
    "PhoneField",
    "PortalForm",
]


class _HiddenField(forms.Field):
    """Travels with the form and is not something a person changes."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


class FormKeyField(_HiddenField):
    """A new UUID for each form shown; a form sent without one gets one here."""

    def __init__(self):
        super().__init__(required=False, initial=uuid.uuid4)

    def clean(self, value: Any) -> uuid.UUID:
        if not value:
            return uuid.uuid4()
        try:
            return uuid.UUID(str(value))
        except ValueError as error:
            raise forms.ValidationError("form_key", code="invalid") from error


class VersionField(_HiddenField):
    """The version the writer saw; give it to `core.models.lock`."""

    def clean(self, value: Any) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", str(value or "")):
            raise forms.ValidationError("version", code="invalid")
        return int(value)


class FormKeyMixin(forms.BaseForm):
    """Mixin before `forms.Form` or `forms.ModelForm`, which make it whole.

    Adds the hidden `form_key`; give `cleaned_data["form_key"]` to `core.form_keys.once`. What was posted is read as
    `core.written.as_written` keeps it, so a line break counts as the one character it is to the writer.
    """

    # Each form knows the kind of each of its own.
    fields: dict[str, Any]
    # As posted.
    data: QueryDict

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(_as_written(data), *args, **kwargs)
        self.fields["form_key"] = FormKeyField()


def _as_written(data: Any) -> Any:
    """A copy of what was posted, each text as it is kept."""
    if isinstance(data, MultiValueDict):
        posted = data.copy()
        for name, values in data.lists():
            posted.setlist(name, [as_written(value) if isinstance(value, str) else value for value in values])
        return posted
    if isinstance(data, dict):
        return {name: as_written(value) if isinstance(value, str) else value for name, value in data.items()}
    return data


class PortalForm(FormKeyMixin):
    """Mixin before `forms.Form` or `forms.ModelForm`: `class GoalForm(PortalForm, forms.ModelForm)`.

    - `cleaned_data["form_key"]` for `once`, `cleaned_data["version"]` for `lock` when the form is `versioned`, gets
      `version=…`, or is a model form of a saved `Versioned` object.
    - What was sent on an expired sign-in comes back in the fields; with `keeps_drafts = True` also what the person
      saved with the button that posts to `core:save_draft`. `restored` is then a `core.drafts.Kept`, else None.
    - `kept_with`: field -> the tick without which no draft holds it, unless its writer saves it herself.
    - `kept_unless`: field -> the answer with which no draft is kept at all.
    - `tells_restored`: whether the page says that kept text came back.
    - `about`: an id, when one page has several forms of the same class.
    """

    versioned = False
    keeps_drafts = False
    kept_with: Mapping[str, str] = {}
    kept_unless: Mapping[str, str] = {}
    tells_restored = True
    use_required_attribute = False

    def __init__(self, *args, version=None, about="", **kwargs):
        super().__init__(*args, **kwargs)
        instance = getattr(self, "instance", None)
        if version is None and isinstance(instance, Versioned) and not instance._state.adding:
            version = instance.version
            about = about or instance.pk
        if self.versioned or version is not None or self.add_prefix("version") in self.data:
            self.fields["version"] = VersionField(initial=version)
        self._name = self._form_name(about)
        self.restored: drafts.Kept | None = None
        if not self.is_bound:
            self.restored = drafts.kept_for(self._name, saved_too=self.keeps_drafts, now=timezone.now())
        keeps = self.keeps_drafts or self.restored is not None
        mark = drafts.mark_for(self._name, keeps=keeps, kept_with=self.kept_with, kept_unless=self.kept_unless)
        self.fields[drafts.MARK] = _HiddenField(required=False, initial=mark)

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if self.restored and not field.disabled and not isinstance(field, forms.FileField):
            name = self.add_prefix(field_name)
            if not field.widget.value_omitted_from_data(self.restored.entries, {}, name):
                return field.widget.value_from_datadict(self.restored.entries, {}, name)
        return super().get_initial_for_field(field, field_name)

    def clean(self) -> dict[str, Any]:
        super().clean()
        return self.cleaned_data

    def full_clean(self) -> None:
        for name, field in self.fields.items():
            if field.error_messages.get("required") == forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _required_message(field, self[name].label)
            if isinstance(field, forms.EmailField):
                field.error_messages.setdefault("invalid", _("Skriv e-postadressen slik: navn@eksempel.no."))
        super().full_clean()
        self._gather_hidden_errors()

    @property
    def checks_in_browser(self) -> bool:
        """Whether the browser must stop what is typed half: a day that does not exist is sent as no day at all."""
        return any(isinstance(field.widget, DateInput) for field in self.fields.values())

    def _form_name(self, about):
        app = type(self).__module__.split(".")[1:2] or [""]
        parts = (app[0], type(self).__qualname__, self.prefix, about)
        return ".".join(str(part) for part in parts if part)[:100]

    def _gather_hidden_errors(self):
        """A person can do nothing about a hidden field but load the page again."""
        hidden = [name for name in self.errors if isinstance(self.fields.get(name), _HiddenField)]
        for name in hidden:
            del self.errors[name]
        if hidden:
            self.add_error(NON_FIELD_ERRORS, _("Siden er for gammel. Last den på nytt og prøv igjen."))


def _required_message(field, label):
    if isinstance(field, forms.BooleanField):
        return _("Kryss av for «%(label)s».") % {"label": label}
    if str(label).endswith("?"):
        return _("Svar på «%(label)s»") % {"label": label}
    if isinstance(field, forms.ChoiceField):
        return _("Velg «%(label)s».") % {"label": label}
    return _("Fyll ut «%(label)s».") % {"label": label}


class DateInput(forms.DateInput):
    """The browser's own date picker; a plain text box where there is none."""

    input_type = "date"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar january jan",
            "februar february feb",
            "mars march mar",
            "april apr",
            "mai may",
            "juni june jun",
            "juli july jul",
            "august aug",
            "september sep sept",
            "oktober october okt oct",
            "november nov",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}


class DateField(forms.DateField):
    """A day: the browser's picker, or typed as 12.10.2026, 12.10.26, 2026-10-12 or 12. oktober 2026.

    `first_day` and `last_day` limit it (both included). Years outside 1900–2200 are taken for slips.
    """

    widget: type[forms.Widget] = DateInput
    input_formats = ["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y"]
    default_error_messages = {
        "invalid": gettext_lazy("Skriv datoen som dag, måned og år, for eksempel 12.10.2026."),
        "too_early": gettext_lazy("Datoen kan ikke være før %(limit)s."),
        "too_late": gettext_lazy("Datoen kan ikke være etter %(limit)s."),
    }

    def __init__(self, *, first_day=None, last_day=None, **kwargs):
        self.first_day = first_day or datetime.date(1900, 1, 1)
        self.last_day = last_day or datetime.date(2200, 12, 31)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime.date | None:
        if isinstance(value, str):
            value = _with_month_number(value)
        return super().to_python(value)

    def validate(self, value: datetime.date | None) -> None:
        super().validate(value)
        if value is None:
            return
        for broken, code, limit in (
            (value < self.first_day, "too_early", self.first_day),
            (value > self.last_day, "too_late", self.last_day),
        ):
            if broken:
                params = {"limit": limit.strftime("%d.%m.%Y")}
                raise forms.ValidationError(self.error_messages[code], code=code, params=params)


def _with_month_number(text):
    written = re.fullmatch(r"\s*(\d{1,2})\.?\s+([^\W\d]+)\.?\s+(\d{4})\s*", text)
    month = written and _MONTHS.get(written[2].casefold())
    return f"{written[1]}.{month}.{written[3]}" if month else text


# About another person: a shared machine must not suggest the children and parents that were typed before.
ABOUT_ANOTHER = {"autocomplete": "off"}


class PhoneField(forms.CharField):
    """Another person's telephone number, with the keys for it on a telephone."""

    widget = forms.TextInput(attrs={"type": "tel", **ABOUT_ANOTHER})

    def __init__(self, **kwargs):
        super().__init__(max_length=30, **kwargs)


class NationalIdField(forms.CharField):
    """Cleans to a `core.national_id.NationalId`, or None when empty. Ask only where a register needs it."""

    def __init__(self, *, synthetic_ok, **kwargs):
        self.synthetic_ok = synthetic_ok
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"})

    def clean(self, value: Any) -> national_id.NationalId | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return national_id.parse(text, synthetic_ok=self.synthetic_ok)
        except ValueError as error:
            raise forms.ValidationError(str(error), code="invalid") from error


class FreeTextField(forms.CharField):
    """Several lines of text that may not hold a national id: it belongs in its own field or nowhere."""

    widget: type[forms.Widget] = forms.Textarea
    default_error_messages = {
        "national_id": gettext_lazy("Teksten inneholder et fødselsnummer. Ta det bort før du lagrer."),
    }

    def __init__(self, *, max_length=10_000, **kwargs):
        super().__init__(max_length=max_length, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if contains_national_id(text):
            raise forms.ValidationError(self.error_messages["national_id"], code="national_id")
        return text
