"""A guardian or youth writes her own e-mail address, and shows that it is hers by a press on a page behind a link."""

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from apps.accounts.forms import AddressForm
from apps.accounts.services import addresses
from apps.accounts.views.sign_in import too_many
from apps.core.http import form_page
from apps.core.requests import PortalRequest, SignedInRequest


@require_http_methods(["GET", "HEAD", "POST"])
def own_address(request: SignedInRequest) -> HttpResponse:
    """Sends one e-mail whatever is written: the link, or that somebody else has the address. The page says the same."""
    if not request.user.is_citizen:
        raise Http404
    form = AddressForm(request.POST or None, initial={"email": request.user.email})
    sent = False
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if not ratelimit.consume(request, app="allauth.account", action="reset_password", key=email):
            return too_many(request)
        name = "own_address" if addresses.is_free(email, request.user) else "taken_address"
        context = {"user": request.user, "link": addresses.address_link(request.user, email)}
        get_adapter(request).send_mail(f"account/email/{name}", email, context)
        sent = True
    if sent:
        return render(request, "accounts/address.html", {"form": None})
    return form_page(request, "accounts/address.html", {"form": form})


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def address_confirm(request: PortalRequest, token: str) -> HttpResponse:
    """GET shows a button and nothing of whose it is: programs that look at e-mails open links. POST takes it."""
    if request.method == "POST":
        is_taken = addresses.take_address(token)
        return render(
            request,
            "accounts/address_confirm.html",
            {"state": "done" if is_taken else "over"},
            status=200 if is_taken else 410,
        )
    is_right = addresses.is_right(token)
    context = {"state": "ask" if is_right else "over"}
    return render(request, "accounts/address_confirm.html", context, status=200 if is_right else 410)
