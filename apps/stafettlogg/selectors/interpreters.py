"""Who waits for an interpreter, and in which language: the family's own wishes, for the holder and for herself."""

from uuid import UUID

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.core.statements import statement
from apps.stafettlogg.enums import OPEN_STATUSES
from apps.stafettlogg.models import InterpreterWish, Log


def own_interpreter(log: Log, user: User) -> InterpreterWish | None:
    """The user's own wish in this log that nobody has arranged yet."""
    return InterpreterWish.objects.filter(log=log, asked_by=user, taken_back_at=None, arranged_at=None).first()


def newest_by_guardian(log: Log) -> dict[UUID | None, InterpreterWish]:
    """The newest wish of each respondent of the log that is not taken back, arranged or not; None is the youth."""
    wishes = InterpreterWish.objects.filter(log=log, taken_back_at=None).order_by("asked_at", "pk")
    return {wish.guardian_id: wish for wish in wishes}


def not_taken_back(log_ids: list[UUID]) -> list[InterpreterWish]:
    """Wishes in these open logs, arranged or not, the oldest first."""
    return _not_taken_back.rows(log_ids)


@statement
def _not_taken_back(log_ids: list[UUID]) -> QuerySet[InterpreterWish]:
    wishes = InterpreterWish.objects.filter(taken_back_at=None, log__in=log_ids, log__status__in=OPEN_STATUSES)
    return wishes.select_related("log__child", "guardian").order_by("asked_at", "pk")
