"""Letters the holder must post to those of the family who have chosen letters. For pages."""

from apps.notifications.kinds import Due
from apps.notifications.scope import Scope, read_once
from apps.stafettlogg.selectors.letters import LetterDue, letters_due
from apps.stafettlogg.selectors.tasks import rows


@read_once
def letters_waiting(scope: Scope) -> list[LetterDue]:
    return letters_due(list(rows.held(scope)), scope.now)


def letters(scope: Scope) -> list[Due]:
    """One for each person. Never on a page that may be projected (S33)."""
    held = rows.held(scope)
    return [
        rows.due_in_log(
            held[due.log_id].content_object,
            held[due.log_id],
            "stafettlogg:consents",
            key=f"letter {due.log_id} {due.recipient.pk}",
            since_day=due.since,
            detail=due.recipient.name,
        )
        for due in letters_waiting(scope)
    ]
