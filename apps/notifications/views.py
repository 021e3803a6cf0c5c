from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.access import has_right
from apps.core.errors import AccessDenied
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.municipality.enums import Right
from apps.notifications import kinds, rules, selectors, services
from apps.notifications.enums import Group
from apps.notifications.forms import PreferenceForm
from apps.notifications.models import Notice


@require_safe
def notice_list(request: SignedInRequest) -> HttpResponse:
    """The person's own notices: what must be done, what is told, and the ones already read."""
    unread, read = selectors.notices_for(request.user), selectors.notices_for(request.user, read=True)
    names = kinds.names_of(request.user, selectors.about([*unread, *read]), timezone.now())
    unread = selectors.with_names(unread, names)
    context = {
        "tasks": [line for line in unread if line.group == Group.TASK],
        "told": [line for line in unread if line.group == Group.MESSAGE],
        "read": selectors.with_names(read, names),
    }
    return render(request, "notifications/list.html", context)


@require_POST
def open_notice(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Follow an own notice, which is read from then on. What is done or over is said, not a page that is not there."""
    try:
        still = services.open_notice(pk, actor=request.user, now=timezone.now())
    except Notice.DoesNotExist:
        raise Http404 from None
    address = selectors.address_of(Notice.objects.get(pk=pk))
    if not still or not address:
        messages.info(request, _("Dette er gjort, eller det gjelder ikke lenger."))
        return redirect("notifications:list")
    return redirect(address)


@require_POST
def mark_read(request: SignedInRequest) -> HttpResponse:
    """Mark one own notice (`notice`) or all read."""
    chosen = request.POST.getlist("notice")
    ids = list(Notice.objects.filter(recipient=request.user, pk__in=chosen).values_list("pk", flat=True))
    services.mark_read(actor=request.user, notice_ids=ids if chosen else None, now=timezone.now())
    return redirect("notifications:list")


@require_http_methods(["GET", "HEAD", "POST"])
def preference(request: SignedInRequest) -> HttpResponse:
    initial = {"email": selectors.email_preference(request.user)}
    form = PreferenceForm(request.POST or None, initial=initial, is_citizen=request.user.is_citizen)
    if request.method == "POST" and form.is_valid():
        services.set_email_preference(actor=request.user, choice=form.cleaned_data["email"])
        messages.success(request, _("Valget er lagret."))
        return redirect("notifications:list")
    return form_page(request, "notifications/preference.html", {"form": form})


@require_safe
def deliveries(request: SignedInRequest) -> HttpResponse:
    """E-mails that did not arrive, for the coordinator. A citizen is never named here."""
    _check_coordinator(request.user)
    lines = [(delivery, rules.why_it_failed(delivery.error)) for delivery in selectors.undelivered()]
    context = {"deliveries": lines, "late": selectors.late_deliveries(timezone.now())}
    return render(request, "notifications/deliveries.html", context)


@require_POST
def retry(request: SignedInRequest, pk: int) -> HttpResponse:
    _check_coordinator(request.user)
    if not services.retry_failed(pk, now=timezone.now()):
        raise Http404
    messages.success(request, _("Vi prøver å sende e-posten på nytt."))
    return redirect("notifications:deliveries")


def _check_coordinator(user):
    if not has_right(user, Right.COORDINATOR):
        raise AccessDenied(_("Bare koordinator kan se e-poster som ikke kom fram."))
