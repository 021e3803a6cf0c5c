from typing import Any, NoReturn

from django.db import models

from apps.audit.enums import Ground, ReadAction, Side


class InsertOnly(models.QuerySet):
    def update(self, **kwargs: Any) -> NoReturn:
        raise RuntimeError("The read audit is insert only.")

    def delete(self) -> NoReturn:
        raise RuntimeError("The read audit is insert only.")


class ReadEvent(models.Model):
    """One log shown (or refused) to one person in one request. Insert only; bare ids and copied names outlive all.

    `at` is an aware instant. `what` says which page or document («overview», «plan», «summary-pdf»), never content.
    """

    at = models.DateTimeField()
    action = models.CharField(max_length=12, choices=ReadAction.choices)
    side = models.CharField(max_length=10, choices=Side.choices)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200, blank=True)
    actor_protected = models.BooleanField(default=False)
    role_name = models.CharField(max_length=120, blank=True)
    unit_id = models.UUIDField(null=True)
    unit_name = models.CharField(max_length=200, blank=True)
    log_id = models.UUIDField(null=True)
    child_id = models.UUIDField(null=True)
    # The person whose own word was shown, when it was one's: nobody else in the family reads of it.
    about_id = models.UUIDField(null=True)
    what = models.CharField(max_length=40)
    ground = models.CharField(max_length=20, choices=Ground.choices, default=Ground.NONE)
    request_id = models.CharField(max_length=36, blank=True)

    objects = InsertOnly.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["log_id", "at"], name="readevent_log_at"),
            models.Index(fields=["actor_id", "at"], name="readevent_actor_at"),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.log_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise RuntimeError("The read audit is insert only.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RuntimeError("The read audit is insert only.")
