"""What the family's pages do alike: the birth date that comes first, the log, and how staff are named."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit.enums import ReadAction
from apps.core import pdf
from apps.core.errors import AccessDenied
from apps.core.requests import SignedInRequest, View
from apps.stafettlogg.enums import Action, ConsentDocument
from apps.stafettlogg.models import Log
from apps.stafettlogg.rules.names import Reading
from apps.stafettlogg.selectors import birth_date
from apps.stafettlogg.selectors.contact import Contact, contact_of
from apps.stafettlogg.selectors.family_state import State
from apps.stafettlogg.selectors.hidden_places import as_known
from apps.stafettlogg.selectors.log_page import LogPage
from apps.stafettlogg.selectors.names import child_name, reading_for, unit_name
from apps.stafettlogg.views.opening import Opened, hand_out, open_log


class BirthDateNeeded(Exception):
    """The guardian has not given the child's birth date yet (safety.md S8)."""


def family_page(view: View) -> View:
    """A page about one log: until the birth date is given, the only page is the one that asks for it."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except BirthDateNeeded:
            return redirect("stafettlogg:birth_date")

    return wrapped


@dataclass(frozen=True)
class FamilyLog(Opened):
    """A log opened by a guardian or the youth, and how staff are named for that reader."""

    reading: Reading
    now: datetime

    @property
    def today(self) -> date:
        return timezone.localdate(self.now)

    @property
    def contact(self) -> Contact:
        return contact_of(self.log, self.reading)

    def page_for(self, user: User) -> LogPage:
        """For the sections of a page."""
        return LogPage(user, self.log, self.row, now=self.now, reading=self.reading)

    def context(self, **context) -> dict:
        """What every page of the log gets."""
        return {
            "log": self.log,
            "child": child_name(self.log),
            "is_youth": self.row.kind == "youth",
            "today": self.today,
            "contact": self.contact,
            "unit_name": unit_name(self.log, self.reading),
            **context,
        }


def open_family(
    request: SignedInRequest,
    pk: UUID,
    *,
    what: str,
    action: Action = Action.READ,
    needs_opened: bool = False,
    is_document: bool = False,
) -> FamilyLog:
    """The log, for its guardian or youth alone; everyone else gets the same 404. Written in the read audit as `what`.

    Raises `BirthDateNeeded`; with `needs_opened` also `AccessDenied` while the log is only a request, of which the
    family sees nothing but the question (S5).
    """
    now = timezone.now()
    if birth_date.is_needed(request.user, pk, now):
        raise BirthDateNeeded
    check = check_is_opened if needs_opened else None
    opened = open_log(request, pk, what=what, action=action, family=True, check=check, is_document=is_document)
    reading = reading_for(opened.log, opened.row)
    return FamilyLog(as_known(opened.log, reading.until), opened.row, opened.reach, reading, now)


def check_is_opened(opened: Opened) -> None:
    """Raise `AccessDenied` while the log is a request: of that the family sees nothing but the question (S5)."""
    if opened.log.is_request:
        raise AccessDenied(_("Stafettloggen er ikke åpnet ennå. Foreløpig er det bare et spørsmål til deg."))


def spoken(language: str) -> str:
    """The language to say something in again: that of then, when the portal speaks it."""
    return language if language in dict(settings.LANGUAGES) else translation.get_language() or settings.LANGUAGE_CODE


def receipt_pdf(
    request: SignedInRequest, opened: FamilyLog, template: str, context: dict, *, reference: str
) -> HttpResponse:
    """A receipt in the active language, written in the read audit."""
    content = pdf.render(template, context, title=_("Kvittering"), language=translation.get_language())
    name = f"kvittering-{reference}.pdf"
    return hand_out(
        request, opened, content, what=ConsentDocument.RECEIPT, action=ReadAction.DOWNLOADED, file_name=name
    )


def what_to_do(log: Log, state: State) -> dict[str, str]:
    """The one thing the reader can do about what is true now: its address and words, or empty."""
    if state.code == "closing":
        return {"url": reverse("stafettlogg:family_undo_close", args=[log.pk]), "label": _("Angre avslutningen")}
    if state.change is not None:
        return {"url": reverse("stafettlogg:answer_change", args=[log.pk, state.change]), "label": _("Endre svaret")}
    return {"url": "", "label": ""}


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, for a form; None when the page is only read."""
    return request.POST if request.method == "POST" else None
