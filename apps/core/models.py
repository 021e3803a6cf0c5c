"""Base models. No domain: every app builds on these."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models, transaction

from apps.core.errors import Conflict
from apps.core.fields import EncryptedTextField
from apps.core.history import is_bulk_load

Row = TypeVar("Row", bound=models.Model, covariant=True)
Locked = TypeVar("Locked", bound=models.Model)
Edited = TypeVar("Edited", bound="Versioned")


class TrackedQuerySet(models.QuerySet[Row]):
    """Queryset of models with history: refuses the writes that leave no history row.

    `save()`, `delete()` on an instance, `create` and `get_or_create` work as always. Use
    `objects = TrackedQuerySet.as_manager()`.
    """

    def _refuse(self, name):
        if not is_bulk_load():
            raise RuntimeError(
                f"{self.model.__name__}.objects.{name}() leaves no history. Save each object, "
                "or seed inside core.history.bulk_load()."
            )

    def update(self, **kwargs: Any) -> int:
        self._refuse("update")
        return super().update(**kwargs)

    update.alters_data = True  # type: ignore[attr-defined]  # templates read it from the method

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Row]:
        self._refuse("bulk_create")
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        self._refuse("bulk_update")
        return super().bulk_update(*args, **kwargs)

    bulk_update.alters_data = True  # type: ignore[attr-defined]  # as above

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse("delete")
        return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]  # as above
    delete.queryset_only = True  # type: ignore[attr-defined]  # managers read it from the method


class UUIDModel(models.Model):
    """A thing with an address of its own. The id is a name, never a secret."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    # For the type checker: what services tell django-simple-history before saving.
    _history_user: Any
    _history_date: datetime
    skip_history_when_saving: bool

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A thing that several people edit. `lock` compares the version, `bump` counts it up."""

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if update_fields is not None and getattr(self, "_bumped", False):
            update_fields = {*update_fields, "version"}
        super().save(*args, update_fields=update_fields, **kwargs)
        self._bumped = False


def lock(model: type[Locked] | models.QuerySet[Locked], pk: uuid.UUID, version: int | str | None = None) -> Locked:
    """The row, locked until the transaction ends. `model` may be a queryset (`access.visible_logs(user)`).

    Raises `Conflict(current)` when `version` is given and is not the row's, `DoesNotExist` when there is no such row.
    """
    rows = model if isinstance(model, models.QuerySet) else model._default_manager.all()
    if not transaction.get_connection(rows.db).in_atomic_block:
        raise RuntimeError("lock() needs a transaction: the row would be free again at once.")
    row: Any = rows.select_for_update(of=("self",)).get(pk=pk)
    if version is not None and row.version != int(version):
        raise Conflict(current=row)
    return row


def bump(obj: Edited) -> Edited:
    """Count the version up in memory and return the object; the next `save()` writes it, also with `update_fields`."""
    obj.version += 1
    obj._bumped = True
    return obj


class FormKey(models.Model):
    """One creating form that was sent. Written in the same transaction as what it created (`core.form_keys.once`)."""

    key = models.UUIDField(unique=True)
    purpose = models.CharField(max_length=100)
    actor_id = models.UUIDField(null=True)
    result_url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(db_index=True)

    def __str__(self):
        return f"{self.purpose} {self.key}"


class Draft(UUIDModel):
    """What someone has written in a form and not sent yet. Seen by the writer only; read through `core.drafts`."""

    user_id = models.UUIDField()
    form_name = models.CharField(max_length=100)
    # The path of the page that holds the form.
    object_key = models.CharField(max_length=500)
    # Empty for a draft the writer saved; the hash of the browser's token for one rescued from an expired sign-in.
    token_hash = models.CharField(max_length=64, blank=True)
    payload = EncryptedTextField(context="core.draft.payload")
    updated_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="core_draft_one_per_form",
                fields=["user_id", "form_name", "object_key", "token_hash"],
            ),
        ]

    def __str__(self):
        return f"{self.form_name} {self.object_key}"


class BrowserSession(AbstractBaseSession):
    """A session of one browser (`core.sessions`). `provider_session` leads to it from the provider that signed in.

    It is an index of the provider's name and its own name for the session, so that a provider that signs somebody out
    ends the session here, whatever cookies come with its call.
    """

    provider_session = models.CharField(max_length=64, blank=True, db_index=True)


class JobRound(models.Model):
    """When a job last ran to its end (`core.jobs`)."""

    task = models.CharField(max_length=100, primary_key=True)
    ended_at = models.DateTimeField()

    def __str__(self):
        return self.task
