"""Model fields: encrypted text, and text in several languages."""

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression
from django.db.models.query_utils import DeferredAttribute
from django.forms import Field
from django.utils.translation import gettext_lazy as _

from apps.core import crypto
from apps.core.text import LocalizedText, language_codes


class Ciphertext(str):
    """An encrypted value as it lies in the database. Queries (`values_list`) give this, attributes give the text."""

    __slots__ = ()


class EncryptedAttribute(DeferredAttribute):
    """Opens the value when the attribute is read; an untouched value is saved back as it was."""

    field: "EncryptedTextField"

    def __get__(self, instance, cls=None):
        value = super().__get__(instance, cls)
        if isinstance(value, Ciphertext):
            return crypto.decrypt(self.field.context, instance.id, value)
        return value

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(models.TextField):
    """Text encrypted in the database with AES-256-GCM, bound to `context` and the row's `id`.

    '' stays ''. History copies open too: they carry the same `id`. The only lookups are `isnull` and `exact=""`;
    to find equal values keep a `core.crypto.blind_index` beside it. Reading raises `core.crypto.DecryptionFailed` for
    a value moved from another row.
    """

    descriptor_class = EncryptedAttribute

    def __init__(self, *args: Any, context: str, **kwargs: Any) -> None:
        self.context = context
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "context": self.context}

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        errors = super().check(**kwargs)
        if not any(field.name == "id" for field in self.model._meta.fields):
            errors.append(checks.Error("EncryptedTextField needs a field named id.", obj=self, id="core.E001"))
        return errors

    def from_db_value(self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper) -> str | None:
        return Ciphertext(value) if value else value

    def pre_save(self, model_instance: Any, add: bool) -> str | None:
        value = model_instance.__dict__.get(self.attname)
        if value is None or value == "":
            return value
        seal = crypto.rewrap if isinstance(value, Ciphertext) else crypto.encrypt
        return Ciphertext(seal(self.context, model_instance.id, value))

    def get_prep_value(self, value: str | None) -> str | None:
        if value is None or value == "" or isinstance(value, Ciphertext):
            return value
        raise ValueError(f"{self.context} is encrypted: it cannot be searched or written in bulk, only saved.")

    def get_lookup(self, lookup_name: str) -> type[models.Lookup] | None:
        return super().get_lookup(lookup_name) if lookup_name in ("isnull", "exact") else None

    def get_transform(self, lookup_name: str) -> None:
        return None

    def value_to_string(self, obj: models.Model) -> Any:
        """Serialisers get the ciphertext, never the text."""
        return self.pre_save(obj, add=False)


class LocalizedAttribute(DeferredAttribute):
    """Whatever is assigned (a dict, a text in bokmål, None) becomes a `LocalizedText`."""

    def __set__(self, instance, value):
        instance.__dict__[self.field.attname] = self.field.to_python(value)


class LocalizedTextField(models.JSONField):
    """Text in the languages of settings.LANGUAGES, stored as {"nb": …, "nn": …}; empty ones are left out.

    The value is a `core.text.LocalizedText`; `str(value)` is the active language, else bokmål. Bokmål must be there
    unless the field is `blank`. `max_length` counts characters per language; `multiline` gives text areas.
    """

    descriptor_class = LocalizedAttribute

    def __init__(self, *args: Any, max_length: int | None = None, multiline: bool = False, **kwargs: Any) -> None:
        self.text_length = max_length
        self.multiline = multiline
        kwargs.setdefault("default", LocalizedText)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        if self.text_length is not None:
            kwargs["max_length"] = self.text_length
        if self.multiline:
            kwargs["multiline"] = True
        if kwargs.get("default") is LocalizedText:
            del kwargs["default"]
        return name, path, args, kwargs

    def from_db_value(
        self, value: str | None, expression: Expression, connection: BaseDatabaseWrapper
    ) -> LocalizedText | None:
        return self.to_python(super().from_db_value(value, expression, connection))

    def to_python(self, value: Any) -> Any:
        if value is None and self.null:
            return None
        if hasattr(value, "resolve_expression"):
            return value
        try:
            return LocalizedText.of(value)
        except (TypeError, ValueError) as error:
            raise ValidationError(str(error), code="invalid") from error

    def get_prep_value(self, value: Any) -> Any:
        return value.as_dict() if isinstance(value, LocalizedText) else super().get_prep_value(value)

    def validate(self, value: LocalizedText | None, model_instance: models.Model | None) -> None:
        if not self.editable:
            return
        if value is None or not value:
            if not self.blank:
                raise ValidationError(self.error_messages["blank"], code="blank")
            return
        if not self.blank and not value.get("nb"):
            raise ValidationError(_("Skriv teksten på bokmål."), code="nb_missing")
        unknown = sorted(set(value.as_dict()) - set(language_codes()))
        if unknown:
            raise ValidationError(
                _("Portalen har ikke språket «%(language)s»."), code="unknown_language", params={"language": unknown[0]}
            )
        if self.text_length and any(len(text) > self.text_length for text in value.as_dict().values()):
            raise ValidationError(
                _("Teksten kan ha høyst %(length)s tegn."), code="max_length", params={"length": self.text_length}
            )

    def value_to_string(self, obj: models.Model) -> Any:
        return self.get_prep_value(self.value_from_object(obj))

    def formfield(self, **kwargs: Any) -> Field | None:
        from apps.core.localized_forms import LocalizedFormField  # noqa: PLC0415 -- forms are loaded when forms are made

        defaults = {
            "form_class": LocalizedFormField,
            "max_length": self.text_length,
            "multiline": self.multiline,
        }
        return models.Field.formfield(self, **{**defaults, **kwargs})
