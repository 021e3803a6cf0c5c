"""Nothing people write is lost: drafts that are saved, and what they sent on a sign-in that had ended.

Every `PortalForm` carries a signed mark (who got the form, which form, on which page). A POST without a valid sign-in
is kept under the owner of the mark and a random token in a signed cookie: it comes back in the same form, on the same
page, in the same browser, and only for the same person. Others never learn of it. After 24 hours it is gone. Since
whoever has had a form may send it without being signed in, a person has so many such texts, and none is long.

A form that `keeps_drafts` is saved by its button, and by itself while it is filled in (static/js/autosave.js): one
draft for each person, form and page. It is gone when the form is sent, when its writer deletes it, and after 30 days.
"""

import contextlib
import datetime
import hashlib
import json
import re
import secrets
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import QuerySet
from django.http import HttpResponseBase, QueryDict
from django.utils.translation import gettext as _

from apps.core.errors import RuleBroken
from apps.core.models import Draft, FormKey
from apps.core.requests import PortalRequest
from apps.core.statements import statement

MARK = "form_mark"
COOKIE = "utkast"
RESCUE_KEPT = datetime.timedelta(hours=24)
DRAFT_KEPT = datetime.timedelta(days=30)
MOST_RESCUED = 20
MOST_SAVED = 50
LONGEST = 200_000  # characters; the longest form of the portal sends a tenth
_MARK_SALT = "core.drafts.mark"
_MARK_AGE = datetime.timedelta(days=7)
_COOKIE_SALT = "core.drafts.cookie"
_LONGEST_PAGE = 500
_NEVER_KEPT = ("csrfmiddlewaretoken", "password", "secret")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

_current: ContextVar[PortalRequest | None] = ContextVar("core_drafts_request", default=None)


