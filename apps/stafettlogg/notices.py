"""The kinds of notices about logs, and who may still get one when it is sent. Titles hold no name and no subject (S22).

Registered by `apps.py`. Each topic adds its kinds to `NOTICE_KINDS`.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.access import units_led_by
from apps.audit.enums import Ground
from apps.notifications.enums import Group
from apps.notifications.kinds import NoticeKind
from apps.stafettlogg import access
from apps.stafettlogg.enums import AddressProtection, CloseReason, LogStatus, WishState
from apps.stafettlogg.models import ConsentExceptionGrant, Log, RepeatRequest
from apps.stafettlogg.selectors import consents, holders, wishes


def reads_log(user, log_id) -> bool:
    """The user still sees the log, and it was not closed quietly: then nothing more is sent (S9)."""
    return access.visible_logs(user).filter(pk=log_id).exclude(close_reason=CloseReason.QUIET).exists()


def reads_open_log(user, log_id) -> bool:
    """The user still sees the log, and there is still something to do in it."""
    return access.visible_logs(user).filter(pk=log_id, status__in=[LogStatus.REQUESTED, LogStatus.ACTIVE]).exists()


def holds_log(user, log_id) -> bool:
    """The user still is its stafettholder or deputy, and the log is open."""
    rows = access.current_rows_in([log_id]).filter(
        user=user,
        kind__in=access.HOLDING_KINDS,
        content_object__status__in=[LogStatus.REQUESTED, LogStatus.ACTIVE],
    )
    return rows.exists()


def is_asked(user, log_id) -> bool:
    """The user still has a question to answer about this log."""
    return any(question.log.pk == log_id for question in consents.open_questions(user, timezone.now()))


def leads_log(user, log_id) -> bool:
    """The user still is a leader of the holder's unit, and not family in the log (S18)."""
    log = Log.objects.select_related("holder__window__unit", "child").filter(pk=log_id).first()
    if log is None or log.status == LogStatus.REMOVED:
        return False
    place = holders.led_place(user, log.holder.window.unit, today=timezone.localdate())
    return place is not None and not access.is_disqualified(user, log.child)


def has_limits_to_follow(user, log_id) -> bool:
    """The user holds the log, and somebody's limits are not yet ticked «Lest og fulgt»."""
    return holds_log(user, log_id) and bool(consents.with_unread_limits([log_id]))


def has_repeat_to_follow(user, log_id) -> bool:
    """The user holds the log, and nobody has followed up that others asked about the child."""
    return holds_log(user, log_id) and RepeatRequest.objects.filter(log=log_id, handled_at=None).exists()


def must_appoint(user, log_id) -> bool:
    """The stafettpinne came to the user because someone left, and the user still holds it."""
    return holds_log(user, log_id) and Log.objects.filter(pk=log_id, holder__ground=Ground.HANDOVER).exists()


def has_exception_to_sign(user, log_id) -> bool:
    """The user leads the holder's unit, and an exception waits for a signature."""
    waits = ConsentExceptionGrant.objects.filter(log=log_id, signed_at=None)
    return waits.exists() and leads_log(user, log_id)


def has_protection_to_end(user, log_id) -> bool:
    """The user leads the holder's unit, and the child's address still is protected."""
    protected = Log.objects.filter(pk=log_id).exclude(child__address_protection=AddressProtection.NONE)
    return protected.exists() and leads_log(user, log_id)


def has_wish_to_answer(user, object_id) -> bool:
    """A family's wish waits for this leader; the notice holds nothing more than that."""
    found = wishes.wishes_for_leader(user, timezone.localdate())
    return any(wish.state != WishState.ANSWERED for wish in found)


def is_employee(user, log_id) -> bool:
    """The log itself is gone; the message says only that."""
    return user.is_employee


def is_citizen(user, object_id) -> bool:
    """The wish is gone; the message says only that, and leads to the page where one asks anew."""
    return user.is_citizen


def reads_some_log(user, object_id) -> bool:
    """The user still is family in a log; the page the notice leads to shows which."""
    return user.is_citizen and access.visible_logs(user).exists()


def was_asked(user, log_id) -> bool:
    """A respondent's own receipt still leads somewhere: the user may open the log."""
    return access.visible_logs(user).filter(pk=log_id).exists()


def is_invited(user, invitation_id) -> bool:
    """The invitation still waits for this user."""
    return access.invitations_for(user).filter(pk=invitation_id).exists()


def is_offered(user, handover_id) -> bool:
    """The offer of the stafettpinne still waits for this user."""
    return access.handovers_for(user).filter(pk=handover_id).exists()


def is_deputy_asked(user, deputy_id) -> bool:
    """The question about being deputy still waits for this user."""
    return access.deputies_for(user).filter(pk=deputy_id).exists()


