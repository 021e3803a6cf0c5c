"""The one way to a log: every view comes through `open_log`, which checks access and writes the read audit."""

from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils import timezone

from apps.audit.enums import ReadAction, Side
from apps.audit.services import Read, record_reads, record_refusal
from apps.core.errors import AccessDenied
from apps.core.requests import SignedInRequest
from apps.municipality.models import Unit
from apps.stafettlogg import access
from apps.stafettlogg.enums import WHOLE_LOG, AccessKind, Action
from apps.stafettlogg.models import Log, LogAccess
from apps.stafettlogg.rules.scopes import Reach, check_reaches, reach_of
from apps.stafettlogg.selectors import foster as foster_selectors
from apps.stafettlogg.selectors.holders import holder_for
from apps.stafettlogg.services import reads


class ReasonNeeded(Exception):
    """The user leads the log but has not opened it with a reason: the answer is 200 with the reason page."""

    def __init__(self, log_id):
        super().__init__(str(log_id))
        self.log_id = log_id


@dataclass(frozen=True)
class Opened:
    """A log the user may see right now, by which row, and how much of it."""

    log: Log
    row: LogAccess
    reach: Reach

    @property
    def is_family(self) -> bool:
        return access.is_family(self.row)

    @property
    def is_holding(self) -> bool:
        return access.is_holding(self.row)


def open_log(
    request: SignedInRequest,
    pk: UUID,
    *,
    what: str,
    action: Action = Action.READ,
    family: bool | None = None,
    foster: bool = False,
    scopes: Collection[str] = WHOLE_LOG,
    check: Callable[[Opened], object] | None = None,
    is_document: bool = False,
) -> Opened:
    """The log, opened by the request's user and written in the read audit as `what`.

    Raises `Http404` when it is not visible (same bytes as for an id that does not exist; the refusal is audited),
    `ReasonNeeded` for a leader without an open reason, `AccessDenied` when visible but the action is not allowed, or
    `check` says so: that is a refusal in the audit, not an opening. `scopes`: how much of the log one must read for
    this page to be for one; unless it says otherwise, all of it.
    With `family=True` only guardians and youth pass, with `family=False` only staff (the others get 404). A foster
    parent passes where a page is hers (`foster`), and nobody else there: any other address is nothing to her (S36).
    The read is committed before this returns, so call it before anything is rendered and outside transactions. With
    `is_document` it is written when the file is handed out (`hand_out`): one that could not be made was not read.
    """
    now = timezone.now()
    log = access.visible_log(request.user, pk, now)
    rows = access.rows_in(request.user, log, now) if log is not None else []
    row = next(iter(rows), None)
    if (
        log is None
        or row is None
        or foster != (row.kind == AccessKind.FOSTER)
        or (family is not None and access.is_family(row) != family)
    ):
        is_for_staff = family is not True and not foster
        if is_for_staff and log is None and access.logs_led_by(request.user).filter(pk=pk).exists():
            raise ReasonNeeded(pk)
        record_refusal(actor=request.user, log_id=pk, what=what)
        raise Http404
    opened = Opened(log, row, foster_selectors.reach_of(log, rows, timezone.localdate(now)) or reach_of(rows))
    with refusals_written(request, log, what=what):
        check_reaches(opened.reach, scopes)
        access.check_allowed(rows, request.user, log, action)
        if check is not None:
            check(opened)
    if not is_document:
        _record(request, opened, what=what, action=ReadAction.OPENED, now=now)
    # Apart from the log: one query with all these joins takes the database longer to plan than to answer.
    log.holder = holder_for(log, rows, now)
    return opened


@contextmanager
def refusals_written(request: SignedInRequest, log: Log, *, what: str) -> Iterator[None]:
    """What is denied in here about a log the user may see is a refusal in the read audit. Check before you record."""
    try:
        yield
    except AccessDenied:
        record_refusal(actor=request.user, log_id=log.pk, child_id=log.child_id, what=what)
        raise


def hand_out(
    request: SignedInRequest,
    opened: Opened,
    content: bytes,
    *,
    what: str,
    action: str,
    file_name: str,
    content_type: str = "application/pdf",
) -> HttpResponse:
    """A file about the log that is ready: written in the read audit as `action`, then given.

    The name of the file says neither which child nor which service (safety.md S22).
    """
    _record(request, opened, what=what, action=action, now=timezone.now())
    response = HttpResponse(content, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _record(request, opened, *, what, action, now) -> None:
    record_reads(
        actor=request.user,
        reads=[reads.read_of(opened.log, opened.row)],
        action=action,
        what=what,
        side=reads.side_of(opened.row),
        now=now,
    )


def record_list(request: SignedInRequest, logs_and_rows: Iterable[tuple[Log, LogAccess]], *, what: str) -> None:
    """`services.reads.record_list` for the request's user."""
    reads.record_list(request.user, logs_and_rows, what=what)


def record_led_list(request: SignedInRequest, logs: Iterable[Log], *, what: str) -> None:
    """`services.reads.record_led_list` for the request's user."""
    reads.record_led_list(request.user, logs, what=what)


def record_asked(
    request: SignedInRequest,
    logs: Iterable[Log],
    *,
    ground: str,
    what: str,
    action: str = ReadAction.LISTED,
    unit: Unit | None = None,
) -> None:
    """Write in the read audit that someone who is asked about these logs has seen whose they are."""
    reads = [
        Read(
            log_id=log.pk,
            child_id=log.child_id,
            ground=ground,
            unit_id=unit.pk if unit else None,
            unit_name=unit.name if unit else "",
        )
        for log in logs
    ]
    record_reads(actor=request.user, reads=reads, action=action, what=what, side=Side.STAFF)