@dataclass(frozen=True, slots=True)
class Mark:
    """What a form says about itself. `keeps`: there may be a draft to remove once the form is sent. `kept_with` and
    `kept_unless`: as in `PortalForm`."""

    user_id: str
    form_name: str
    page: str
    keeps: bool
    kept_with: dict[str, str]
    kept_unless: dict[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """Something written earlier, ready to be filled in."""

    entries: QueryDict
    rescued: bool
    updated_at: datetime.datetime


@contextlib.contextmanager
def request_in_hand(request: PortalRequest) -> Iterator[None]:
    """Forms made inside can find their page, their person and what was kept for them."""
    token = _current.set(request)
    try:
        yield
    finally:
        _current.reset(token)


def mark_for(
    form_name: str,
    *,
    keeps: bool,
    kept_with: Mapping[str, str] | None = None,
    kept_unless: Mapping[str, str] | None = None,
) -> str:
    """The signed mark of a form made during this request; '' for visitors and outside requests."""
    request = _current.get()
    if request is None or not request.user.is_authenticated:
        return ""
    if len(request.path) > _LONGEST_PAGE or request.path.startswith("//"):
        return ""
    more = [kept_with or {}, kept_unless or {}] if kept_with or kept_unless else []
    return signing.dumps([str(request.user.pk), form_name, request.path, int(keeps), *more], salt=_MARK_SALT)


def marks_in(post: QueryDict) -> list[Mark]:
    """The valid marks among posted fields (a page may send several forms together)."""
    found = []
    for name in post:
        if name == MARK or name.endswith(f"-{MARK}"):
            with contextlib.suppress(signing.BadSignature):
                told = signing.loads(post.get(name, ""), salt=_MARK_SALT, max_age=_MARK_AGE)
                user_id, form_name, page, keeps, *more = told
                kept_with, kept_unless = more if len(more) == 2 else ({}, {})
                found.append(Mark(user_id, form_name, page, bool(keeps), kept_with, kept_unless))
    return found


def rescue(request: PortalRequest, *, now: datetime.datetime) -> str | None:
    """Keep what was posted for the person who got the form; gives the page to return to, or None without a mark, and
    for a text that is too long to be a form of ours.

    The response must pass `leave_token`, which ties it to this browser.
    """
    marks = marks_in(request.POST)
    if not marks or len({mark.user_id for mark in marks}) > 1:
        return None
    payload = _payload(marks, request.POST)
    if len(payload) > LONGEST:
        return None
    request.text_is_kept = True
    request.rescue_token = _token_in(request) or secrets.token_urlsafe(32)
    _write(marks[0], payload, token_hash=_hashed(request.rescue_token), now=now)
    _forget_all_but(MOST_RESCUED, Draft.objects.filter(user_id=marks[0].user_id).exclude(token_hash=""))
    return marks[0].page


def save(request: PortalRequest, *, now: datetime.datetime) -> str | None:
    """Save what is written so far as the signed-in person's draft; gives the page, or None when it is not theirs.

    Raises `RuleBroken`: "draft_too_long", or "draft_unwanted" (`PortalForm.kept_unless`). Beyond `MOST_SAVED` the
    oldest are forgotten.
    """
    marks = _own_marks(request)
    if not marks:
        return None
    _save(request, marks, now=now)
    return marks[0].page


def save_by_itself(request: PortalRequest, *, now: datetime.datetime) -> bool | None:
    """The same without anybody pressing a button: whether all is saved now, or None when it is not theirs.

    What waits for a tick (`PortalForm.kept_with`) is left out until it is there, and a form that has been sent while
    this was on its way is no draft any more.
    """
    marks = _own_marks(request)
    if not marks:
        return None
    if _was_sent(request):
        return True
    kept_with = {name: tick for mark in marks for name, tick in mark.kept_with.items()}
    waits = {name for name, tick in kept_with.items() if request.POST.get(name) and not request.POST.get(tick)}
    _save(request, marks, without=waits, now=now)
    return not waits


def delete_saved(user_id: UUID, page: str) -> None:
    """Delete what this person has saved on a page, without opening it. Safe to repeat."""
    Draft.objects.filter(user_id=user_id, object_key=page, token_hash="").delete()


def forget(request: PortalRequest) -> str | None:
    """Remove the drafts of the forms in this POST, in this browser and saved ones. Safe to repeat."""
    marks = [mark for mark in _own_marks(request) if mark.keeps]
    for mark in marks:
        _drafts_of(request, mark.page).filter(form_name=mark.form_name).delete()
    return marks[0].page if marks else None


def kept_for(form_name: str, *, saved_too: bool, now: datetime.datetime) -> Kept | None:
    """What was kept for this form on the page in hand, the newest; None when there is nothing.

    `saved_too` looks for saved drafts; what was rescued is always looked for when the browser has a token.
    """
    request = _current.get()
    if request is None or request.method not in ("GET", "HEAD") or not request.user.is_authenticated:
        return None
    if not saved_too and _token_in(request) is None:
        return None
    for draft in _drafts_on_page(request):
        limit = RESCUE_KEPT if draft.token_hash else DRAFT_KEPT
        payload = json.loads(draft.payload)
        if form_name in payload["forms"] and draft.updated_at > now - limit and (saved_too or draft.token_hash):
            return Kept(_entries(payload["entries"]), bool(draft.token_hash), draft.updated_at)
    return None


def saved_pages(user_id: UUID, *, now: datetime.datetime) -> list[str]:
    """The pages where this person has saved a draft that can still be opened, the newest first. One query."""
    return list(dict.fromkeys(_saved.rows(user_id, now - DRAFT_KEPT)))


@statement
def _saved(user_id: UUID, since: datetime.datetime) -> QuerySet[Draft, str]:
    rows = Draft.objects.filter(user_id=user_id, token_hash="", updated_at__gt=since)
    return rows.order_by("-updated_at", "id").values_list("object_key", flat=True)


def chosen_before(field: str, *, now: datetime.datetime) -> str:
    """What the hidden `field` was in the newest text kept on the page in hand, or ''.

    For a page in two steps, where the form of the second depends on what was chosen in the first.
    """
    request = _current.get()
    if request is None or request.method not in ("GET", "HEAD") or not request.user.is_authenticated:
        return ""
    for draft in _drafts_on_page(request):
        limit = RESCUE_KEPT if draft.token_hash else DRAFT_KEPT
        values = json.loads(draft.payload)["entries"].get(field)
        if values and draft.updated_at > now - limit:
            return values[-1]
    return ""


def leave_token(request: PortalRequest, response: HttpResponseBase) -> None:
    """Set the browser's token after a rescue; does nothing after other requests."""
    token = getattr(request, "rescue_token", None)
    if token is None:
        return
    response.set_signed_cookie(
        COOKIE,
        token,
        salt=_COOKIE_SALT,
        max_age=int(RESCUE_KEPT.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_old(*, now: datetime.datetime) -> int:
    """Remove rescues after 24 hours and drafts after 30 days; gives the number. Safe to repeat."""
    rescued = Draft.objects.exclude(token_hash="").filter(updated_at__lte=now - RESCUE_KEPT)
    saved = Draft.objects.filter(token_hash="", updated_at__lte=now - DRAFT_KEPT)
    return rescued.delete()[0] + saved.delete()[0]


def _own_marks(request):
    return [mark for mark in marks_in(request.POST) if mark.user_id == str(request.user.pk)]


def _save(request, marks, *, now, without=()):
    unless = [item for mark in marks for item in mark.kept_unless.items()]
    if any(request.POST.get(name) == value for name, value in unless):
        delete_saved(request.user.pk, marks[0].page)
        raise RuleBroken("draft_unwanted", _("Det du har skrevet, skal ikke lagres i portalen."))
    payload = _payload(marks, request.POST, without)
    if len(payload) > LONGEST:
        raise RuleBroken("draft_too_long", _("Teksten er for lang til å lagres som utkast. Gå tilbake og del den opp."))
    _write(marks[0], payload, token_hash="", now=now)
    _forget_all_but(
        MOST_SAVED, Draft.objects.filter(user_id=request.user.pk, token_hash="", object_key__startswith="/")
    )
    request.text_is_kept = True


def _was_sent(request):
    keys = [request.POST[name] for name in request.POST if name == "form_key" or name.endswith("-form_key")]
    known = [key for key in keys if _UUID.fullmatch(key)]
    return FormKey.objects.filter(key__in=known, actor_id=request.user.pk).exists()


def _payload(marks, post, without=()) -> str:
    entries = {name: post.getlist(name) for name in post if not _is_secret(name) and name not in without}
    return json.dumps({"forms": [mark.form_name for mark in marks], "entries": entries})


def _forget_all_but(number, drafts):
    if old := list(drafts.order_by("-updated_at", "pk").values_list("pk", flat=True)[number:]):
        Draft.objects.filter(pk__in=old).delete()


def _write(mark, payload, *, token_hash, now):
    Draft.objects.update_or_create(
        user_id=mark.user_id,
        form_name=mark.form_name,
        object_key=mark.page,
        token_hash=token_hash,
        defaults={"payload": payload, "updated_at": now},
    )


def _is_secret(name):
    return name == MARK or name.endswith(f"-{MARK}") or any(word in name.lower() for word in _NEVER_KEPT)


def _entries(lists):
    entries = QueryDict(mutable=True)
    for name, values in lists.items():
        entries.setlist(name, values)
    return entries


def _drafts_on_page(request):
    """One query per request, whatever the number of forms."""
    if not hasattr(request, "_kept_drafts"):
        request._kept_drafts = list(_drafts_of(request, request.path).order_by("-updated_at", "id"))
    return request._kept_drafts


def _drafts_of(request, page):
    token = _token_in(request)
    hashes = [""] if token is None else ["", _hashed(token)]
    return Draft.objects.filter(user_id=request.user.pk, object_key=page, token_hash__in=hashes)


def _token_in(request):
    return request.get_signed_cookie(COOKIE, None, salt=_COOKIE_SALT, max_age=int(RESCUE_KEPT.total_seconds()))


def _hashed(token):
    return hashlib.sha256(token.encode()).hexdigest()