def leads_somewhere(user, object_id) -> bool:
    """The user still leads a unit; the notice holds nothing more than that."""
    return units_led_by(user).exists()


NOTICE_KINDS: list[NoticeKind] = [
    NoticeKind("consent_waiting", _("Du har et spørsmål å svare på"), is_asked),
    NoticeKind(
        "question_ended",
        _("En tjeneste du er spurt om, legges ned. Du trenger ikke å svare om den"),
        reads_log,
        Group.MESSAGE,
    ),
    NoticeKind("consent_receipt", _("Du har fått en kvittering"), was_asked, Group.MESSAGE),
    NoticeKind(
        "consent_withdrawn", _("Du har fått en kvittering på at du har trukket svaret"), was_asked, Group.MESSAGE
    ),
    NoticeKind("consent_answered", _("Noen har svart på samtykke"), holds_log, Group.MESSAGE),
    NoticeKind("limits_to_follow", _("Les og følg det familien har skrevet"), has_limits_to_follow, urgent=True),
    NoticeKind("consent_disputed", _("Noen sier at de ikke har gitt et svar"), holds_log, urgent=True),
    NoticeKind("consent_disputed_leader", _("Noen sier at de ikke har gitt et svar"), leads_log, urgent=True),
    NoticeKind("log_opened", _("En stafettlogg er åpnet"), reads_log, Group.MESSAGE),
    NoticeKind("log_opened_family", _("Stafettloggen er åpnet"), reads_log, Group.MESSAGE),
    NoticeKind("sharing_stopped", _("En deling er stoppet"), holds_log, urgent=True),
    NoticeKind("sharing_stopped_leader", _("En deling er stoppet"), leads_log, Group.MESSAGE),
    NoticeKind("proposed_holder", _("Du er foreslått som stafettholder"), holds_log),
    NoticeKind("request_made", _("Enheten din har bedt om en stafettlogg"), leads_log, Group.MESSAGE),
    NoticeKind("request_removed", _("En forespørsel er fjernet fordi fristen gikk ut"), is_employee, Group.MESSAGE),
    NoticeKind("repeat_request", _("Noen andre har spurt om et barn du følger"), has_repeat_to_follow),
    NoticeKind("repeat_request_leader", _("Noen har spurt om et barn enheten følger"), leads_log),
    NoticeKind(
        "two_logs", _("Familien sier at barnet har en stafettlogg til. Snakk med dem om det"), holds_log, Group.MESSAGE
    ),
    NoticeKind(
        "two_logs_family",
        _("Barnet har to stafettlogger. Dere velger om dere vil ha begge"),
        reads_some_log,
        Group.MESSAGE,
    ),
    NoticeKind("exception_asked", _("Du er bedt om å signere"), has_exception_to_sign),
    NoticeKind("exception_signed", _("Lederen har signert"), holds_log, Group.MESSAGE),
    NoticeKind("exception_declined", _("Lederen har ikke signert"), holds_log, Group.MESSAGE),
    NoticeKind("responsibility_lost", _("En forelder er tatt ut av en stafettlogg"), leads_log, Group.MESSAGE),
    NoticeKind("guardian_blocked", _("Lederen har sperret en foresatt"), holds_log, urgent=True),
    NoticeKind("guardian_unblocked", _("Lederen har opphevet en sperre"), holds_log),
    NoticeKind("protection_end_asked", _("Du er bedt om å signere"), has_protection_to_end),
    NoticeKind("protection_ended", _("Lederen har signert"), holds_log, Group.MESSAGE),
    NoticeKind("family_on_paper", _("En familie leser ikke stafettloggen i portalen lenger. Bruk papir"), holds_log),
    NoticeKind("interpreter_needed", _("En forelder ber om tolk"), holds_log),
    NoticeKind("wish_received", _("En familie har sendt et ønske til enheten"), has_wish_to_answer),
    NoticeKind(
        "wish_removed",
        _("Ønsket ditt ble ikke besvart i tide og er fjernet. Du kan sende det på nytt"),
        is_citizen,
        Group.MESSAGE,
    ),
    # Participants
    NoticeKind("invitation", _("Du er spurt om å bli med i en stafettlogg"), is_invited),
    NoticeKind("invitation_declined", _("En tjeneste har takket nei til å bli med"), holds_log, Group.MESSAGE),
    NoticeKind("participant_joined", _("Noen er blitt med"), holds_log, Group.MESSAGE),
    NoticeKind("participant_left", _("Noen er ikke lenger med"), holds_log, Group.MESSAGE),
    NoticeKind("service_closing", _("En tjeneste er på vei ut av en stafettlogg"), holds_log, Group.MESSAGE),
    NoticeKind("service_stays", _("En tjeneste blir i en stafettlogg likevel"), holds_log, Group.MESSAGE),
    NoticeKind("participant_removed", _("Du er ikke lenger med i en stafettlogg"), is_employee, Group.MESSAGE),
    # Handovers
    NoticeKind("handover_offered", _("Du er spurt om å ta over en stafettpinne"), is_offered),
    NoticeKind("handover_to_appoint", _("Enheten din er spurt om å ta over en stafettpinne"), is_offered),
    NoticeKind("handover_withdrawn", _("Et spørsmål til deg er trukket"), is_employee, Group.MESSAGE),
    NoticeKind("handover_declined", _("Noen har takket nei til stafettpinnen"), holds_log),
    NoticeKind("handover_lapsed", _("Ingen svarte på stafettpinnen i tide"), holds_log),
    NoticeKind("handover_done", _("En stafettpinne har fått en ny holder"), is_employee, Group.MESSAGE),
    NoticeKind("new_holder", _("Dere har fått en ny stafettholder"), reads_open_log, Group.MESSAGE),
    NoticeKind("holder_leaving", _("En stafettholder slutter"), leads_somewhere),
    NoticeKind("must_appoint", _("Du har fått en stafettpinne. Velg hvem som tar over"), must_appoint, urgent=True),
    NoticeKind("disqualified", _("En ansatt er inhabil i en stafettlogg"), leads_somewhere),
    # Deputies
    NoticeKind("deputy_asked", _("Du er spurt om å være vikar"), is_deputy_asked),
    NoticeKind("deputy_accepted", _("En vikar har sagt ja"), leads_somewhere, Group.MESSAGE),
    NoticeKind("deputy_declined", _("En vikar har takket nei"), leads_somewhere),
    NoticeKind("deputy_in_place", _("Du har fått en vikar"), is_employee, Group.MESSAGE),
    NoticeKind("deputy_ended", _("Du er ikke lenger vikar"), is_employee, Group.MESSAGE),
    NoticeKind("deputy_for_family", _("Dere har fått en vikar for kontaktpersonen"), reads_open_log, Group.MESSAGE),
    # Messages and evaluations
    NoticeKind("message", _("Du har en ny beskjed"), reads_log, Group.MESSAGE),
    NoticeKind("message_family", _("Du har en ny beskjed"), reads_log, Group.MESSAGE),
    NoticeKind("evaluated", _("Noen har skrevet en evaluering"), reads_log, Group.MESSAGE),
    NoticeKind("evaluated_family", _("Dere har fått en evaluering å lese"), reads_log, Group.MESSAGE),
    # Closing
    NoticeKind("log_closed", _("En stafettlogg er avsluttet"), is_employee, Group.MESSAGE),
    NoticeKind("log_closed_family", _("Stafettloggen er avsluttet"), reads_log, Group.MESSAGE),
    # Reminders
    NoticeKind("measure_due", _("Du har et tiltak med frist"), reads_open_log, is_reminder=True),
    NoticeKind("measure_overdue", _("Fristen for et tiltak er ute"), reads_open_log, is_reminder=True),
    NoticeKind("evaluation_due", _("Det er snart tid for å evaluere"), holds_log, is_reminder=True),
    NoticeKind("evaluation_overdue", _("Dagen for å evaluere er passert"), holds_log, is_reminder=True),
    NoticeKind("consent_reminder", _("Du har et spørsmål som venter på svar"), is_asked, is_reminder=True),
    NoticeKind("consent_unanswered", _("Noen har ikke svart. Ring dem"), holds_log, is_reminder=True),
    NoticeKind("consent_expiring", _("Et samtykke går snart ut"), reads_open_log, is_reminder=True),
    NoticeKind("consent_expired", _("Et samtykke er gått ut"), holds_log, urgent=True, is_reminder=True),
    NoticeKind("consent_expired_leader", _("Et samtykke i enheten er gått ut"), leads_log, is_reminder=True),
    NoticeKind("shell_ending", _("En stafettlogg blir snart avsluttet"), holds_log, is_reminder=True),
    NoticeKind("request_ending", _("En forespørsel blir snart fjernet"), holds_log, is_reminder=True),
    NoticeKind("handover_waiting", _("Noen venter på at du svarer om stafettpinnen"), is_offered, is_reminder=True),
    NoticeKind("handover_unanswered", _("Ingen har svart på stafettpinnen ennå"), holds_log, is_reminder=True),
    NoticeKind("invitation_waiting", _("Noen venter på at du blir med"), is_invited, is_reminder=True),
    NoticeKind("deputy_waiting", _("Noen venter på om du kan være vikar"), is_deputy_asked, is_reminder=True),
    NoticeKind("holder_absent", _("En stafettholder er borte"), leads_log, is_reminder=True),
    NoticeKind("still_to_appoint", _("Du har fortsatt en stafettpinne å gi videre"), holds_log, is_reminder=True),
]
