"""What a respondent has chosen so far in the consent flow: encrypted, for nobody else, and gone with the answer."""

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from uuid import UUID

from apps.accounts.models import User
from apps.core.models import Draft

FORM_NAME = "stafettlogg.samtykke"


@dataclass
class ConsentDraft:
    """`choices`: unit id (text) → yes or no. `has_read`, `has_limits`: the steps without a choice that are done.
    `changes`: the respondent is changing a no.
    """

    has_read: bool = False
    choices: dict[str, bool] = field(default_factory=dict)
    has_limits: bool = False
    limits: str = ""
    interpreter: str = ""
    changes: bool = False


def draft_of(user: User, request_id: UUID) -> ConsentDraft:
    """What this person has chosen for this question; empty at first."""
    row = Draft.objects.filter(user_id=user.pk, form_name=FORM_NAME, object_key=str(request_id), token_hash="").first()
    if row is None:
        return ConsentDraft()
    known = {name.name for name in fields(ConsentDraft)}
    return ConsentDraft(**{name: value for name, value in json.loads(row.payload).items() if name in known})


def keep_draft(user: User, request_id: UUID, draft: ConsentDraft, *, now: datetime) -> None:
    """Keep what is chosen so far, also after signing out. Removed after 30 days with other drafts."""
    Draft.objects.update_or_create(
        user_id=user.pk,
        form_name=FORM_NAME,
        object_key=str(request_id),
        token_hash="",
        defaults={"payload": json.dumps(asdict(draft)), "updated_at": now},
    )


def forget_draft(user: User, request_id: UUID) -> None:
    Draft.objects.filter(user_id=user.pk, form_name=FORM_NAME, object_key=str(request_id)).delete()
