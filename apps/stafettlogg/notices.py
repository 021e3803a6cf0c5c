"""The kinds of notices about logs, and who may still get one when it is sent. Titles hold no name and no subject (S22).

Registered by `apps.py`. Each topic adds its kinds to `NOTICE_KINDS`.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.notifications.enums import Group
from apps.notifications.kinds import NoticeKind
from apps.stafettlogg import access
from apps.stafettlogg.enums import Action, LogStatus
from apps.stafettlogg.models import Log
from apps.stafettlogg.selectors import consents, people


def reads_log(user, log_id) -> bool:
    """The user still sees the log."""
    return access.visible_logs(user).filter(pk=log_id).exists()


def holds_log(user, log_id) -> bool:
    """The user still is its stafettholder or deputy."""
    return any(row.kind in access.HOLDING_KINDS for row in access.current_rows_in([log_id]).filter(user=user))


def is_asked(user, log_id) -> bool:
    """The user still has a question to answer about this log."""
    return any(question.log.pk == log_id for question in consents.open_questions(user, timezone.now()))


def leads_log(user, log_id) -> bool:
    """The user still is a leader of the holder's unit, and not family in the log (S18)."""
    log = Log.objects.select_related("holder__window__unit", "child").filter(pk=log_id).first()
    if log is None or log.status == LogStatus.REMOVED:
        return False
    place = people.led_place(user, log.holder.window.unit, today=timezone.localdate())
    return place is not None and not access.is_disqualified(user, log.child)


def is_employee(user, log_id) -> bool:
    """The log itself is gone; the message says only that."""
    return user.is_employee


def was_asked(user, log_id) -> bool:
    """Her own receipt: hers as long as she may open the log."""
    return access.can(user, Log(pk=log_id), Action.CONSENT)


NOTICE_KINDS: list[NoticeKind] = [
    NoticeKind("consent_waiting", _("Du har et spørsmål å svare på"), is_asked),
    NoticeKind("consent_receipt", _("Du har fått en kvittering"), was_asked, Group.MESSAGE),
    NoticeKind(
        "consent_withdrawn", _("Du har fått en kvittering på at du har trukket svaret"), was_asked, Group.MESSAGE
    ),
    NoticeKind("consent_answered", _("Noen har svart på samtykke"), holds_log, Group.MESSAGE),
    NoticeKind("limits_to_follow", _("Les og følg det familien har skrevet"), holds_log, urgent=True),
    NoticeKind("consent_disputed", _("Noen sier at de ikke har gitt et svar"), holds_log, urgent=True),
    NoticeKind("consent_disputed_leader", _("Noen sier at de ikke har gitt et svar"), leads_log, urgent=True),
    NoticeKind("log_opened", _("En stafettlogg er åpnet"), reads_log, Group.MESSAGE),
    NoticeKind("log_opened_family", _("Stafettloggen er åpnet"), reads_log, Group.MESSAGE),
    NoticeKind("sharing_stopped", _("En deling er stoppet"), holds_log, urgent=True),
    NoticeKind("sharing_stopped_leader", _("En deling er stoppet"), leads_log, Group.MESSAGE),
    NoticeKind("proposed_holder", _("Du er foreslått som stafettholder"), holds_log),
    NoticeKind("request_made", _("Enheten din har bedt om en stafettlogg"), leads_log, Group.MESSAGE),
    NoticeKind("request_removed", _("En forespørsel er fjernet fordi fristen gikk ut"), is_employee, Group.MESSAGE),
    NoticeKind("repeat_request", _("Noen andre har spurt om et barn du følger"), holds_log),
    NoticeKind("repeat_request_leader", _("Noen har spurt om et barn enheten følger"), leads_log),
    NoticeKind("exception_asked", _("Du er bedt om å signere"), leads_log),
    NoticeKind("exception_signed", _("Lederen har signert"), holds_log, Group.MESSAGE),
    NoticeKind("exception_declined", _("Lederen har ikke signert"), holds_log, Group.MESSAGE),
    NoticeKind("responsibility_lost", _("En forelder er tatt ut av en stafettlogg"), leads_log, Group.MESSAGE),
    NoticeKind("guardian_blocked", _("Lederen har sperret en foresatt"), holds_log, urgent=True),
    NoticeKind("guardian_unblocked", _("Lederen har opphevet en sperre"), holds_log),
]
