"""What must hold in the database after anything that was done, asked in SQL's terms (E3). Empty when all is well."""

from django.db.models import Count, F, Q
from django.utils import timezone

from apps.core.dates import FAR_AT
from apps.stafettlogg.enums import FAMILY_KINDS, AccessKind, ConsentScope, ConsentState, LogStatus, WindowBasis
from apps.stafettlogg.models import Consent, ConsentWindow, Evaluation, Goal, Log, LogAccess, Message

SHARED_ONCE = Q(log__opened_at__isnull=False)

AT_HOME = [*FAMILY_KINDS, AccessKind.FOSTER]


def broken(now=None) -> dict[str, list]:
    """Name of the promise → the rows that break it."""
    now = now or timezone.now()
    holding = LogAccess.objects.filter(kind=AccessKind.HOLDER, starts_at__lte=now, ends_at__gt=now)
    open_logs = Log.objects.filter(status__in=[LogStatus.REQUESTED, LogStatus.ACTIVE])
    rows = LogAccess.objects.filter(ends_at__gt=now)
    checks = {
        "an open log has exactly one holder": [
            log.pk for log in open_logs if holding.filter(content_object=log).count() != 1
        ],
        "the log points to a holder's row of its own": Log.objects.exclude(
            holder__kind=AccessKind.HOLDER, holder__content_object=F("pk")
        ),
        "a row lies in a window of the same log": rows.filter(window__isnull=False).exclude(
            window__log=F("content_object")
        ),
        "an employee stands in the window of her own unit": rows.filter(window__isnull=False).exclude(
            window__unit=F("membership__unit")
        ),
        "a row's place is its person's": rows.filter(membership__isnull=False).exclude(membership__user=F("user")),
        "a guardian's row has a guardian with checked responsibility": rows.filter(kind=AccessKind.GUARDIAN).exclude(
            Q(user__as_guardian__child=F("content_object__child"), user__as_guardian__responsibility="confirmed")
        ),
        "the family are citizens, the others employees": rows.exclude(
            Q(kind__in=AT_HOME, user__kind="citizen") | ~Q(kind__in=AT_HOME) & Q(user__kind="employee")
        ),
        "a foster parent's row has one who is nobody's guardian": rows.filter(kind=AccessKind.FOSTER).exclude(
            Q(user__as_guardian__child=F("content_object__child"), user__as_guardian__relation="foster")
        ),
        "a window by consent rests on a yes": [
            window.pk
            for window in ConsentWindow.objects.filter(basis=WindowBasis.CONSENT, valid_until__gt=now)
            if not Consent.objects.filter(log=window.log, unit=window.unit, state=ConsentState.GIVEN).exists()
        ],
        "who holds a log reads all of it": [
            row.pk for row in holding.select_related("window") if row.window.scope != ConsentScope.LOG
        ],
        "nothing is written before consent": [
            *Goal.objects.exclude(SHARED_ONCE).values_list("pk", flat=True),
            *Message.objects.exclude(SHARED_ONCE).values_list("pk", flat=True),
            *Evaluation.objects.exclude(SHARED_ONCE).values_list("pk", flat=True),
        ],
        "a closed log has no open question": Consent.objects.filter(
            log__status=LogStatus.CLOSED, state=ConsentState.WAITING
        ),
        "one open row of each kind per person and log": LogAccess.objects.filter(ends_at=FAR_AT)
        .values("content_object", "user", "kind")
        .annotate(number=Count("pk"))
        .filter(number__gt=1),
    }
    return {name: list(found) for name, found in checks.items() if list(found)}
