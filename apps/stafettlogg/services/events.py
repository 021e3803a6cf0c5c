from datetime import datetime
from uuid import UUID

from apps.accounts.models import User
from apps.stafettlogg.enums import Audience, EventKind
from apps.stafettlogg.models import Guardian, Log, LogEvent


def record_event(
    log: Log,
    kind: EventKind,
    *,
    actor: User | None,
    now: datetime,
    audience: str = Audience.ALL,
    guardian: Guardian | None = None,
    about_youth: bool = False,
    unit_name: str = "",
    object_id: UUID | None = None,
    number: int | None = None,
) -> LogEvent:
    """Add one line to the timeline, in the caller's transaction.

    A line about one guardian or the youth is seen by that person and the holder alone (S1).
    Never pass free text: the line says what kind of thing happened, the page fetches the rest if the reader may see it.
    """
    return LogEvent.objects.create(
        log=log,
        kind=kind,
        at=now,
        actor=actor,
        audience=Audience.HOLDER if guardian is not None or about_youth else audience,
        guardian=guardian,
        about_youth=about_youth,
        unit_name=unit_name,
        object_id=object_id,
        number=number,
    )
