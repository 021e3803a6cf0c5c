"""«Tekster om samtykke»: the coordinator drafts, the data protection officer advises, two approve."""

from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.selectors import places
from apps.core.errors import AccessDenied, RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest, View
from apps.municipality.enums import Right
from apps.stafettlogg.forms.texts import AdviceForm, ApprovalForm, TextDraftForm
from apps.stafettlogg.models import ConsentText
from apps.stafettlogg.selectors import consent_questions
from apps.stafettlogg.selectors import texts as selectors
from apps.stafettlogg.services import texts as services

READERS = {Right.COORDINATOR, Right.DPO, Right.JURIST, Right.OWNER}


def rights_of(request: SignedInRequest) -> set[str]:
    return {right for place in places(request) for right in place.role.rights}


def for_those_who_answer(view: View) -> View:
    """403 with the reason for everyone who neither drafts, advises nor approves."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not READERS & rights_of(request):
            raise AccessDenied(_("Bare de som svarer for tekstene, kan se dem her."))
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_those_who_answer
def texts(request: SignedInRequest) -> HttpResponse:
    return render(request, "stafettlogg/texts.html", {"texts": selectors.texts(timezone.now())})


def _text(key: str) -> tuple[selectors.Owned, ConsentText]:
    """The text, and the version of it that is up for approval."""
    owned = selectors.text_with(key, timezone.now())
    if owned is None or owned.shown is None:
        raise Http404
    return owned, owned.shown


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_answer
def text(request: SignedInRequest, key: str) -> HttpResponse:
    """The text as a family reads it, who has said what of it, and the form of whoever has something to say."""
    (owned, newest), rights = _text(key), rights_of(request)
    role = _role_to_say(owned, rights, request)
    form = _form_of(role, newest, request) if role is not None else None
    if request.method == "POST" and role is not None and form is not None and form.is_valid():
        try:
            services.say(
                newest.pk,
                role=role,
                edition=newest.edition,
                words=form.cleaned_data.get("words", ""),
                actor=request.user,
                now=timezone.now(),
            )
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Vi har skrevet det ned."))
            return redirect("stafettlogg:text", key)
    context = {
        "owned": owned,
        "shown": consent_questions.shown(newest),
        "versions": selectors.versions(key),
        "form": form,
        "advises": role == Right.DPO,
        "may_draft": Right.COORDINATOR in rights,
    }
    return form_page(request, "stafettlogg/text.html", context)


def _role_to_say(owned, rights, request) -> Right | None:
    """What this person can say of the edition and nobody has said; chosen in the form when there are two."""
    open_roles = [each.role for each in owned.sayings if each.said is None and each.role in rights]
    own = [each for each in owned.sayings if each.said is not None and each.said.by_id == request.user.pk]
    if any(each.decides for each in own):
        open_roles = [role for role in open_roles if role == Right.DPO]
    return open_roles[0] if open_roles else None


def _form_of(role, newest, request):
    posted = request.POST or None
    if role == Right.DPO:
        return AdviceForm(posted, about=f"{newest.pk}.{newest.edition}")
    return ApprovalForm(
        posted,
        about=f"{newest.pk}.{newest.edition}",
        name=request.user.name,
        role=selectors.titles()[role],
        number=newest.number,
    )


def _coordinator(request: SignedInRequest) -> None:
    if Right.COORDINATOR not in rights_of(request):
        raise AccessDenied(_("Bare koordinatoren kan skrive utkast."))


@require_http_methods(["GET", "HEAD", "POST"])
def text_draft(request: SignedInRequest, key: str) -> HttpResponse:
    """Write the next version. What families meet does not change before both have approved."""
    _coordinator(request)
    owned, _newest = _text(key)
    form = TextDraftForm(request.POST or None, text=owned.draft or owned.current, about=key)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_draft(key, **form.content(), actor=request.user, now=timezone.now())
        except RuleBroken as broken:
            form.add_error(None, str(broken))
        else:
            messages.success(request, _("Utkastet er lagret. Nå må begge godkjenne det."))
            return redirect("stafettlogg:text", key)
    return form_page(request, "stafettlogg/text_draft.html", {"form": form, "owned": owned})


@require_POST
def text_discard(request: SignedInRequest, key: str) -> HttpResponse:
    _coordinator(request)
    _text(key)
    services.discard_draft(key, actor=request.user, now=timezone.now())
    messages.success(request, _("Utkastet er forkastet."))
    return redirect("stafettlogg:text", key)
