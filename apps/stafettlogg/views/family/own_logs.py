"""«Hvem hjemme kan lese?»: the youth's own page, in a log of her own (safety.md S26)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.stafettlogg.enums import AccessKind, Action
from apps.stafettlogg.forms.family import ConfirmForm
from apps.stafettlogg.forms.own_logs import ReadersForm
from apps.stafettlogg.selectors import own_logs as selectors
from apps.stafettlogg.selectors.names import child_name
from apps.stafettlogg.services import own_logs as services
from apps.stafettlogg.views.family.pages import family_page, open_family, posted


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def own_readers(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A yes or no for each guardian, changed at any time. Nobody else has such a page."""
    opened = open_family(request, pk, what="consent", action=Action.CONSENT)
    asked = selectors.about_readers(opened.log, [], opened.now)
    if opened.row.kind != AccessKind.YOUTH or not asked.choose:
        raise Http404
    form = ReadersForm(posted(request), about=asked)
    if request.method == "POST" and form.is_valid():
        services.choose_readers(pk, form.choices(), actor=request.user, now=opened.now)
        messages.success(request, _("Lagret. Det gjelder fra nå."))
        return redirect("stafettlogg:own_consents", pk=pk)
    context = opened.context(form=form, back_url=reverse("stafettlogg:own_consents", args=[pk]))
    return form_page(request, "stafettlogg/family/own_readers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@family_page
def leave_own_log(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A guardian who was let in to a log of the youth's own, leaves it. Nobody else has such a page."""
    opened = open_family(request, pk, what="closing")
    if opened.row.kind != AccessKind.GUARDIAN or not opened.log.child.answers_alone:
        raise Http404
    form = ConfirmForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.leave_own_log(pk, actor=request.user, now=opened.now)
        messages.success(request, _("Du er ute av stafettloggen fra nå."))
        return redirect("stafettlogg:children")
    name = {"name": child_name(opened.log)}
    context = opened.context(
        title=_("Vil du gå ut av stafettloggen?"),
        form=form,
        lead=_("Du kan ikke lese den lenger. Last ned det du vil ta vare på, før du trykker."),
        stops=[_("%(name)s får vite at noen ikke leser lenger, og kan slippe deg inn igjen.") % name],
        stays=[_("Stafettloggen fortsetter som før.")] if not opened.log.is_closed else [],
        submit=_("Gå ut av stafettloggen"),
        back_url=reverse("stafettlogg:parent_log", args=[pk]),
    )
    return form_page(request, "stafettlogg/family/withdraw.html", context)
