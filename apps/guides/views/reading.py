"""The public pages of the guide. Readable without sign-in and without JavaScript."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.accounts.access import current_memberships
from apps.core.form_keys import once
from apps.core.http import form_page
from apps.core.requests import PortalRequest
from apps.guides import rules, selectors, services
from apps.guides.forms import FeedbackForm
from apps.guides.views.papers import tool_pdf
from apps.guides.views.parts import log_from, log_place, own_leader, theme_context
from apps.municipality.access import is_coordinator
from apps.municipality.enums import UnitKind
from apps.municipality.selectors import settings_row

VARIANT_COOKIE = "veileder_for"


@login_not_required
@require_safe
def overview(request: PortalRequest) -> HttpResponse:
    version = _version()
    context = {
        "version": version,
        "levels": selectors.levels_of(version),
        "themes": selectors.themes_of(version),
        "variant_kinds": _variant_choices(),
        "kind": _kind(request),
        "log_from_level": settings_row().log_from_level,
    }
    return render(request, "guides/overview.html", context)


@login_not_required
@require_safe
def choose_variant(request: PortalRequest) -> HttpResponse:
    """Remember for which service the guide is shown (a necessary cookie that holds no personal data)."""
    wanted = request.GET.get("for", "")
    response = redirect(_local_next(request))
    if wanted in {kind.value for kind in selectors.VARIANT_KINDS} or wanted == "":
        response.set_cookie(VARIANT_COOKIE, wanted, max_age=365 * 86400, samesite="Lax", httponly=True)
    return response


@login_not_required
@require_safe
def step(request: PortalRequest, step_key: str) -> HttpResponse:
    page = selectors.step_page(_version(), step_key, kind=_kind(request))
    if page is None:
        raise Http404
    place = log_place(page)
    context = {
        "page": page,
        "leader": own_leader(request.user),
        "log_starts_here": place == rules.LogPlace.STARTS,
        "log_goes_on": place == rules.LogPlace.GOES_ON and not getattr(request.user, "is_citizen", False),
        "log_from": log_from(place),
        "kind": _kind(request),
        "variant_kinds": _variant_choices(),
    }
    return render(request, "guides/step.html", context)


@login_not_required
@require_safe
def outcome(request: PortalRequest, outcome_key: str) -> HttpResponse:
    """Where a decision that leaves the steps leads: what to do now, and who to call."""
    if outcome_key not in rules.OUTCOMES:
        raise Http404
    return render(request, f"guides/outcome_{outcome_key}.html")


@login_not_required
@require_safe
def theme(request: PortalRequest, slug: str) -> HttpResponse:
    found = selectors.theme_page(_version(), slug)
    if found is None:
        raise Http404
    theme, tools, laws = found
    return render(request, "guides/theme.html", theme_context(theme, tools, laws) | {"is_draft": False})


@login_not_required
@require_safe
def tools(request: PortalRequest) -> HttpResponse:
    return render(request, "guides/tools.html", {"tools": selectors.tools_of(_version())})


@login_not_required
@require_safe
def laws(request: PortalRequest) -> HttpResponse:
    laws = selectors.laws_of(_version())
    context = {"laws": laws, "is_in_another_language": selectors.is_in_another_language(*laws)}
    return render(request, "guides/laws.html", context)


@login_not_required
@require_safe
def tool(request: PortalRequest, slug: str) -> HttpResponse:
    """The tool as an accessible PDF, made from the same content as the page, in the reader's language."""
    found = selectors.tools_of(_version(), [slug])
    if not found:
        raise Http404
    return _pdf(found[0], name=slug)


def _pdf(tool, *, name):
    headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"', "Cache-Control": "public, max-age=3600"}
    response = HttpResponse(tool_pdf(tool), content_type="application/pdf", headers=headers)
    patch_vary_headers(response, ["Cookie", "Accept-Language"])  # they choose the language
    return response


@login_not_required
@require_safe
def versions(request: PortalRequest) -> HttpResponse:
    context = {"versions": selectors.versions(), "may_edit": is_coordinator(request.user)}
    return render(request, "guides/versions.html", context)


@login_not_required
@require_safe
def old_version(request: PortalRequest, number: int, step_key: str = "n0s1") -> HttpResponse:
    """An older version as it was read then; the banner says that it is not in force."""
    version = _old(number)
    page = selectors.step_page(version, step_key)
    if page is None:
        raise Http404
    context = {"page": page, "themes": selectors.themes_of(version), "tools": selectors.tools_of(version)}
    return render(request, "guides/old_version.html", context)


def _old(number):
    version = selectors.newest_version(number)
    if version is None:
        raise Http404
    return version


@login_not_required
@require_safe
def old_theme(request: PortalRequest, number: int, slug: str) -> HttpResponse:
    """A theme of an older version as it was read then."""
    version = _old(number)
    found = selectors.theme_page(version, slug)
    if found is None:
        raise Http404
    context = theme_context(*found) | {"is_draft": False, "old_version": version}
    return render(request, "guides/theme.html", context)


@login_not_required
@require_safe
def old_tool(request: PortalRequest, number: int, slug: str) -> HttpResponse:
    """A tool of an older version; the name of the file says which."""
    found = selectors.tools_of(_old(number), [slug])
    if not found:
        raise Http404
    return _pdf(found[0], name=f"{slug}-{number}")


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: PortalRequest) -> HttpResponse:
    page_key = request.GET.get("side", "")[:60]
    form = FeedbackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not form.looks_like_robot():
            # A visitor is nobody, and someone may be signed out meanwhile: whose the key is says nothing here.
            once(form.cleaned_data["form_key"], "guides-feedback", None, lambda: _send(request, form, page_key))
        return redirect("guides:feedback_sent")
    return form_page(request, "guides/feedback.html", {"form": form, "page_key": page_key})


def _send(request, form, page_key) -> str:
    services.send_feedback(
        page_key=page_key,
        text=form.cleaned_data["text"],
        answer_to=form.cleaned_data["answer_to"],
        author=request.user,
        now=timezone.now(),
    )
    return reverse("guides:feedback_sent")


@login_not_required
@require_safe
def feedback_sent(request: PortalRequest) -> HttpResponse:
    return render(request, "guides/feedback_sent.html")


def _version():
    version = selectors.newest_version()
    if version is None:
        raise Http404
    return version


def _kind(request) -> str:
    """The kind of service the guide is shown for: the one chosen, else that of the employee's own unit."""
    chosen = request.COOKIES.get(VARIANT_COOKIE)
    if chosen is not None:
        return chosen if chosen in UnitKind.values else ""
    membership = current_memberships(request.user).first() if request.user.is_authenticated else None
    return membership.unit.kind if membership else ""


def _variant_choices():
    return [("", _("Alle tjenester")), *((kind.value, kind.label) for kind in selectors.VARIANT_KINDS)]


def _local_next(request) -> str:
    """Back to the step where the choice was made; whatever is no step leads to the overview."""
    try:
        return reverse("guides:step", args=[request.GET.get("steg", "")])
    except NoReverseMatch:
        return reverse("guides:overview")
