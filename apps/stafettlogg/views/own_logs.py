"""What the stafettholder writes down in a log of the youth's own (safety.md S26).

Who at home may read, and the decision that the log rests on from 12 to 16.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from apps.core.dates import format_long
from apps.core.errors import RuleBroken
from apps.core.http import form_page
from apps.core.requests import SignedInRequest
from apps.stafettlogg.forms.own_logs import DecisionForm, ReadersForm
from apps.stafettlogg.selectors import own_logs as selectors
from apps.stafettlogg.services import own_logs as services
from apps.stafettlogg.views import frame
from apps.stafettlogg.views.consents import open_consents
from apps.stafettlogg.views.family.pages import posted
from apps.stafettlogg.views.pages import log_page


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def record_readers(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """For a youth who says it in the meeting or on paper."""
    opened = open_consents(request, pk)
    now = timezone.now()
    asked = selectors.about_readers(opened.log, [], now)
    if not asked.choose:
        raise Http404
    form = ReadersForm(posted(request), about=asked, is_written_down=True)
    if request.method == "POST" and form.is_valid():
        services.choose_readers(pk, form.choices(), actor=request.user, now=now)
        messages.success(request, _("Lagret. Det gjelder fra nå."))
        return redirect("stafettlogg:consents", pk=pk)
    context = frame.frame_context(
        opened,
        frame.CONSENTS,
        form=form,
        title=_("Hvem hjemme kan lese?"),
        lead=_("Skriv bare det ungdommen selv har sagt. Ingen andre får vite hva hun eller han svarte."),
        submit=_("Lagre"),
    )
    return form_page(request, "stafettlogg/consents_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@log_page
def renew_decision(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """From 12 to 16 the log rests on a decision that runs out: health personnel may decide it anew."""
    opened = open_consents(request, pk)
    log, now = opened.log, timezone.now()
    if log.child.alone_last_day is None or log.is_closed:
        raise Http404
    form = DecisionForm(posted(request), people=selectors.may_decide(log, timezone.localdate(now)))
    if request.method == "POST" and form.is_valid():
        try:
            services.renew_decision(pk, form.decision(), actor=request.user, now=now)
        except RuleBroken as broken:
            form.add_error("alone_last_day" if broken.code == "decision_days" else None, str(broken))
        else:
            day = {"day": format_long(form.decision().last_day)}
            messages.success(
                request,
                _("Lagret. Det gjelder til og med %(day)s. Spør ungdommen om samtykke på nytt, så dere kan fortsette.")
                % day,
            )
            return redirect("stafettlogg:consents", pk=pk)
    context = frame.frame_context(
        opened,
        frame.CONSENTS,
        form=form,
        title=_("Ungdommen svarer fortsatt alene"),
        lead=selectors.decision_in_words(log.child),
        submit=_("Lagre"),
    )
    return form_page(request, "stafettlogg/consents_form.html", context)
