"""Letters the holder must post to those of the family who have chosen letters. For pages."""

from apps.notifications.kinds import Due
from apps.notifications.scope import Scope
from apps.stafettlogg.selectors.letters import letters_due
from apps.stafettlogg.selectors.tasks import rows
from apps.stafettlogg.selectors.tasks.what_logs_have import what_logs_have


def letters(scope: Scope) -> list[Due]:
    """One for each person. Never on a page that may be projected (S33)."""
    held = rows.held(scope)
    log_ids = [log_id for log_id, has in what_logs_have(scope).items() if has.to_post]
    return [
        rows.due_in_log(
            held[due.log_id].content_object,
            held[due.log_id],
            "stafettlogg:consents",
            key=f"letter {due.log_id} {due.recipient.pk}",
            since_day=due.since,
            detail=due.recipient.name,
        )
        for due in (letters_due(log_ids, scope.now) if log_ids else [])
    ]
