"""A person's own pages: profile, role, sessions."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts import selectors, services
from apps.accounts.forms import LanguageForm
from apps.accounts.selectors.providers import is_linked, staff_provider_row
from apps.core import sessions
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.municipality.selectors import settings_row


@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    form = LanguageForm(
        request.POST or None,
        languages=settings_row().languages,
        initial={"language": request.user.language or request.LANGUAGE_CODE},
    )
    if request.method == "POST" and form.is_valid():
        services.choose_language(request.user.pk, actor=request.user, language=form.cleaned_data["language"])
        messages.success(request, _("Språket er byttet."))
        return redirect("accounts:profile")
    provider = staff_provider_row() if request.user.is_employee else None
    context = {
        "form": form,
        "places": selectors.places(request),
        "active": selectors.active_membership(request),
        "absences": selectors.coming_absences(request.user, today) if request.user.is_employee else [],
        "has_password": request.user.has_usable_password(),
        "provider": provider if provider is not None and provider.is_on else None,
        "is_linked": provider is not None and is_linked(request.user),
    }
    return form_page(request, "accounts/profile.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: SignedInRequest) -> HttpResponse:
    """See the portal from another of one's places. The session gets a new id; rights are the same as before."""
    if not request.user.is_employee:
        raise Http404
    places = {str(place.pk): place for place in selectors.places(request)}
    if request.method == "POST":
        chosen = places.get(request.POST.get("place", ""))
        if chosen is None:
            raise Http404
        request.session[selectors.SESSION_PLACE] = str(chosen.pk)
        sessions.rotate(request)
        messages.success(request, _("Du ser nå: %(unit)s.") % {"unit": chosen.unit})
        return redirect("portal:start")
    context = {"places": places.values(), "active": selectors.active_membership(request)}
    return render(request, "accounts/roles.html", context)


@require_POST
def sign_out_everywhere(request: SignedInRequest) -> HttpResponse:
    services.sign_out_everywhere(request.user.pk, actor=request.user)
    logout(request)
    return redirect("portal:signed_out")
